package command

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

func TestACellIsNoFormulaAndIsReadBackAsItWas(t *testing.T) {
	t.Parallel()
	for _, value := range append(awkwardValues, "", "plain", "'s-Hertogenbosch", "+", "\r", "\n", "＋1") {
		cell := guardCell(value)
		assert.False(t, startsWithAny(strings.TrimPrefix(cell, apostrophe), formulaStarts) && cell == value, "%q is a formula", cell)
		assert.Equal(t, value, unguardCell(cell))
	}
	assert.Equal(t, "'s-Hertogenbosch", unguardCell("'s-Hertogenbosch"), "typed by a person")
	assert.Equal(t, "=1+1", unguardCell("=1+1"), "typed by a person")
}

func TestIdentitiesAreReadBackAsTheyWere(t *testing.T) {
	t.Parallel()
	for _, identity := range append(awkwardValues, "15550000000", "+15550000000", "user@host:1", "%3B", "100%") {
		for _, app := range []string{"", "01APP", "a@b;c:d%"} {
			identities := []conversation.ChannelIdentity{
				{Channel: conversation.ChannelLINE, Identity: identity, AppID: app},
				{Channel: "NEW;CHANNEL", Identity: identity},
			}
			got, problem := identitiesOfCell(identitiesCell(identities))
			assert.Empty(t, problem)
			assert.Equal(t, identities, got)
		}
	}
}

func TestIdentitiesOfAPersonMayHaveSpacesBetweenThem(t *testing.T) {
	t.Parallel()
	got, problem := identitiesOfCell("SMS:+15550000001; WHATSAPP:15550000001; MESSENGER:7@01APP")
	assert.Empty(t, problem)
	assert.Equal(t, []conversation.ChannelIdentity{
		{Channel: "SMS", Identity: "+15550000001"}, {Channel: "WHATSAPP", Identity: "15550000001"}, {Channel: "MESSENGER", Identity: "7", AppID: "01APP"},
	}, got)
	channels, problem := priorityOfCell("SMS; WHATSAPP")
	assert.Empty(t, problem)
	assert.Equal(t, []conversation.Channel{"SMS", "WHATSAPP"}, channels)
}

func TestMalformedIdentitiesNameTheEntryAndNotTheNumber(t *testing.T) {
	t.Parallel()
	for cell, want := range map[string]string{
		"15550000000":                   "entry 1 is not CHANNEL:identity",
		"SMS:15550000000;":              "entry 2 is not CHANNEL:identity",
		"SMS:15550000000:1":             "entry 1 is not CHANNEL:identity",
		"LINE:15550000000@app@host":     "entry 1 is not CHANNEL:identity",
		"SMS:15550000000;LINE:%zz":      "entry 2 has a % that begins no escape",
		"SMS:15550000000;LINE:100%":     "entry 2 has a % that begins no escape",
		"SMS:15550000000,SMS:155500001": "entry 1 is not CHANNEL:identity",
	} {
		_, problem := identitiesOfCell(cell)
		assert.Contains(t, problem, want, cell)
		assert.NotContains(t, problem, "15550000")
	}
	_, problem := priorityOfCell("SMS;;MMS")
	assert.Contains(t, problem, "entry 2 is not a channel")
}

func TestRecordsAreSplitAsRFC4180Describes(t *testing.T) {
	t.Parallel()
	for record, want := range map[string][]string{
		"a,b":                  {"a", "b"},
		"a,":                   {"a", ""},
		",":                    {"", ""},
		`"a,b",c`:              {"a,b", "c"},
		`"a""b",""`:            {`a"b`, ""},
		"\"a\r\nb\nc\",d":      {"a\r\nb\nc", "d"},
		`" a ", b `:            {" a ", " b "},
		`"""",""""""`:          {`"`, `""`},
		"\"\n\",\"\n\",x":      {"\n", "\n", "x"},
		`a'b,\"`:               nil,
		`a"b`:                  nil,
		`"a`:                   nil,
		`"a"b`:                 nil,
		`"a" ,b`:               nil,
		`"a","b`:               nil,
		`a,b"`:                 nil,
		strings.Repeat(",", 9): make([]string, 10),
	} {
		got, ok := splitCSV(record)
		assert.Equal(t, want != nil, ok, record)
		assert.Equal(t, want, got, record)
		if ok {
			assert.Equal(t, len(record)+1, csvRecordEnd([]byte(record+"\nnext,record\n"), false), record)
			assert.Equal(t, len(record), csvRecordEnd([]byte(record), true), record)
			assert.Zero(t, csvRecordEnd([]byte(record), false), record)
		}
	}
}

func FuzzContactsOfCSVAreReadBackAsTheyWere(f *testing.F) {
	for _, value := range awkwardValues {
		f.Add(value, value, value)
	}
	f.Fuzz(func(t *testing.T, name, identity, app string) {
		want := conversation.Contact{
			ExternalID: "1", DisplayName: strings.ToValidUTF8(name, "?"), Metadata: strings.ToValidUTF8(app, "?"),
			ChannelIdentities: []conversation.ChannelIdentity{{Channel: "LINE", Identity: strings.ToValidUTF8(identity, "?"), AppID: strings.ToValidUTF8(app, "?")}},
		}
		encoded, err := encodeContacts(formatCSV, []conversation.Contact{want}, false)
		require.NoError(t, err)
		require.Equal(t, len(encoded), csvRecordEnd(encoded, false))
		cells, ok := splitCSV(withoutLineEnd(encoded))
		require.True(t, ok)
		got, problem := contactOfCells(contactColumns, cells)
		require.Empty(t, problem)
		require.Equal(t, &want, got)
	})
}
