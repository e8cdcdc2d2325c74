package command

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

// failedLines returns the file of failed lines.
func failedLines(t *testing.T, path string) []failedLine {
	t.Helper()
	content, err := os.ReadFile(path)
	require.NoError(t, err)
	var failed []failedLine
	for text := range strings.Lines(string(content)) {
		var line failedLine
		require.NoError(t, json.Unmarshal([]byte(text), &line))
		failed = append(failed, line)
	}
	return failed
}

const csvHead = "external_id,display_name,language,channel_identities\n"

// csvLines returns n lines of CSV.
func csvLines(n int) string {
	var lines strings.Builder
	lines.WriteString(csvHead)
	for i := range n {
		fmt.Fprintf(&lines, "u%d@example.com,Ada Lovelace,EN_GB,SMS:%s\n", i, contactNumber(i))
	}
	return lines.String()
}

func TestBadLinesFailAndTheRestIsImported(t *testing.T) {
	t.Parallel()
	const before, after = "before,Ada,EN_GB,SMS:15550000001\n", "after,Ada,EN_GB,SMS:15550000002\n"
	for name, bad := range map[string]struct {
		line, reason string
		input        string // if it is not the line
	}{
		"quote that is not closed":    {line: `u,"Ada,EN_GB,SMS:15550000003`, reason: "has a quote that is not closed"},
		"quote in the middle":         {line: `u,Ada "A",EN_GB,SMS:15550000003`, reason: "has a quote that is not closed or is in a cell without quotes"},
		"text after a quote":          {line: `u,"Ada" A,EN_GB,SMS:15550000003`, reason: "quote"},
		"quotes over two lines":       {line: "u,\"Ada\nAda\"A,EN_GB,SMS:15550000003", reason: "quote", input: `u,"Ada`},
		"too few cells":               {line: "u,Ada", reason: "has 2 cells, and the header has 4"},
		"too many cells":              {line: "u,Lovelace, Ada,EN_GB,SMS:15550000003", reason: "has 5 cells"},
		"no external id":              {line: ",Ada,EN_GB,SMS:15550000003", reason: "external_id: is missing"},
		"blank external id":           {line: "  ,Ada,EN_GB,SMS:15550000003", reason: "external_id: is missing"},
		"no identity":                 {line: "u,Ada,EN_GB,", reason: "channel_identities is empty"},
		"identity without a channel":  {line: "u,Ada,EN_GB,15550000003", reason: "channel_identities: entry 1"},
		"identity without an address": {line: "u,Ada,EN_GB,SMS:", reason: "channel_identities[0].identity is required"},
		"not a number":                {line: "u,Ada,EN_GB,SMS:555-0003", reason: "channel_identities[0].identity"},
		"identity of another contact": {line: "u,Ada,EN_GB,SMS:15550000009", reason: "belongs to the contact"},
		"no language":                 {line: "u,Ada,,SMS:15550000003", reason: "language"},
		"latin-1":                     {line: "u,Zo\xeb,EN_GB,SMS:15550000003", reason: "is not UTF-8", input: "u,Zo\ufffd,EN_GB,SMS:15550000003"},
		"more than 1 MiB":             {line: "u," + strings.Repeat("A", longestLine) + ",EN_GB,SMS:15550000003", reason: "is longer than 1 MiB", input: "-"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv, run := newContactsFake(t, nil)
			_, err := srv.NewClient(t).Contacts.Create(t.Context(), &conversation.CreateContactRequest{
				ExternalID: "other", Language: conversation.LanguageENGB, ChannelIdentities: []conversation.ChannelIdentity{{Channel: "SMS", Identity: "15550000009"}},
			})
			require.NoError(t, err)
			path := writeContacts(t, "contacts.csv", csvHead+before+bad.line+"\n"+after)
			got := run.run(t, "contacts", "import", path, "--json")
			assert.Equal(t, exitFailed, got.code)
			assertNoContact(t, srv, got.stderr)
			failed := failedLines(t, path+".failed.jsonl")
			assert.EqualValues(t, 3, failed[0].Line)
			assert.Contains(t, failed[0].Reason, bad.reason)
			assert.NotContains(t, failed[0].Reason, "1555000")
			switch bad.input {
			case "":
				assert.Equal(t, bad.line, failed[0].Input)
			case "-":
				assert.Empty(t, failed[0].Input)
			default:
				assert.Equal(t, bad.input, failed[0].Input)
			}
			var ids []string
			for _, contact := range storedContacts(t, srv) {
				ids = append(ids, contact.ExternalID)
			}
			assert.Equal(t, []string{"after", "before", "other"}, ids)
		})
	}
}

func TestBadLinesOfJSONFail(t *testing.T) {
	t.Parallel()
	const good = `{"external_id":"u%d","language":"EN_GB","channel_identities":[{"channel":"SMS","identity":"1555000000%d"}]}` + "\n"
	bad := []struct{ line, reason string }{
		{`{"external_id":"u"`, "is not valid JSON"},
		{`{"external_id":"u"} {}`, "is not one JSON object"},
		{`[]`, "is not a contact"},
		{`null`, "is not one JSON object"},
		{`{"external_id":7}`, "external_id must be of type string"},
		{`{"externalid":"u"}`, `unknown field`},
		{`{"external_id":"u","language":"EN_GB","channel_identities":[]}`, "channel_identities is empty"},
		{`{"external_id":"u","language":"EN_GB","channel_identities":[{"channel":"SMS","number":"15550000007"}]}`, "unknown field"},
		{`{"language":"EN_GB","channel_identities":[{"channel":"SMS","identity":"15550000007"}]}`, "external_id: is missing"},
	}
	var content strings.Builder
	content.WriteString("\ufeff" + fmt.Sprintf(good, 1, 1))
	for _, b := range bad {
		content.WriteString(b.line + "\r\n")
	}
	content.WriteString("\n  \n" + strings.TrimSuffix(fmt.Sprintf(good, 2, 2), "\n"))
	srv, run := newContactsFake(t, nil)
	path := writeContacts(t, "contacts.jsonl", content.String())
	got := run.run(t, "contacts", "import", path, "--json", "--verbose")
	assert.Equal(t, exitFailed, got.code)
	assert.JSONEq(t, fmt.Sprintf(`{"created":2,"updated":0,"unchanged":0,"failed":%d}`, len(bad)), got.stdout)
	assert.Contains(t, got.stderr, fmt.Sprintf("%d lines failed: see %s.failed.jsonl", len(bad), path))
	assertNoContact(t, srv, got.stderr)
	failed := failedLines(t, path+".failed.jsonl")
	require.Len(t, failed, len(bad))
	for i, b := range bad {
		assert.Contains(t, failed[i].Reason, b.reason, b.line)
		assert.EqualValues(t, i+2, failed[i].Line)
		assert.Equal(t, b.line, failed[i].Input)
	}
	assert.Len(t, storedContacts(t, srv), 2)
	info, err := os.Stat(path + ".failed.jsonl")
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), info.Mode().Perm())
}

func TestColumnsMayBeInAnyOrderWithLineEndsOfWindows(t *testing.T) {
	t.Parallel()
	srv, run := newContactsFake(t, nil)
	path := writeContacts(t, "contacts.CSV", "\ufeffchannel_identities,external_id,language\r\nSMS:+15550000001,007,EN_GB\r\n\r\n\"SMS:15550000002\",\"=1\",EN_GB")
	got := run.run(t, "contacts", "import", path)
	assert.Equal(t, result{stdout: "CREATED  UPDATED  UNCHANGED  FAILED\n2        0        0          0\n"}, got)
	stored := storedContacts(t, srv)
	assert.Equal(t, "007", stored[0].ExternalID)
	assert.Equal(t, "=1", stored[1].ExternalID)
}

func TestTheLastLineWithAnExternalIDWins(t *testing.T) {
	t.Parallel()
	srv, run := newContactsFake(t, nil)
	var content strings.Builder
	content.WriteString(csvHead)
	for i := range 200 {
		fmt.Fprintf(&content, "u%d,Name %d,EN_GB,SMS:1555000000%d\n", i%2, i, i%2)
	}
	got := run.run(t, "contacts", "import", writeContacts(t, "contacts.csv", content.String()), "--rate", "100000", "--concurrency", "50", "--json")
	assert.JSONEq(t, `{"created":2,"updated":198,"unchanged":0,"failed":0}`, got.stdout)
	stored := storedContacts(t, srv)
	require.Len(t, stored, 2)
	assert.Equal(t, "Name 198", stored[0].DisplayName)
	assert.Equal(t, "Name 199", stored[1].DisplayName)
}

func TestFaultsOfTheServerLoseAndDuplicateNothing(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]conversationtest.Fault{
		"500":                    {Kind: conversationtest.FaultStatus, Probability: 0.05},
		"429":                    {Kind: conversationtest.FaultRateLimit, Probability: 0.05, RetryAfter: "0"},
		"answers that are lost":  {Kind: conversationtest.FaultDropAfterAccept, Operation: "Contacts.Create", Times: 20},
		"504 after the creation": {Kind: conversationtest.FaultStatusAfterAccept, Operation: "Contacts.Create", Times: 20},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv, run := newContactsFake(t, nil)
			happens := srv.Fault(fault)
			got := run.run(t, "contacts", "import", writeContacts(t, "contacts.csv", csvLines(300)), "--rate", "100000", "--json")
			assert.Zero(t, got.code, got.stderr)
			assertNoContact(t, srv, got.stderr)
			assert.Positive(t, happens.Hits())
			happens.Remove()
			assert.Len(t, storedContacts(t, srv), 300)
		})
	}
}
