package conversationtest_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

// outcomeReplies are bodies of a 2xx that may come from the API, or from something between it and the client.
var outcomeReplies = []string{
	`{}`, `null`, `[]`, `[{"id": "a"}]`, `"ok"`, `7`, `true`, ` `, `ok`, `<html>`, ` <html>`, "\ufeff{}",
	`{"error": {}}`, `{"error": {"code": 400}}`, `{"error": "no"}`, `{"error": null}`, `{"code": 400, "message": "no"}`,
	`{"message_id": "a", "event_id": "a", "batch_id": "a", "id": "a"}`,
	`{"message_id": "", "event_id": "", "batch_id": "", "id": ""}`,
	`{"message_id": " ", "event_id": " ", "batch_id": " ", "id": " "}`,
	`{"message_id": 5, "event_id": 5, "batch_id": 5, "id": 5}`,
	`{"message_id": true, "event_id": true, "batch_id": true, "id": true}`,
	`{"message_id": null, "event_id": null, "batch_id": null, "id": null}`,
	`{"message_id": {}, "event_id": {}, "batch_id": {}, "id": {}}`,
	`{"message_id": "a`, `{"other": "a"}`,
}

// TestTheOutcomeOfEveryReplyIsThatOfTheClient has every operation of the SDK that sends or changes something.
func TestTheOutcomeOfEveryReplyIsThatOfTheClient(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for id, row := range merged(contractTable, batchTable) {
		for _, kind := range []conversationtest.FaultKind{conversationtest.FaultStatus, conversationtest.FaultHTML} {
			for _, body := range outcomeReplies {
				srv := conversationtest.NewServer(conversationtest.Config{InMemory: true, ProjectID: contractIDs["project_id"]})
				client := srv.NewClient(t, conversation.WithRetry(conversation.NoRetry))
				srv.Fault(conversationtest.Fault{Kind: kind, Status: 200, Body: body})

				_, err := row.call(t.Context(), client, row.minimalRequest(conversation.DialectPlatform))

				requests := apiRequests(srv)
				srv.Close()
				require.Len(t, requests, 1, "%s: %v", id, err)
				outcome, ok := requests[0].Outcome()
				if ok {
					seen[requests[0].Operation] = true
					assert.Equal(t, conversation.OutcomeOf(err), outcome, "%s %s %q: %v", id, kind, body, err)
				}
			}
		}
	}
	assert.Len(t, seen, 32, "%v", slices.Sorted(maps.Keys(seen)))
}
