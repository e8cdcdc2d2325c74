package conversationtest_test

import (
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

func TestContactsAreCreatedAndDeletedInBatches(t *testing.T) {
	t.Parallel()
	inBothDialects(t, func(t *testing.T, srv *conversationtest.Server, client *conversation.Client) {
		t.Helper()
		ctx := t.Context()
		hooked(srv, "", conversation.TriggerContactCreate, conversation.TriggerContactDelete)
		ada, bo := *phone("15551230000"), *phone("15551230001")
		bo.DisplayName = "Bo"
		require.NoError(t, client.Batches.CreateContacts(ctx, &conversation.CreateContactsRequest{
			Contacts: []conversation.CreateContactRequest{ada, bo, ada}, // The last has an identity of the first.
		}))

		page, err := client.Contacts.List(ctx, nil)
		require.NoError(t, err)
		require.Len(t, page.Items, 2)
		assert.Equal(t, "Bo", page.Items[0].DisplayName)
		require.NoError(t, client.Batches.DeleteContacts(ctx, &conversation.DeleteContactsRequest{
			ContactIDs: []string{page.Items[0].ID, "unknown", page.Items[1].ID},
		}))
		page, err = client.Contacts.List(ctx, nil)
		require.NoError(t, err)
		assert.Empty(t, page.Items)
		settle(t, srv)
		assert.Equal(t, []conversation.WebhookTrigger{
			conversation.TriggerContactCreate, conversation.TriggerContactCreate, conversation.TriggerContactDelete, conversation.TriggerContactDelete,
		}, triggersOf(srv))
	})
}

func TestContactsOfABatchAreCreatedAfterTheAnswer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := inMemory(t, conversationtest.Config{BatchDelay: time.Minute})
		client := srv.NewClient(t)
		require.NoError(t, client.Batches.CreateContacts(t.Context(), &conversation.CreateContactsRequest{
			Contacts: []conversation.CreateContactRequest{*phone("15551230000")},
		}))
		page, err := client.Contacts.List(t.Context(), nil)
		require.NoError(t, err)
		assert.Empty(t, page.Items)

		settle(t, srv) // It waits for them.

		page, err = client.Contacts.List(t.Context(), nil)
		require.NoError(t, err)
		assert.Len(t, page.Items, 1)
	})
}

func TestConsentsAreInsertedByBatches(t *testing.T) {
	t.Parallel()
	inBothDialects(t, func(t *testing.T, srv *conversationtest.Server, client *conversation.Client) {
		t.Helper()
		ctx := t.Context()
		for range 2 { // It is repeatable.
			inserted, err := client.Batches.InsertConsents(ctx, &conversation.InsertConsentsRequest{
				AppID: srv.AppID(), ConsentRecords: []conversation.ConsentRecord{
					{Identification: "15551230000", ConsentType: conversation.ConsentsOptOutAll},
					{Identification: "15551230000", ConsentType: conversation.ConsentsOptOutMarketing},
				},
			})
			require.NoError(t, err)
			assert.Len(t, inserted.BatchID, 26)
		}

		for _, list := range []conversation.ConsentsListType{conversation.ConsentsOptOutAll, conversation.ConsentsOptOutMarketing} {
			page, err := client.Consents.Identities(ctx, srv.AppID(), list, nil)
			require.NoError(t, err)
			assert.Equal(t, []conversation.ConsentIdentity{{Identity: "15551230000"}}, page.Items)
		}
		records, err := client.Consents.AuditRecords(ctx, srv.AppID(), "15551230000")
		require.NoError(t, err)
		require.Len(t, records.AuditRecords, 2)
		assert.Equal(t, conversation.ConsentOriginAPI, records.AuditRecords[0].Origin)
		assert.Equal(t, conversation.ConsentOperationInsert, records.AuditRecords[1].Operation)
		srv.OptIn(sms())
		records, err = client.Consents.AuditRecords(ctx, srv.AppID(), "15551230000")
		require.NoError(t, err)
		assert.Equal(t, conversation.ConsentOriginMO, records.AuditRecords[2].Origin)
	})
}

func TestAConsentOfAnUnknownAppIsNotFound(t *testing.T) {
	t.Parallel()
	w := newBatchWire(t, conversationtest.Config{})
	w.on(http.MethodPost, "consents", `{"app_id": "APP", "consent_records": [{"identification": "1"}]}`).
		failsFlat(http.StatusNotFound, "NOT_FOUND", `"APP"`)
	w.on(http.MethodPost, "consents", `{"app_id": "`+w.srv.AppID()+`", "consent_records": [{"identification": "1"}]}`)
	assert.Equal(t, []any{map[string]any{"identity": "1"}}, w.get("apps/" + w.srv.AppID() + "/consents/OPT_OUT_ALL")["identities"])
}
