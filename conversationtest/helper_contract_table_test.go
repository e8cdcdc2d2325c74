package conversationtest_test

import (
	"context"
	"maps"
	"time"

	"github.com/sinchgo/conversation"
)

// contractIDs are the ids that the rows use, by the names of the path parameters. They need escaping.
var contractIDs = map[string]string{
	"project_id":      "project 1",
	"app_id":          "app/1",
	"contact_id":      "contact?1",
	"conversation_id": "conversation#1",
	"message_id":      "message:1",
	"webhook_id":      "wébhook%2F1",
	"destination_id":  "contact:merge",
	"event_id":        "event+1",
	"identity":        "+46 7",
	"list_type":       "OPT_OUT_ALL",
	"template_id":     "template=1",
	"batch_id":        "batch/1",
}

// contractTable has a row for each operation. All tests use the same requests concurrently: the SDK does not modify its
// arguments.
var contractTable = merged(openAPITable, platformTable)

func merged(tables ...map[string]contractRow) map[string]contractRow {
	all := map[string]contractRow{}
	for _, table := range tables {
		maps.Copy(all, table)
	}
	return all
}

// openAPITable has a row for each operation of openapi.yaml.
var openAPITable = map[string]contractRow{
	"sendMessage": {
		call: withRequest(func(ctx context.Context, c *conversation.Client, req *conversation.SendMessageRequest) (*conversation.SendMessageResponse, error) {
			return c.Messages.Send(ctx, req)
		}),
		reply:   &conversation.SendMessageResponse{},
		minimal: &conversation.SendMessageRequest{AppID: "APP", Recipient: conversation.ToContact("C"), Message: conversation.Text("hi")},
		full:    fullSends(),
	},
	"listMessages": {
		call: withRequest(func(ctx context.Context, c *conversation.Client, params *conversation.ListMessagesParams) (*conversation.Page[conversation.ConversationMessage], error) {
			return c.Messages.List(ctx, params)
		}),
		reply: &conversation.Page[conversation.ConversationMessage]{},
		full: []any{&conversation.ListMessagesParams{
			ConversationID: "V&V", ContactID: "C=C", AppID: "A+A", Channel: conversation.ChannelSMS, PageSize: 1000, PageToken: "to/ken==",
			ChannelIdentity: "46700000000", Direction: conversation.DirectionToApp, MessagesSource: conversation.MessageSourceConversation,
			StartTime: conversation.Time{Time: time.Unix(1, 0)}, EndTime: conversation.Time{Time: time.Unix(2, 5)},
			View: conversation.ViewWithoutMetadata, OnlyRecipientOriginated: new(false),
		}},
	},
	"getMessage": {
		call: func(ctx context.Context, c *conversation.Client, source any) (any, error) {
			return c.Messages.Get(ctx, contractIDs["message_id"], fromSource(source)...)
		},
		reply: &conversation.ConversationMessage{},
		full:  []any{conversation.MessageSourceDispatch},
	},
	"deleteMessage": {
		call: func(ctx context.Context, c *conversation.Client, source any) (any, error) {
			return nil, c.Messages.Delete(ctx, contractIDs["message_id"], fromSource(source)...)
		},
		full: []any{conversation.MessageSourceDispatch},
	},
	"createContact": {
		call: withRequest(func(ctx context.Context, c *conversation.Client, req *conversation.CreateContactRequest) (*conversation.Contact, error) {
			return c.Contacts.Create(ctx, req)
		}),
		reply:           &conversation.Contact{},
		minimal:         &conversation.CreateContactRequest{ChannelIdentities: smsIdentity},
		platformMinimal: &conversation.CreateContactRequest{ChannelIdentities: smsIdentity, Language: "EN"},
		full: []any{&conversation.CreateContactRequest{
			ChannelIdentities: fullIdentities, DisplayName: "Eve", Email: "eve@example.com", ExternalID: "crm-1",
			Language: "PT_BR", Metadata: "vip", ChannelPriority: []conversation.Channel{conversation.ChannelRCS},
		}},
	},
	"listContacts": {
		call: withRequest(func(ctx context.Context, c *conversation.Client, params *conversation.ListContactsParams) (*conversation.Page[conversation.Contact], error) {
			return c.Contacts.List(ctx, params)
		}),
		reply: &conversation.Page[conversation.Contact]{},
		full: []any{&conversation.ListContactsParams{
			Channel: conversation.ChannelSMS, ExternalID: "crm+1", Identity: "+46", PageSize: 20, PageToken: "to/ken==",
		}},
	},
	"getContact": {
		call: withoutRequest(func(ctx context.Context, c *conversation.Client) (*conversation.Contact, error) {
			return c.Contacts.Get(ctx, contractIDs["contact_id"])
		}),
		reply: &conversation.Contact{},
	},
	"updateContact": {
		call: withRequest(func(ctx context.Context, c *conversation.Client, req *conversation.UpdateContactRequest) (*conversation.Contact, error) {
			return c.Contacts.Update(ctx, contractIDs["contact_id"], req)
		}),
		reply:   &conversation.Contact{},
		minimal: &conversation.UpdateContactRequest{Email: new("")},
		full:    []any{&fullContactUpdate},
	},
	"deleteContact": {
		call: withoutReply(func(ctx context.Context, c *conversation.Client) error {
			return c.Contacts.Delete(ctx, contractIDs["contact_id"])
		}),
	},
	"mergeContacts": {
		call: withRequest(func(ctx context.Context, c *conversation.Client, req *conversation.MergeContactsRequest) (*conversation.Contact, error) {
			return c.Contacts.Merge(ctx, req)
		}),
		reply:   &conversation.Contact{},
		minimal: &conversation.MergeContactsRequest{DestinationID: contractIDs["destination_id"], SourceID: "S"},
		full:    []any{&conversation.MergeContactsRequest{DestinationID: contractIDs["destination_id"], SourceID: "S", Strategy: conversation.MergeStrategyMerge}},
	},
	"createConversation": {
		call: withRequest(func(ctx context.Context, c *conversation.Client, req *conversation.CreateConversationRequest) (*conversation.Conversation, error) {
			return c.Conversations.Create(ctx, req)
		}),
		reply:   &conversation.Conversation{},
		minimal: &conversation.CreateConversationRequest{AppID: "APP", ContactID: "C"},
		full: []any{&conversation.CreateConversationRequest{
			AppID: "APP", ContactID: "C", Active: new(false), ActiveChannel: conversation.ChannelRCS, Metadata: "vip",
			CorrelationID: "order-7", MetadataJSON: map[string]any{"order": 7},
		}},
	},
	"listConversations": {
		call: withRequest(func(ctx context.Context, c *conversation.Client, params *conversation.ListConversationsParams) (*conversation.Page[conversation.Conversation], error) {
			return c.Conversations.List(ctx, params)
		}),
		reply:           &conversation.Page[conversation.Conversation]{},
		platformMinimal: &conversation.ListConversationsParams{AppID: "APP"},
		full: []any{&conversation.ListConversationsParams{
			OnlyActive: new(false), AppID: "A+A", ContactID: "C=C", PageSize: 20, PageToken: "to/ken==",
			ActiveChannel: conversation.ChannelRCS,
		}},
	},
	"getConversation": {
		call: withoutRequest(func(ctx context.Context, c *conversation.Client) (*conversation.Conversation, error) {
			return c.Conversations.Get(ctx, contractIDs["conversation_id"])
		}),
		reply: &conversation.Conversation{},
	},
	"updateConversation": {
		call: withRequest(func(ctx context.Context, c *conversation.Client, req *conversation.UpdateConversationRequest) (*conversation.Conversation, error) {
			return c.Conversations.Update(ctx, contractIDs["conversation_id"], req)
		}),
		reply:   &conversation.Conversation{},
		minimal: &conversation.UpdateConversationRequest{Active: new(false)},
		full:    []any{&fullConversationUpdate},
	},
	"deleteConversation": {
		call: withoutReply(func(ctx context.Context, c *conversation.Client) error {
			return c.Conversations.Delete(ctx, contractIDs["conversation_id"])
		}),
	},
	"stopConversation": {
		call: withoutReply(func(ctx context.Context, c *conversation.Client) error {
			return c.Conversations.Stop(ctx, contractIDs["conversation_id"])
		}),
	},
	"createApp": {
		call: withRequest(func(ctx context.Context, c *conversation.Client, req *conversation.CreateAppRequest) (*conversation.App, error) {
			return c.Apps.Create(ctx, req)
		}),
		reply:           &conversation.App{},
		minimal:         &conversation.CreateAppRequest{DisplayName: "Shop"},
		platformMinimal: &conversation.CreateAppRequest{DisplayName: "Shop", ChannelCredentials: fullCredentials[:1]},
		full:            []any{&fullAppRequest},
	},
	"listApps": {
		call: withoutRequest(func(ctx context.Context, c *conversation.Client) (*conversation.AppList, error) {
			return c.Apps.List(ctx)
		}),
		reply: &conversation.AppList{},
	},
	"getApp": {
		call: withoutRequest(func(ctx context.Context, c *conversation.Client) (*conversation.App, error) {
			return c.Apps.Get(ctx, contractIDs["app_id"])
		}),
		reply: &conversation.App{},
	},
	"updateApp": {
		call: withRequest(func(ctx context.Context, c *conversation.Client, req *conversation.UpdateAppRequest) (*conversation.App, error) {
			return c.Apps.Update(ctx, contractIDs["app_id"], req)
		}),
		reply:   &conversation.App{},
		minimal: &conversation.UpdateAppRequest{DisplayName: new("")},
		full:    []any{&fullAppUpdate},
	},
	"deleteApp": {
		call: withoutReply(func(ctx context.Context, c *conversation.Client) error {
			return c.Apps.Delete(ctx, contractIDs["app_id"])
		}),
	},
	"createWebhook": {
		call: withRequest(func(ctx context.Context, c *conversation.Client, req *conversation.CreateWebhookRequest) (*conversation.Webhook, error) {
			return c.Webhooks.Create(ctx, contractIDs["app_id"], req)
		}),
		reply: &conversation.Webhook{},
		minimal: &conversation.CreateWebhookRequest{
			Target: "https://example.com/in", Triggers: []conversation.WebhookTrigger{conversation.TriggerMessageInbound},
		},
		full: []any{&conversation.CreateWebhookRequest{
			AppID: contractIDs["app_id"], Secret: "s3cret", Target: "https://example.com/in", TargetType: conversation.TargetTypeHTTP,
			ClientCredentials: fullClientCredentials,
			Triggers:          []conversation.WebhookTrigger{conversation.TriggerMessageInbound, conversation.TriggerMessageDelivery},
		}},
	},
	"listWebhooks": {
		call: withoutRequest(func(ctx context.Context, c *conversation.Client) (*conversation.WebhookList, error) {
			return c.Webhooks.List(ctx, contractIDs["app_id"])
		}),
		reply: &conversation.WebhookList{},
	},
	"getWebhook": {
		call: withoutRequest(func(ctx context.Context, c *conversation.Client) (*conversation.Webhook, error) {
			return c.Webhooks.Get(ctx, contractIDs["webhook_id"])
		}),
		reply: &conversation.Webhook{},
	},
	"updateWebhook": {
		call: withRequest(func(ctx context.Context, c *conversation.Client, req *conversation.UpdateWebhookRequest) (*conversation.Webhook, error) {
			return c.Webhooks.Update(ctx, contractIDs["webhook_id"], req)
		}),
		reply:   &conversation.Webhook{},
		minimal: &conversation.UpdateWebhookRequest{Secret: new("")},
		full:    []any{&fullWebhookUpdate},
	},
	"deleteWebhook": {
		call: withoutReply(func(ctx context.Context, c *conversation.Client) error {
			return c.Webhooks.Delete(ctx, contractIDs["webhook_id"])
		}),
	},
	"sendEvent": {
		call: withRequest(func(ctx context.Context, c *conversation.Client, req *conversation.SendEventRequest) (*conversation.SendEventResponse, error) {
			return c.Events.Send(ctx, req)
		}),
		reply:        &conversation.SendEventResponse{},
		minimal:      &conversation.SendEventRequest{AppID: "APP", Recipient: conversation.ToContact("C"), Event: composingEvent},
		full:         fullEvents(conversation.ToContact("C")),
		platformFull: fullEvents(conversation.ToChannels(fullIdentities...)),
	},
	"transcodeMessage": {
		call: withRequest(func(ctx context.Context, c *conversation.Client, req *conversation.TranscodeRequest) (*conversation.TranscodeResponse, error) {
			return c.Transcoding.Transcode(ctx, req)
		}),
		reply: &conversation.TranscodeResponse{},
		minimal: &conversation.TranscodeRequest{
			AppID: "APP", AppMessage: conversation.Text("hi"), Channels: []conversation.Channel{conversation.ChannelSMS},
		},
		full: fullTranscodes(),
	},
	"queryCapability": {
		call: withRequest(func(ctx context.Context, c *conversation.Client, req *conversation.CapabilityQueryRequest) (*conversation.CapabilityQueryResponse, error) {
			return c.Capability.Query(ctx, req)
		}),
		reply:   &conversation.CapabilityQueryResponse{},
		minimal: &conversation.CapabilityQueryRequest{AppID: "APP", Recipient: conversation.ToContact("C")},
		full: []any{
			&conversation.CapabilityQueryRequest{AppID: "APP", Recipient: conversation.ToContact("C"), RequestID: "request-7"},
			&conversation.CapabilityQueryRequest{AppID: "APP", Recipient: conversation.ToChannels(fullIdentities...)},
		},
	},
}
