package conversation_test

import (
	"cmp"
	"context"
	"time"

	"github.com/sinchgo/conversation"
)

// callFunc calls one operation.
type callFunc func(ctx context.Context, c *conversation.Client, opts ...conversation.RequestOption) error

// given holds the arguments of everyCallWith. An empty id becomes a letter for its kind.
type given struct{ id, identity, text, secret string }

// everyCall calls each operation once, with valid arguments.
func everyCall() map[string]callFunc {
	return everyCallWith(given{identity: "15551230000", text: "hi"})
}

// everyCallWith calls each operation once, with the arguments in given.
func everyCallWith(g given) map[string]callFunc {
	one := []conversation.ChannelIdentity{{Channel: conversation.ChannelSMS, Identity: g.identity}}
	to := conversation.ToChannels(one...)
	id := func(kind string) string { return cmp.Or(g.id, kind) }
	composing := conversation.AppEvent{ComposingEvent: &conversation.ComposingEvent{}}
	type (
		ctx    = context.Context
		client = *conversation.Client
		opt    = conversation.RequestOption
	)
	return map[string]callFunc{
		"Messages.Send": func(x ctx, c client, o ...opt) error {
			return fails(c.Messages.Send(x, &conversation.SendMessageRequest{AppID: id("app"), Recipient: to, Message: conversation.Text(g.text)}, o...))
		},
		"Messages.List":   func(x ctx, c client, o ...opt) error { return fails(c.Messages.List(x, nil, o...)) },
		"Messages.Get":    func(x ctx, c client, o ...opt) error { return fails(c.Messages.Get(x, id("m"), o...)) },
		"Messages.Delete": func(x ctx, c client, o ...opt) error { return c.Messages.Delete(x, id("m"), o...) },

		"Messages.LastMessages": func(x ctx, c client, o ...opt) error { return fails(c.Messages.LastMessages(x, nil, o...)) },
		"Messages.Update": func(x ctx, c client, o ...opt) error {
			return fails(c.Messages.Update(x, "m", &conversation.UpdateMessageRequest{Metadata: "note"}, o...))
		},

		"Contacts.Create": func(x ctx, c client, o ...opt) error {
			return fails(c.Contacts.Create(x, &conversation.CreateContactRequest{ChannelIdentities: one}, o...))
		},
		"Contacts.List": func(x ctx, c client, o ...opt) error { return fails(c.Contacts.List(x, nil, o...)) },
		"Contacts.Get":  func(x ctx, c client, o ...opt) error { return fails(c.Contacts.Get(x, id("c"), o...)) },
		"Contacts.Update": func(x ctx, c client, o ...opt) error {
			return fails(c.Contacts.Update(x, id("c"), &conversation.UpdateContactRequest{Email: new("")}, o...))
		},
		"Contacts.Delete": func(x ctx, c client, o ...opt) error { return c.Contacts.Delete(x, id("c"), o...) },
		"Contacts.Merge": func(x ctx, c client, o ...opt) error {
			return fails(c.Contacts.Merge(x, &conversation.MergeContactsRequest{DestinationID: id("a"), SourceID: id("b")}, o...))
		},

		"Contacts.ChannelProfile": func(x ctx, c client, o ...opt) error {
			return fails(c.Contacts.ChannelProfile(x, &conversation.GetChannelProfileRequest{
				AppID: "a", Recipient: conversation.ToContact("c"), Channel: conversation.ProfileChannelLINE,
			}, o...))
		},
		"Contacts.IdentityConflicts": func(x ctx, c client, o ...opt) error {
			return fails(c.Contacts.IdentityConflicts(x, nil, o...))
		},

		"Conversations.Create": func(x ctx, c client, o ...opt) error {
			return fails(c.Conversations.Create(x, &conversation.CreateConversationRequest{AppID: id("a"), ContactID: id("c")}, o...))
		},
		"Conversations.List": func(x ctx, c client, o ...opt) error {
			return fails(c.Conversations.List(x, &conversation.ListConversationsParams{AppID: id("a")}, o...))
		},
		"Conversations.Get": func(x ctx, c client, o ...opt) error { return fails(c.Conversations.Get(x, id("v"), o...)) },
		"Conversations.Update": func(x ctx, c client, o ...opt) error {
			return fails(c.Conversations.Update(x, id("v"), &conversation.UpdateConversationRequest{Active: new(false)}, o...))
		},
		"Conversations.Delete": func(x ctx, c client, o ...opt) error { return c.Conversations.Delete(x, id("v"), o...) },
		"Conversations.Stop":   func(x ctx, c client, o ...opt) error { return c.Conversations.Stop(x, id("v"), o...) },

		"Conversations.Recent": func(x ctx, c client, o ...opt) error {
			return fails(c.Conversations.Recent(x, &conversation.ListRecentConversationsParams{AppID: "a"}, o...))
		},
		"Conversations.InjectMessage": func(x ctx, c client, o ...opt) error {
			return c.Conversations.InjectMessage(x, "v", injectedMessage(), o...)
		},
		"Conversations.InjectEvent": func(x ctx, c client, o ...opt) error {
			return fails(c.Conversations.InjectEvent(x, "v", injectedEvent(), o...))
		},

		"Apps.Create": func(x ctx, c client, o ...opt) error {
			return fails(c.Apps.Create(x, &conversation.CreateAppRequest{DisplayName: "shop", ChannelCredentials: []conversation.ChannelCredential{{
				Channel: conversation.ChannelSMS, StaticBearer: &conversation.StaticBearer{ClaimedIdentity: g.identity, Token: g.secret},
			}}}, o...))
		},
		"Apps.List": func(x ctx, c client, o ...opt) error { return fails(c.Apps.List(x, o...)) },
		"Apps.Get":  func(x ctx, c client, o ...opt) error { return fails(c.Apps.Get(x, id("a"), o...)) },
		"Apps.Update": func(x ctx, c client, o ...opt) error {
			return fails(c.Apps.Update(x, id("a"), &conversation.UpdateAppRequest{DisplayName: new("shop")}, o...))
		},
		"Apps.Delete": func(x ctx, c client, o ...opt) error { return c.Apps.Delete(x, id("a"), o...) },

		"Webhooks.Create": func(x ctx, c client, o ...opt) error {
			return fails(c.Webhooks.Create(x, id("a"), &conversation.CreateWebhookRequest{
				Secret: g.secret, Target: "https://example.com", Triggers: []conversation.WebhookTrigger{conversation.TriggerMessageInbound},
			}, o...))
		},
		"Webhooks.List": func(x ctx, c client, o ...opt) error { return fails(c.Webhooks.List(x, id("a"), o...)) },
		"Webhooks.Get":  func(x ctx, c client, o ...opt) error { return fails(c.Webhooks.Get(x, id("w"), o...)) },
		"Webhooks.Update": func(x ctx, c client, o ...opt) error {
			return fails(c.Webhooks.Update(x, id("w"), &conversation.UpdateWebhookRequest{Secret: new(g.secret)}, o...))
		},
		"Webhooks.Delete": func(x ctx, c client, o ...opt) error { return c.Webhooks.Delete(x, id("w"), o...) },

		"Events.Send": func(x ctx, c client, o ...opt) error {
			return fails(c.Events.Send(x, &conversation.SendEventRequest{AppID: id("a"), Recipient: conversation.ToContact(id("c")), Event: composing}, o...))
		},
		"Events.List": func(x ctx, c client, o ...opt) error {
			return fails(c.Events.List(x, &conversation.ListEventsParams{ConversationID: id("v")}, o...))
		},
		"Events.Get":    func(x ctx, c client, o ...opt) error { return fails(c.Events.Get(x, "e", o...)) },
		"Events.Delete": func(x ctx, c client, o ...opt) error { return c.Events.Delete(x, "e", o...) },

		"Consents.Identities": func(x ctx, c client, o ...opt) error {
			return fails(c.Consents.Identities(x, "a", conversation.ConsentsOptOutAll, nil, o...))
		},
		"Consents.AuditRecords": func(x ctx, c client, o ...opt) error { return fails(c.Consents.AuditRecords(x, "a", "1555", o...)) },

		"ProjectSettings.Create": func(x ctx, c client, o ...opt) error {
			return fails(c.ProjectSettings.Create(x, &conversation.ProjectSettingsRequest{}, o...))
		},
		"ProjectSettings.Get": func(x ctx, c client, o ...opt) error { return fails(c.ProjectSettings.Get(x, o...)) },
		"ProjectSettings.Update": func(x ctx, c client, o ...opt) error {
			return fails(c.ProjectSettings.Update(x, &conversation.ProjectSettingsRequest{}, o...))
		},
		"ProjectSettings.Delete": func(x ctx, c client, o ...opt) error { return c.ProjectSettings.Delete(x, o...) },

		"Templates.Create": func(x ctx, c client, o ...opt) error {
			return fails(c.Templates.Create(x, textTemplate("en"), o...))
		},
		"Templates.List": func(x ctx, c client, o ...opt) error { return fails(c.Templates.List(x, o...)) },
		"Templates.Get":  func(x ctx, c client, o ...opt) error { return fails(c.Templates.Get(x, "t", o...)) },
		"Templates.Update": func(x ctx, c client, o ...opt) error {
			return fails(c.Templates.Update(x, "t", &conversation.V2Template{Version: 1}, o...))
		},
		"Templates.Delete":       func(x ctx, c client, o ...opt) error { return c.Templates.Delete(x, "t", o...) },
		"Templates.Translations": func(x ctx, c client, o ...opt) error { return fails(c.Templates.Translations(x, "t", nil, o...)) },

		"Batches.Send": func(x ctx, c client, o ...opt) error {
			return fails(c.Batches.Send(x, &conversation.SendBatchRequest{
				AppID: id("app"), Message: conversation.Text(g.text), RecipientAndParams: []conversation.BatchRecipient{{Recipient: to}},
			}, o...))
		},
		"Batches.Get":            func(x ctx, c client, o ...opt) error { return fails(c.Batches.Get(x, id("b"), o...)) },
		"Batches.FindByMetadata": func(x ctx, c client, o ...opt) error { return fails(c.Batches.FindByMetadata(x, "key", id("v"), o...)) },
		"Batches.Cancel":         func(x ctx, c client, o ...opt) error { return c.Batches.Cancel(x, id("b"), o...) },
		"Batches.CreateContacts": func(x ctx, c client, o ...opt) error {
			return c.Batches.CreateContacts(x, &conversation.CreateContactsRequest{Contacts: []conversation.CreateContactRequest{{ChannelIdentities: one}}}, o...)
		},
		"Batches.DeleteContacts": func(x ctx, c client, o ...opt) error {
			return c.Batches.DeleteContacts(x, &conversation.DeleteContactsRequest{ContactIDs: []string{id("c")}}, o...)
		},
		"Batches.InsertConsents": func(x ctx, c client, o ...opt) error {
			return fails(c.Batches.InsertConsents(x, &conversation.InsertConsentsRequest{
				AppID: id("a"), ConsentRecords: []conversation.ConsentRecord{{Identification: g.identity, ConsentType: conversation.ConsentsOptOutAll}},
			}, o...))
		},

		"Capability.Query": func(x ctx, c client, o ...opt) error {
			return fails(c.Capability.Query(x, &conversation.CapabilityQueryRequest{AppID: id("a"), Recipient: to}, o...))
		},
		"Transcoding.Transcode": func(x ctx, c client, o ...opt) error {
			return fails(c.Transcoding.Transcode(x, &conversation.TranscodeRequest{
				AppID: id("a"), AppMessage: conversation.Text(g.text), Channels: []conversation.Channel{conversation.ChannelRCS},
			}, o...))
		},
	}
}

// injectedMessage is a message to inject that nothing is wrong with.
func injectedMessage() *conversation.InjectMessageRequest {
	return &conversation.InjectMessageRequest{
		AcceptTime:      conversation.NewTime(time.Now().Add(-time.Hour)),
		ChannelIdentity: conversation.ChannelIdentity{Channel: conversation.ChannelSMS, Identity: "15551230000"},
		ContactID:       "c",
		Direction:       conversation.DirectionToApp,
		ContactMessage:  &conversation.ContactMessage{TextMessage: &conversation.TextMessage{Text: "hi"}},
	}
}

// injectedEvent is an event to inject that nothing is wrong with.
func injectedEvent() *conversation.InjectConversationEventRequest {
	return &conversation.InjectConversationEventRequest{
		AcceptTime: conversation.NewTime(time.Now().Add(-time.Hour)),
		AppEvent:   conversation.AppEvent{ComposingEvent: &conversation.ComposingEvent{}},
	}
}

// fails keeps the error of a call.
func fails[T any](_ *T, err error) error { return err }
