package conversationtest_test

import (
	"context"
	"slices"

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
}

// contractRow is how an operation is called through the SDK.
type contractRow struct {
	// call makes the call with one of the requests, or with nil if the operation takes none.
	call contractCall
	// reply has the type that the reply is decoded into; nil where nothing comes back.
	reply any
	// minimal is the smallest request; nil params of a list mean no filter.
	minimal any
	// platformMinimal takes its place where the platform requires more.
	platformMinimal any
	// full are requests that fill, among them, every field.
	full []any
	// platformFull are more of these, which only the platform takes.
	platformFull []any
}

type contractCall = func(context.Context, *conversation.Client, any) (any, error)

func (r contractRow) minimalRequest(dialect conversation.Dialect) any {
	if dialect == conversation.DialectPlatform && r.platformMinimal != nil {
		return r.platformMinimal
	}
	return r.minimal
}

// fullRequests gives the full requests of a dialect: a single nil where there is nothing to fill.
func (r contractRow) fullRequests(dialect conversation.Dialect) []any {
	if len(r.full) == 0 {
		return []any{nil}
	}
	if dialect == conversation.DialectPlatform {
		return slices.Concat(r.full, r.platformFull)
	}
	return r.full
}

// withRequest makes the call of a row whose requests are of type Req.
func withRequest[Req, Reply any](call func(context.Context, *conversation.Client, *Req) (*Reply, error)) contractCall {
	return func(ctx context.Context, client *conversation.Client, request any) (any, error) {
		typed, _ := request.(*Req) // Nil stays nil.
		return call(ctx, client, typed)
	}
}

// withoutRequest makes the call of a row without requests.
func withoutRequest[Reply any](call func(context.Context, *conversation.Client) (*Reply, error)) contractCall {
	return func(ctx context.Context, client *conversation.Client, _ any) (any, error) { return call(ctx, client) }
}

// withoutReply makes the call of a row without requests and replies.
func withoutReply(call func(context.Context, *conversation.Client) error) contractCall {
	return func(ctx context.Context, client *conversation.Client, _ any) (any, error) {
		return nil, call(ctx, client)
	}
}

// contractTable has a row for each operation of openapi.yaml. Every test uses the same requests, at the same time: the
// SDK does not change what it is given.
var contractTable = map[string]contractRow{
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
		}},
	},
	"getMessage": {
		call: withoutRequest(func(ctx context.Context, c *conversation.Client) (*conversation.ConversationMessage, error) {
			return c.Messages.Get(ctx, contractIDs["message_id"])
		}),
		reply: &conversation.ConversationMessage{},
	},
	"deleteMessage": {
		call: withoutReply(func(ctx context.Context, c *conversation.Client) error {
			return c.Messages.Delete(ctx, contractIDs["message_id"])
		}),
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
			Language: "PT_BR", Metadata: "vip",
		}},
	},
	"listContacts": {
		call: withRequest(func(ctx context.Context, c *conversation.Client, params *conversation.ListContactsParams) (*conversation.Page[conversation.Contact], error) {
			return c.Contacts.List(ctx, params)
		}),
		reply: &conversation.Page[conversation.Contact]{},
		full:  []any{&conversation.ListContactsParams{PageSize: 20, PageToken: "to/ken=="}},
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
		full:    []any{&conversation.MergeContactsRequest{DestinationID: contractIDs["destination_id"], SourceID: "S"}},
	},
	"createConversation": {
		call: withRequest(func(ctx context.Context, c *conversation.Client, req *conversation.CreateConversationRequest) (*conversation.Conversation, error) {
			return c.Conversations.Create(ctx, req)
		}),
		reply:   &conversation.Conversation{},
		minimal: &conversation.CreateConversationRequest{AppID: "APP", ContactID: "C"},
		full: []any{&conversation.CreateConversationRequest{
			AppID: "APP", ContactID: "C", Active: new(false), ActiveChannel: conversation.ChannelRCS, Metadata: "vip",
		}},
	},
	"listConversations": {
		call: withRequest(func(ctx context.Context, c *conversation.Client, params *conversation.ListConversationsParams) (*conversation.Page[conversation.Conversation], error) {
			return c.Conversations.List(ctx, params)
		}),
		reply: &conversation.Page[conversation.Conversation]{},
		full: []any{&conversation.ListConversationsParams{
			OnlyActive: new(false), AppID: "A+A", ContactID: "C=C", PageSize: 20, PageToken: "to/ken==",
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
		full:            []any{&conversation.CreateAppRequest{DisplayName: "Shop", ChannelCredentials: fullCredentials}},
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
			Triggers: []conversation.WebhookTrigger{conversation.TriggerMessageInbound, conversation.TriggerMessageDelivery},
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
		full:         []any{&conversation.SendEventRequest{AppID: "APP", Recipient: conversation.ToContact("C"), Event: composingEvent}},
		platformFull: []any{&conversation.SendEventRequest{AppID: "APP", Recipient: conversation.ToChannels(fullIdentities...), Event: composingEvent}},
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
			&conversation.CapabilityQueryRequest{AppID: "APP", Recipient: conversation.ToContact("C")},
			&conversation.CapabilityQueryRequest{AppID: "APP", Recipient: conversation.ToChannels(fullIdentities...)},
		},
	},
}
