package conversation_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

func TestRequestsThatCannotWorkAreRejectedByField(t *testing.T) {
	t.Parallel()
	type (
		ctx    = context.Context
		client = *conversation.Client
	)
	one := []conversation.ChannelIdentity{{Channel: conversation.ChannelSMS, Identity: "15551230000"}}
	to := conversation.ToContact("c")
	composing := conversation.AppEvent{ComposingEvent: &conversation.ComposingEvent{}}
	contact := func(req *conversation.CreateContactRequest) callFunc {
		return func(x ctx, c client, _ ...conversation.RequestOption) error { return fails(c.Contacts.Create(x, req)) }
	}
	merge := func(req *conversation.MergeContactsRequest) callFunc {
		return func(x ctx, c client, _ ...conversation.RequestOption) error { return fails(c.Contacts.Merge(x, req)) }
	}
	thread := func(req *conversation.CreateConversationRequest) callFunc {
		return func(x ctx, c client, _ ...conversation.RequestOption) error {
			return fails(c.Conversations.Create(x, req))
		}
	}
	app := func(req *conversation.CreateAppRequest) callFunc {
		return func(x ctx, c client, _ ...conversation.RequestOption) error { return fails(c.Apps.Create(x, req)) }
	}
	hook := func(req *conversation.CreateWebhookRequest) callFunc {
		return func(x ctx, c client, _ ...conversation.RequestOption) error {
			return fails(c.Webhooks.Create(x, "app", req))
		}
	}
	event := func(req *conversation.SendEventRequest) callFunc {
		return func(x ctx, c client, _ ...conversation.RequestOption) error { return fails(c.Events.Send(x, req)) }
	}
	capability := func(req *conversation.CapabilityQueryRequest) callFunc {
		return func(x ctx, c client, _ ...conversation.RequestOption) error { return fails(c.Capability.Query(x, req)) }
	}
	transcode := func(req *conversation.TranscodeRequest) callFunc {
		return func(x ctx, c client, _ ...conversation.RequestOption) error {
			return fails(c.Transcoding.Transcode(x, req))
		}
	}
	triggers := []conversation.WebhookTrigger{conversation.TriggerOptIn}
	sms := []conversation.Channel{conversation.ChannelSMS}

	for _, tt := range []struct {
		name, field string
		call        callFunc
	}{
		{"no contact", "req", contact(nil)},
		{"a contact without identities", "channel_identities", contact(&conversation.CreateContactRequest{})},
		{"a contact whose identity has no channel", "channel_identities[0].channel", contact(&conversation.CreateContactRequest{ChannelIdentities: []conversation.ChannelIdentity{{Identity: "1"}}})},
		{"a contact whose second identity has no address", "channel_identities[1].identity", contact(&conversation.CreateContactRequest{ChannelIdentities: append(one, conversation.ChannelIdentity{Channel: "SMS"})})},
		{"no merge", "req", merge(nil)},
		{"a merge into nothing", "destination_id", merge(&conversation.MergeContactsRequest{SourceID: "b"})},
		{"a merge into a dot segment", "destination_id", merge(&conversation.MergeContactsRequest{DestinationID: "..", SourceID: "b"})},
		{"a merge of nothing", "source_id", merge(&conversation.MergeContactsRequest{DestinationID: "a"})},
		{"a merge of a blank", "source_id", merge(&conversation.MergeContactsRequest{DestinationID: "a", SourceID: " "})},
		{"an event for a blank contact", "recipient.contact_id", event(&conversation.SendEventRequest{AppID: "a", Recipient: conversation.ToContact(" "), Event: composing})},
		{"a merge with itself", "source_id", merge(&conversation.MergeContactsRequest{DestinationID: "a", SourceID: "a"})},
		{"no conversation", "req", thread(nil)},
		{"a conversation without an app", "app_id", thread(&conversation.CreateConversationRequest{ContactID: "c"})},
		{"a conversation without a contact", "contact_id", thread(&conversation.CreateConversationRequest{AppID: "a"})},
		{"no app", "req", app(nil)},
		{"an app without a name", "display_name", app(&conversation.CreateAppRequest{})},
		{"no webhook", "req", hook(nil)},
		{"a webhook of another app", "app_id", hook(&conversation.CreateWebhookRequest{AppID: "other", Target: "https://x.test", Triggers: triggers})},
		{"a webhook without a target", "target", hook(&conversation.CreateWebhookRequest{Triggers: triggers})},
		{"a webhook without triggers", "triggers", hook(&conversation.CreateWebhookRequest{Target: "https://x.test"})},
		{"no event", "req", event(nil)},
		{"an event without an app", "app_id", event(&conversation.SendEventRequest{Recipient: to, Event: composing})},
		{"an event for nobody", "recipient", event(&conversation.SendEventRequest{AppID: "a", Event: composing})},
		{"an event without content", "event", event(&conversation.SendEventRequest{AppID: "a", Recipient: to})},
		{"two events at once", "event", event(&conversation.SendEventRequest{AppID: "a", Recipient: to, Event: conversation.AppEvent{
			ComposingEvent: &conversation.ComposingEvent{}, ComposingEndEvent: &conversation.ComposingEndEvent{},
		}})},
		{"an event for an identity, which openapi.yaml lacks", "recipient.identified_by", event(&conversation.SendEventRequest{AppID: "a", Recipient: conversation.ToChannels(one...), Event: composing})},
		{"no capability query", "req", capability(nil)},
		{"a capability query without an app", "app_id", capability(&conversation.CapabilityQueryRequest{Recipient: to})},
		{"a capability query for nobody", "recipient", capability(&conversation.CapabilityQueryRequest{AppID: "a"})},
		{"nothing to transcode", "req", transcode(nil)},
		{"a transcoding without an app", "app_id", transcode(&conversation.TranscodeRequest{AppMessage: conversation.Text("x"), Channels: sms})},
		{"a transcoding of nothing", "app_message", transcode(&conversation.TranscodeRequest{AppID: "a", Channels: sms})},
		{"a transcoding for no channel", "channels", transcode(&conversation.TranscodeRequest{AppID: "a", AppMessage: conversation.Text("x")})},
		{"no update of a contact", "req", func(x ctx, c client, _ ...conversation.RequestOption) error {
			return fails(c.Contacts.Update(x, "c", nil))
		}},
		{"no update of a conversation", "req", func(x ctx, c client, _ ...conversation.RequestOption) error {
			return fails(c.Conversations.Update(x, "c", nil))
		}},
		{"no update of an app", "req", func(x ctx, c client, _ ...conversation.RequestOption) error { return fails(c.Apps.Update(x, "c", nil)) }},
		{"no update of a webhook", "req", func(x ctx, c client, _ ...conversation.RequestOption) error {
			return fails(c.Webhooks.Update(x, "c", nil))
		}},
		{"a page of contacts below zero", "page_size", func(x ctx, c client, _ ...conversation.RequestOption) error {
			return fails(c.Contacts.List(x, &conversation.ListContactsParams{PageSize: -1}))
		}},
		{"a page of conversations below zero", "page_size", func(x ctx, c client, _ ...conversation.RequestOption) error {
			return fails(c.Conversations.List(x, &conversation.ListConversationsParams{PageSize: -1}))
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			client, wire := scripted(t, []step{{status: 200, body: anyReply}})
			err := tt.call(t.Context(), client)
			argument, ok := errors.AsType[*conversation.ArgumentError](err)
			require.True(t, ok, "%v", err)
			assert.Equal(t, tt.field, argument.Field)
			assert.NotEmpty(t, argument.Reason)
			assert.NotContains(t, err.Error(), "15551230000")
			assert.Empty(t, wire.requests())
		})
	}
}
