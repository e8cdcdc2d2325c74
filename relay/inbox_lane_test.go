package relay

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestACallbackKeepsItsLaneInAllReleases compares with the lanes that the first release computed: callbacks in a stored
// data directory are in them.
func TestACallbackKeepsItsLaneInAllReleases(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]int{
		`{"message":{"id":"1","conversation_id":"C","contact_id":"P"}}`:                                50,
		`{"message":{"contact_id":"P","conversation_id" : "C"}}`:                                       50,
		`{"message_delivery_report":{"metadata":"\"conversation_id\":\"x\"","conversation_id":"C"}}`:   50,
		`{"message":{"contact_message":{"any":{"conversation_id":"x"}},"conversation_id":"C"}}`:        50,
		`{"record_notification":{"conversationId":"C"}}`:                                               50,
		`{"conversation_start_notification":{"conversation":{"id":"C","contact_id":"P"}}}`:             50,
		`{"a":["x"],"conversation_stop_notification" : {"conversation" : {"app_id":"A", "id" : "C"}}}`: 50,
		`{"opt_in_notification":{"contact_id":"P"}}`:                                                   15,
		`{"contact_create_notification":{"contact":{"id":"P"}}}`:                                       15,
		`{"message":{"conversation_id":"","contact_id":"P"}}`:                                          15,
		`{"message":{"conversation_id":7,"contact_id":"P"}}`:                                           15,
		`{"message":{"kind":"conversation_id","contact_id":"P"}}`:                                      15,
		`{"conversation_id":"x","message":{"contact_id":"P"}}`:                                         15,
		`{"message":{"conversation_id":"01FJA8AKBQNX1NM3C1D9V8FTTQ"}}`:                                 47,
		`{"message":{"conversation_id":"a\"b"}}`:                                                       60,
		`{"message":{"conversation_id":"\u0043"}}`:                                                     59,
		`{"message":{"conversation_id":"C","conversation_id":"D"}}`:                                    50,
		`{"message":{"contact_id":"P","contact_id":"Q"}}`:                                              60,
		`{"message":{"contact_id":"P","contact_id":null}}`:                                             23,
		`{"message":{"id":"1"}}`:                                                                       54,
		`{"message":{"id":"1"}} {"message":{"conversation_id":"C"}}`:                                   50,
		`[{"conversation_id":"C"}]`:                                                                    50,
		`}}}"a"`:                                                                                       31,
		`{"a":{"conversation_id`:                                                                       3,
		`{"a":{"conversation_id"`:                                                                      51,
		`{"a":{"conversation_id":`:                                                                     43,
		`{"a":{"conversation_id":"`:                                                                    43,
		`{"a":{"conversation_id":"C`:                                                                   50,
		`{"a":{"conversation_id": `:                                                                    17,
		`{"a":{"conversation_id" `:                                                                     41,
		`{"a":{"b\`:                                                                                    24,
		``:                                                                                             5,
		` `:                                                                                            63,
	} {
		assert.Equal(t, want, laneOf([]byte(body)), body)
	}
}

func TestTheSamplesKeepTheirLaneInAllReleases(t *testing.T) {
	t.Parallel()
	for trigger, want := range map[string]int{
		"CAPABILITY":                     19,
		"CHANNEL_EVENT":                  48,
		"CONTACT_CREATE":                 42,
		"CONTACT_DELETE":                 42,
		"CONTACT_IDENTITIES_DUPLICATION": 63,
		"CONTACT_MERGE":                  23,
		"CONTACT_UPDATE":                 42,
		"CONVERSATION_DELETE":            53,
		"CONVERSATION_START":             53,
		"CONVERSATION_STOP":              53,
		"EVENT_DELIVERY":                 18,
		"EVENT_INBOUND":                  28,
		"MESSAGE_DELIVERY":               56,
		"MESSAGE_INBOUND":                44,
		"MESSAGE_INBOUND_SMART_CONVERSATION_REDACTION": 44,
		"MESSAGE_SUBMIT":      56,
		"OPT_IN":              19,
		"OPT_OUT":             19,
		"RECORD_NOTIFICATION": 26,
		"SMART_CONVERSATIONS": 14,
		"UNSUPPORTED":         7,
	} {
		body, err := os.ReadFile(filepath.Join("..", "webhook", "testdata", "callbacks", trigger+".json"))
		require.NoError(t, err)
		assert.Equal(t, want, laneOf(body), trigger)
	}
}

func FuzzLaneOf(f *testing.F) {
	f.Add([]byte(`{"message":{"id":"1","conversation_id":"C","contact_id":"P"}}`))
	f.Add([]byte(`{"a":{"conversation":{"id":"`))
	f.Fuzz(func(t *testing.T, body []byte) {
		if lane := laneOf(body); lane < 0 || lane >= lanes {
			t.Fatal(lane)
		}
	})
}
