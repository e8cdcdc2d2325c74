package conversationtest_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/conversationtest"
)

// envelope adds the fields of every callback to a payload. The time is the start of the bubble.
func envelope(srv *conversationtest.Server, payload string) string {
	return `{"app_id": "` + srv.AppID() + `", "project_id": "` + srv.ProjectID() + `",
		"accepted_time": "2000-01-01T00:00:00Z", "event_time": "2000-01-01T00:00:00Z", ` + payload + `}`
}

// checkCallbacks waits for the callbacks, and checks the triggers and bodies of those from number from on.
func checkCallbacks(t *testing.T, srv *conversationtest.Server, from int, want ...any) {
	t.Helper()
	settle(t, srv)
	callbacks := srv.Callbacks()[from:]
	var triggers []any
	for _, callback := range callbacks {
		triggers = append(triggers, callback.Trigger)
	}
	var wanted, bodies []any
	for i := 0; i < len(want); i += 2 {
		wanted, bodies = append(wanted, want[i]), append(bodies, want[i+1])
	}
	require.Equal(t, wanted, triggers)
	for i, body := range bodies {
		assert.JSONEq(t, envelope(srv, body.(string)), string(callbacks[i].Body)) //nolint:forcetypeassert,errcheck // Every second argument is a string.
		assert.True(t, callbacks[i].Delivered)
	}
}

const phoneJSON = `{"channel": "SMS", "identity": "15551230000"}`

func contactOf(id string) string {
	return `{"id": "` + id + `", "display_name": "Unknown", "channel_identities": [` + phoneJSON + `]}`
}

// The fields of a conversation before and after its first message.
const (
	silent = `, "last_received": "1970-01-01T00:00:00Z"`
	texted = `, "active_channel": "SMS", "last_received": "2000-01-01T00:00:00Z"`
)

func talkOf(srv *conversationtest.Server, id, contactID, active, more string) string {
	return `{"conversation": {"id": "` + id + `", "app_id": "` + srv.AppID() + `", "contact_id": "` + contactID + `",
		"active": ` + active + more + `}}`
}

// payload decodes a callback's payload field.
func payload(t *testing.T, callback *conversationtest.Callback, field string) map[string]any {
	t.Helper()
	var body map[string]any
	require.NoError(t, json.Unmarshal(callback.Body, &body))
	found, ok := body[field].(map[string]any)
	require.True(t, ok, "%s in %s", field, callback.Body)
	return found
}
