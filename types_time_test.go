package conversation_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

func TestTimeReadsWhatTheAPIWrites(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	for text, want := range map[string]time.Time{
		`"2026-03-01T12:00:00Z"`:           noon,
		`"2026-03-01T13:00:00+01:00"`:      noon,
		`"2026-03-01T13:00:00+01"`:         noon,
		`"2026-03-01T12:00:00.123456789Z"`: noon.Add(123456789),
		`"2026-03-01T12:00:00"`:            noon,
		`"2026-03-01T12:00:00.5"`:          noon.Add(500 * time.Millisecond),
		`"2026-03-01 12:00:00"`:            noon,
		`"2026-03-01 13:00:00+01:00"`:      noon,
		`" 2026-03-01T12:00:00Z "`:         noon,

		`""`:                     {},
		`" "`:                    {},
		`null`:                   {},
		`"yesterday"`:            {},
		`"2026-13-45T99:00:00Z"`: {},
		`12`:                     {},
		`true`:                   {},
		`{}`:                     {},
		`[]`:                     {},
	} {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			got := conversation.Time{Time: noon.Add(time.Hour)} // what was there before must go
			require.NoError(t, json.Unmarshal([]byte(text), &got))
			assert.True(t, want.Equal(got.Time), "got %v", got)
			assert.Equal(t, want.IsZero(), got.IsZero())
		})
	}
}

func TestATimeInAnotherNotationIsRead(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	for text, want := range map[string]time.Time{
		`"2026-03-01T12:00:00+0000"`:        noon,
		`"2026-03-01T17:30:00+0530"`:        noon,
		`"2026-03-01T07:00:00.25-0500"`:     noon.Add(250 * time.Millisecond),
		`"2026-03-01 13:00:00+01"`:          noon,
		`"2026-03-01 12:00:00Z"`:            noon,
		`"2026-03-01 12:00:00 +0000"`:       noon,
		`"2026-03-01 13:00:00 +01:00"`:      noon,
		`"2026-03-01 12:00:00 UTC"`:         noon,
		`"2026-03-01 12:00:00.5 gmt"`:       noon.Add(500 * time.Millisecond),
		`"2026-03-01 12:00:00,5Z"`:          noon.Add(500 * time.Millisecond),
		`"2026-03-01T12:00Z"`:               noon,
		`"2026-03-01T13:00+01:00"`:          noon,
		`"2026-03-01T13:00+0100"`:           noon,
		`"2026-03-01T12:00"`:                noon,
		`"2026-03-01 12:00"`:                noon,
		`"2026-03-01t12:00:00z"`:            noon,
		`"2026-03-01t12:00z"`:               noon,
		`"2026-03-01t13:00:00+01:00"`:       noon,
		`"2026-03-01"`:                      noon.Add(-12 * time.Hour),
		`"20260301T120000Z"`:                noon,
		`"Sun, 01 Mar 2026 12:00:00 GMT"`:   noon,
		`"Sun, 01 Mar 2026 13:00:00 +0100"`: noon,

		`1772366400`:                noon,
		`"1772366400"`:              noon,
		`1772366400.5`:              noon.Add(500 * time.Millisecond),
		`1772366400.123456789`:      noon.Add(123456789),
		`1.7723664E9`:               noon,
		`1772366400000`:             noon,
		`"1772366400250"`:           noon.Add(250 * time.Millisecond),
		`1772366400000.5`:           noon.Add(500 * time.Microsecond),
		`1772366400000001`:          noon.Add(time.Microsecond),
		`1772366400000000001`:       noon.Add(1),
		`100000000`:                 time.Unix(1e8, 0),
		`99999999999`:               time.Unix(99999999999, 0),
		`0`:                         {},
		`-1772366400`:               {},
		`"2026"`:                    {},
		`20260301`:                  {},
		`1e400`:                     {},
		`1e300`:                     {},
		`"1772366400.5.5"`:          {},
		`"NaN"`:                     {},
		`"2026-03-01T12:00:00 CET"`: {},
	} {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			var reply conversation.SendMessageResponse
			require.NoError(t, json.Unmarshal([]byte(`{"accepted_time":`+text+`,"message_id":"M"}`), &reply))
			assert.True(t, want.Equal(reply.AcceptedTime.Time), "got %v", reply.AcceptedTime)
			assert.Equal(t, "M", reply.MessageID)
		})
	}
}

func TestTimeWithoutAZoneIsInUTC(t *testing.T) {
	t.Parallel()
	var got conversation.Time
	require.NoError(t, json.Unmarshal([]byte(`"2026-03-01T12:00:00"`), &got))
	assert.Equal(t, time.UTC, got.Location())
}

func TestAnOddTimeNeverFailsAReply(t *testing.T) {
	t.Parallel()
	for _, text := range []string{`""`, `null`, `"soon"`, `12`, `{"seconds":1}`, `[1]`, `false`} {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			var list conversation.MessageList
			require.NoError(t, json.Unmarshal([]byte(`{"messages":[{"id":"1","accept_time":`+text+`},{"id":"2"}],"next_page_token":"n"}`), &list))
			require.Len(t, list.Messages, 2)
			assert.True(t, list.Messages[0].AcceptTime.IsZero())
			assert.Equal(t, "2", list.Messages[1].ID)
			assert.Equal(t, "n", list.NextPageToken)

			var sent conversation.SendMessageResponse
			require.NoError(t, json.Unmarshal([]byte(`{"accepted_time":`+text+`,"message_id":"M"}`), &sent))
			assert.Equal(t, conversation.SendMessageResponse{MessageID: "M"}, sent)
		})
	}
}

func TestTimeWritesRFC3339InUTC(t *testing.T) {
	t.Parallel()
	local := time.Date(2026, 3, 1, 13, 0, 0, 5e8, time.FixedZone("CET", 3600))
	want := `{"accept_time":"2026-03-01T12:00:00.5Z"}`
	got, err := json.Marshal(conversation.ConversationMessage{AcceptTime: conversation.Time{Time: local}})
	require.NoError(t, err)
	assert.Equal(t, want, string(got))
}

func TestATimeThatRFC3339CannotWriteStillEncodes(t *testing.T) {
	t.Parallel()
	var read conversation.SendMessageResponse
	require.NoError(t, json.Unmarshal([]byte(`{"message_id":"m","accepted_time":"9999-12-31T23:59:59-01:00"}`), &read))
	assert.Equal(t, 10000, read.AcceptedTime.UTC().Year())
	written, err := json.Marshal(read)
	require.NoError(t, err)
	assert.JSONEq(t, `{"message_id":"m","accepted_time":""}`, string(written))

	written, err = json.Marshal(conversation.Time{Time: time.Date(-1, 1, 1, 0, 0, 0, 0, time.UTC)})
	require.NoError(t, err)
	assert.Equal(t, `""`, string(written))
}
