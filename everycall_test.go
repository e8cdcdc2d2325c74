package conversation_test

import (
	"context"

	"github.com/sinchgo/conversation"
)

// callFunc makes one call of an operation.
type callFunc func(ctx context.Context, c *conversation.Client, opts ...conversation.RequestOption) error

// everyCall makes each operation once, with arguments that nothing is wrong with.
func everyCall() map[string]callFunc {
	one := []conversation.ChannelIdentity{{Channel: conversation.ChannelSMS, Identity: "15551230000"}}
	composing := conversation.AppEvent{ComposingEvent: &conversation.ComposingEvent{}}
	type (
		ctx    = context.Context
		client = *conversation.Client
		opt    = conversation.RequestOption
	)
	return map[string]callFunc{
		"Messages.Send":   func(x ctx, c client, o ...opt) error { return fails(c.Messages.Send(x, textMessage(), o...)) },
		"Messages.List":   func(x ctx, c client, o ...opt) error { return fails(c.Messages.List(x, nil, o...)) },
		"Messages.Get":    func(x ctx, c client, o ...opt) error { return fails(c.Messages.Get(x, "m", o...)) },
		"Messages.Delete": func(x ctx, c client, o ...opt) error { return c.Messages.Delete(x, "m", o...) },

		"Contacts.Create": func(x ctx, c client, o ...opt) error {
			return fails(c.Contacts.Create(x, &conversation.CreateContactRequest{ChannelIdentities: one}, o...))
		},
		"Contacts.List": func(x ctx, c client, o ...opt) error { return fails(c.Contacts.List(x, nil, o...)) },
		"Contacts.Get":  func(x ctx, c client, o ...opt) error { return fails(c.Contacts.Get(x, "c", o...)) },
		"Contacts.Update": func(x ctx, c client, o ...opt) error {
			return fails(c.Contacts.Update(x, "c", &conversation.UpdateContactRequest{Email: new("")}, o...))
		},
		"Contacts.Delete": func(x ctx, c client, o ...opt) error { return c.Contacts.Delete(x, "c", o...) },
		"Contacts.Merge": func(x ctx, c client, o ...opt) error {
			return fails(c.Contacts.Merge(x, &conversation.MergeContactsRequest{DestinationID: "a", SourceID: "b"}, o...))
		},

		"Conversations.Create": func(x ctx, c client, o ...opt) error {
			return fails(c.Conversations.Create(x, &conversation.CreateConversationRequest{AppID: "a", ContactID: "c"}, o...))
		},
		"Conversations.List": func(x ctx, c client, o ...opt) error {
			return fails(c.Conversations.List(x, &conversation.ListConversationsParams{AppID: "a"}, o...))
		},
		"Conversations.Get": func(x ctx, c client, o ...opt) error { return fails(c.Conversations.Get(x, "v", o...)) },
		"Conversations.Update": func(x ctx, c client, o ...opt) error {
			return fails(c.Conversations.Update(x, "v", &conversation.UpdateConversationRequest{Active: new(false)}, o...))
		},
		"Conversations.Delete": func(x ctx, c client, o ...opt) error { return c.Conversations.Delete(x, "v", o...) },
		"Conversations.Stop":   func(x ctx, c client, o ...opt) error { return c.Conversations.Stop(x, "v", o...) },

		"Apps.Create": func(x ctx, c client, o ...opt) error {
			return fails(c.Apps.Create(x, &conversation.CreateAppRequest{DisplayName: "shop"}, o...))
		},
		"Apps.List": func(x ctx, c client, o ...opt) error { return fails(c.Apps.List(x, o...)) },
		"Apps.Get":  func(x ctx, c client, o ...opt) error { return fails(c.Apps.Get(x, "a", o...)) },
		"Apps.Update": func(x ctx, c client, o ...opt) error {
			return fails(c.Apps.Update(x, "a", &conversation.UpdateAppRequest{DisplayName: new("shop")}, o...))
		},
		"Apps.Delete": func(x ctx, c client, o ...opt) error { return c.Apps.Delete(x, "a", o...) },

		"Webhooks.Create": func(x ctx, c client, o ...opt) error {
			return fails(c.Webhooks.Create(x, "a", &conversation.CreateWebhookRequest{
				Target: "https://example.com", Triggers: []conversation.WebhookTrigger{conversation.TriggerMessageInbound},
			}, o...))
		},
		"Webhooks.List": func(x ctx, c client, o ...opt) error { return fails(c.Webhooks.List(x, "a", o...)) },
		"Webhooks.Get":  func(x ctx, c client, o ...opt) error { return fails(c.Webhooks.Get(x, "w", o...)) },
		"Webhooks.Update": func(x ctx, c client, o ...opt) error {
			return fails(c.Webhooks.Update(x, "w", &conversation.UpdateWebhookRequest{Secret: new("s")}, o...))
		},
		"Webhooks.Delete": func(x ctx, c client, o ...opt) error { return c.Webhooks.Delete(x, "w", o...) },

		"Events.Send": func(x ctx, c client, o ...opt) error {
			return fails(c.Events.Send(x, &conversation.SendEventRequest{AppID: "a", Recipient: conversation.ToContact("c"), Event: composing}, o...))
		},
		"Capability.Query": func(x ctx, c client, o ...opt) error {
			return fails(c.Capability.Query(x, &conversation.CapabilityQueryRequest{AppID: "a", Recipient: conversation.ToContact("c")}, o...))
		},
		"Transcoding.Transcode": func(x ctx, c client, o ...opt) error {
			return fails(c.Transcoding.Transcode(x, &conversation.TranscodeRequest{
				AppID: "a", AppMessage: conversation.Text("hi"), Channels: []conversation.Channel{conversation.ChannelRCS},
			}, o...))
		},
	}
}

// fails keeps the error of a call.
func fails[T any](_ *T, err error) error { return err }
