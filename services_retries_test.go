package conversation_test

import (
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestEachOperationIsRetriedByItsClass(t *testing.T) {
	t.Parallel()
	unsafe := map[string]bool{
		"Messages.Send": true, "Contacts.Create": true, "Contacts.Merge": true, "Conversations.Create": true,
		"Apps.Create": true, "Webhooks.Create": true, "Events.Send": true,
		"Conversations.InjectMessage": true, "Conversations.InjectEvent": true, "ProjectSettings.Create": true,
		"Templates.Create": true, "Batches.Send": true, "Batches.CreateContacts": true,
	}
	for name, call := range everyCall() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				client, wire := scripted(t, []step{{status: 503}, {err: errReset}, {status: 200, body: anyReply}})
				err := call(t.Context(), client)
				if unsafe[name] {
					require.Error(t, err)
					assert.Len(t, wire.requests(), 1)
					return
				}
				require.NoError(t, err)
				assert.Len(t, wire.requests(), 3)
			})
		})
	}
}
