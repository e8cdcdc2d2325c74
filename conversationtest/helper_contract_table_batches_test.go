package conversationtest_test

import (
	"context"
	"time"

	"github.com/sinchgo/conversation"
)

// batchTable has a row for each operation of the Batch API.
var batchTable = map[string]contractRow{
	"batch_sendBatch": {
		call: withRequest(func(ctx context.Context, c *conversation.Client, req *conversation.SendBatchRequest) (*conversation.SendBatchResponse, error) {
			return c.Batches.Send(ctx, req)
		}),
		reply: &conversation.SendBatchResponse{},
		minimal: &conversation.SendBatchRequest{
			AppID: "APP", Message: conversation.Text("hi"),
			RecipientAndParams: []conversation.BatchRecipient{{Recipient: conversation.ToContact("C")}},
		},
		full: fullBatches(),
	},
	"batch_getBatchStatus": {
		call: withoutRequest(func(ctx context.Context, c *conversation.Client) (*conversation.Batch, error) {
			return c.Batches.Get(ctx, contractIDs["batch_id"])
		}),
		reply: &conversation.Batch{},
	},
	"batch_getBatchStatusesByMetadata": {
		call: func(ctx context.Context, c *conversation.Client, _ any) (any, error) {
			list, err := c.Batches.FindByMetadata(ctx, "k&y", "v=l")
			if err != nil {
				return nil, err
			}
			return list.Batches, nil
		},
		reply: []conversation.Batch{},
	},
	"batch_cancelBatch": {
		call: withoutReply(func(ctx context.Context, c *conversation.Client) error {
			return c.Batches.Cancel(ctx, contractIDs["batch_id"])
		}),
	},
	"batch_createContacts": {
		call: func(ctx context.Context, c *conversation.Client, request any) (any, error) {
			typed, _ := request.(*conversation.CreateContactsRequest)
			return nil, c.Batches.CreateContacts(ctx, typed)
		},
		minimal: &conversation.CreateContactsRequest{Contacts: []conversation.CreateContactRequest{{ChannelIdentities: fullIdentities, Language: "EN"}}},
		full: []any{&conversation.CreateContactsRequest{Contacts: []conversation.CreateContactRequest{{
			ChannelIdentities: fullIdentities, ChannelPriority: []conversation.Channel{conversation.ChannelRCS}, DisplayName: "Eve",
			Email: "eve@example.com", ExternalID: "crm-1", Language: conversation.LanguageEN, Metadata: "vip",
		}}}},
	},
	"batch_deleteContacts": {
		call: func(ctx context.Context, c *conversation.Client, request any) (any, error) {
			typed, _ := request.(*conversation.DeleteContactsRequest)
			return nil, c.Batches.DeleteContacts(ctx, typed)
		},
		minimal: &conversation.DeleteContactsRequest{ContactIDs: []string{"C"}},
		full:    []any{&conversation.DeleteContactsRequest{ContactIDs: []string{"C", "D"}}},
	},
	"batch_insertConsents": {
		call: withRequest(func(ctx context.Context, c *conversation.Client, req *conversation.InsertConsentsRequest) (*conversation.InsertConsentsResponse, error) {
			return c.Batches.InsertConsents(ctx, req)
		}),
		reply:   &conversation.InsertConsentsResponse{},
		minimal: fullConsents,
		full:    []any{fullConsents},
	},
}

var fullConsents = &conversation.InsertConsentsRequest{
	AppID:          "APP",
	ConsentRecords: []conversation.ConsentRecord{{Identification: "46700000000", ConsentType: conversation.ConsentsOptOutMarketing}},
}

// fullBatches returns a batch of each message: the first to a contact, the others to channel identities.
func fullBatches() []any {
	var batches []any
	for i, message := range fullMessages() {
		to := conversation.ToChannels(fullIdentities...)
		if i == 0 {
			to, message = conversation.ToContact("C"), conversation.Text("Hi ${name}")
		}
		recipient := conversation.BatchRecipient{
			Recipient: to, MessageMetadata: conversation.JSONObject{"order": 7}, ConversationMetadata: conversation.JSONObject{"order": 7},
		}
		if i == 0 {
			recipient.Parameters = map[string]string{"name": "Eve"}
		}
		batches = append(batches, &conversation.SendBatchRequest{
			AppID: "APP", Message: message, RecipientAndParams: []conversation.BatchRecipient{recipient},
			BatchMetadata:        conversation.JSONObject{"key": "k"},
			CallbackURL:          "https://example.com/callbacks",
			ChannelPriorityOrder: []conversation.Channel{conversation.ChannelRCS, conversation.ChannelSMS},
			ChannelProperties:    map[conversation.ChannelPropertyKey]string{conversation.PropertySMSSender: "Shop"},
			ConversationMetadata: conversation.JSONObject{"sale": "a"},
			CorrelationID:        "order-7",
			MessageMetadata:      conversation.JSONObject{"sale": "a"},
			ProcessingStrategy:   conversation.ProcessingStrategyDispatchOnly,
			SendAfter:            conversation.Time{Time: time.Now().Add(time.Hour).Truncate(time.Second)},
			TTL:                  10,
		})
	}
	return batches
}
