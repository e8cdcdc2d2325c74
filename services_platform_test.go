package conversation_test

import (
	"context"
	"encoding/json"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

// This file tests the operations that openapi.yaml lacks.

func TestWhatTheFurtherOperationsSend(t *testing.T) {
	t.Parallel()
	const api = "https://eu.conversation.api.sinch.com/v1/projects/project"
	at := conversation.NewTime(time.Now().Add(-time.Hour).Truncate(time.Second))
	when := at.UTC().Format(time.RFC3339)
	type (
		ctx    = context.Context
		client = *conversation.Client
	)
	settings := &conversation.ProjectSettingsRequest{ContactSettings: &conversation.ContactSettings{UnifiedContactIDEnabled: false}}
	menu := conversation.ListMenu("menu", conversation.ListSection{Items: []conversation.Choice{conversation.TextChoice("tea", "t")}})
	inject := func(change func(*conversation.InjectMessageRequest)) func(ctx, client) error {
		return func(x ctx, c client) error {
			req := injectedMessage()
			req.AcceptTime = at
			change(req)
			return c.Conversations.InjectMessage(x, "v", req)
		}
	}
	injected := func(content, more string) string {
		return `{"accept_time":"` + when + `","channel_identity":{"channel":"SMS","identity":"15551230000"},"contact_id":"c","direction":"TO_APP",` + content + more + `}`
	}
	for name, tt := range map[string]struct {
		call              func(x ctx, c client) error
		target            string
		openAPI, platform string // the bodies; the same where platform is empty
	}{
		"new metadata of a message": {
			func(x ctx, c client) error {
				return fails(c.Messages.Update(x, "m", &conversation.UpdateMessageRequest{Metadata: "note"}))
			},
			"PATCH " + api + "/messages/m", `{"metadata":"note"}`, "",
		},
		"no metadata for a message": {
			func(x ctx, c client) error {
				return fails(c.Messages.Update(x, "m", &conversation.UpdateMessageRequest{}))
			},
			"PATCH " + api + "/messages/m", `{"metadata":""}`, "",
		},
		"a profile by identity": {
			func(x ctx, c client) error {
				return fails(c.Contacts.ChannelProfile(x, &conversation.GetChannelProfileRequest{
					AppID: "a", Channel: conversation.ProfileChannelMessenger,
					Recipient: conversation.ToChannels(conversation.ChannelIdentity{Channel: "MESSENGER", Identity: "1", AppID: "a"}),
				}))
			},
			"POST " + api + "/contacts:getChannelProfile",
			`{"app_id":"a","channel":"MESSENGER","recipient":{"identified_by":{"channel_identities":[{"app_id":"a","channel":"MESSENGER","identity":"1"}]}}}`,
			`{"app_id":"a","channel":"MESSENGER","recipient":{"identified_by":{"channel_identities":[{"channel":"MESSENGER","identity":"1"}]}}}`,
		},
		"an injected message of a contact": {
			inject(func(req *conversation.InjectMessageRequest) {
				req.ConversationID, req.SenderID, req.Metadata = "v", "46700000001", "note"
				req.ProcessingMode = conversation.ProcessingModeConversation
				req.ContactMessage.ReplyTo = &conversation.ReplyTo{MessageID: "m"}
			}),
			"POST " + api + "/conversations/v:inject-message",
			injected(`"contact_message":{"text_message":{"text":"hi"},"reply_to":{"message_id":"m"}}`,
				`,"conversation_id":"v","sender_id":"46700000001","metadata":"note","processing_mode":"CONVERSATION"`), "",
		},
		"an injected message of the app": {
			inject(func(req *conversation.InjectMessageRequest) { req.ContactMessage, req.AppMessage = nil, &menu }),
			"POST " + api + "/conversations/v:inject-message",
			injected(`"app_message":{"list_message":{"title":"menu","sections":[{"items":[{"text_message":{"text":"tea"},"postback_data":"t"}]}]}}`, ""),
			injected(`"app_message":{"list_message":{"title":"menu","sections":[{"items":[{"choice":{"title":"tea","postback_data":"t"}}]}]}}`, ""),
		},
		"an injected event": {
			func(x ctx, c client) error {
				req := injectedEvent()
				req.AcceptTime, req.ConversationID, req.ContactID = at, "v", "c"
				req.ChannelIdentity = &conversation.ChannelIdentity{Channel: "LINE", Identity: "1", AppID: "a"}
				req.ProcessingMode = conversation.ProcessingModeConversation
				return fails(c.Conversations.InjectEvent(x, "v", req))
			},
			"POST " + api + "/conversations/v:inject-event",
			`{"accept_time":"` + when + `","app_event":{"composing_event":{}},"conversation_id":"v","contact_id":"c",
				"channel_identity":{"app_id":"a","channel":"LINE","identity":"1"},"processing_mode":"CONVERSATION"}`, "",
		},
		"new settings": {
			func(x ctx, c client) error { return fails(c.ProjectSettings.Create(x, settings)) },
			"POST " + api + "/settings", `{"contact_settings":{"unified_contact_id_enabled":false}}`, "",
		},
		"changed settings": {
			func(x ctx, c client) error { return fails(c.ProjectSettings.Update(x, settings)) },
			"PATCH " + api + "/settings", `{"contact_settings":{"unified_contact_id_enabled":false}}`, "",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, dialect := range []conversation.Dialect{conversation.DialectOpenAPI, conversation.DialectPlatform} {
				want := tt.openAPI
				if dialect == conversation.DialectPlatform && tt.platform != "" {
					want = tt.platform
				}
				client, wire := scripted(t, []step{{status: 200, body: anyReply}}, conversation.WithDialect(dialect))
				require.NoError(t, tt.call(t.Context(), client))
				seen := wire.requests()[0]
				assert.Equal(t, tt.target, seen.method+" "+seen.url)
				assert.JSONEq(t, want, seen.body)
			}
		})
	}
}

func TestWhatTheFurtherOperationsRead(t *testing.T) {
	t.Parallel()
	reading := func(body string) *conversation.Client {
		client, _ := scripted(t, []step{{status: 200, body: body}})
		return client
	}
	ctx := t.Context()

	message, err := reading(`{"id":"M","metadata":"note","message_status":{"status":"READ","event_time":"2026-03-01T12:00:00Z","reason":"r"},"sender_id":"S","injected":true}`).
		Messages.Update(ctx, "M", &conversation.UpdateMessageRequest{Metadata: "note"})
	require.NoError(t, err)
	assert.Equal(t, conversation.MessageStatusRead, message.MessageStatus.Status)
	assert.True(t, message.Injected)

	last, err := reading(`{"messages":[{"id":"M"}],"next_page_token":"T"}`).Messages.LastMessages(ctx, nil)
	require.NoError(t, err)
	assert.Equal(t, "M", last.Items[0].ID)
	assert.True(t, last.HasNext())

	profile, err := reading(`{"profile_name":"Ada"}`).Contacts.ChannelProfile(ctx, &conversation.GetChannelProfileRequest{
		AppID: "a", Recipient: conversation.ToContact("c"), Channel: "LINE",
	})
	require.NoError(t, err)
	assert.Equal(t, "Ada", profile.ProfileName)

	conflicts, err := reading(`{"conflicts":[{"identity":"1555","channels":["SMS"],"contact_ids":["a","b"]}]}`).Contacts.IdentityConflicts(ctx, nil)
	require.NoError(t, err)
	assert.Equal(t, []conversation.IdentityConflict{{Identity: "1555", Channels: []string{"SMS"}, ContactIDs: []string{"a", "b"}}}, conflicts.Items)

	recent, err := reading(`{"conversations":[{"conversation":{"id":"V"},"last_message":{"id":"M"}}],"total_size":7}`).
		Conversations.Recent(ctx, &conversation.ListRecentConversationsParams{AppID: "a"})
	require.NoError(t, err)
	assert.Equal(t, 7, recent.TotalSize)
	assert.Equal(t, "V M", recent.Items[0].Conversation.ID+" "+recent.Items[0].LastMessage.ID)

	injected, err := reading(`{"event_id":"E","accepted_time":"2026-03-01T12:00:00Z"}`).Conversations.InjectEvent(ctx, "v", injectedEvent())
	require.NoError(t, err)
	assert.Equal(t, "E", injected.EventID)
	require.NoError(t, reading("").Conversations.InjectMessage(ctx, "v", injectedMessage()), "it has no reply")

	events, err := reading(`{"events":[{"id":"E","direction":"TO_APP","contact_event":{"composing_event":{}}}]}`).Events.List(ctx, nil)
	require.NoError(t, err)
	assert.NotNil(t, events.Items[0].ContactEvent.ComposingEvent)
	event, err := reading(`{"id":"E","app_event":{"generic_event":{"payload":{"a":1}}}}`).Events.Get(ctx, "E")
	require.NoError(t, err)
	assert.Equal(t, conversation.JSONObject{"a": json.Number("1")}, event.AppEvent.GenericEvent.Payload)

	list, err := reading(`{"identities":[{"identity":"1555"}]}`).Consents.Identities(ctx, "a", conversation.ConsentsOptOutMarketing, nil)
	require.NoError(t, err)
	assert.Equal(t, []conversation.ConsentIdentity{{Identity: "1555"}}, list.Items)
	records, err := reading(`{"identity":{"identity":"1555"},"audit_records":[{"origin":"ORIGIN_MO","operation":"OPERATION_INSERT","list_type":"OPT_OUT_ALL","datetime":"2026-03-01T12:00:00Z"}]}`).
		Consents.AuditRecords(ctx, "a", "1555")
	require.NoError(t, err)
	assert.Equal(t, conversation.ConsentOriginMO, records.AuditRecords[0].Origin)
	assert.Equal(t, 2026, records.AuditRecords[0].DateTime.Year())

	settings, err := reading(`{"project_id":"P","settings":{"contact_settings":{"unified_contact_id_enabled":true}}}`).ProjectSettings.Get(ctx)
	require.NoError(t, err)
	assert.True(t, settings.Settings.ContactSettings.UnifiedContactIDEnabled)
}

func TestFurtherRequestsThatCannotWorkAreRejectedByField(t *testing.T) {
	t.Parallel()
	type (
		ctx    = context.Context
		client = *conversation.Client
	)
	profile := func(req *conversation.GetChannelProfileRequest) func(ctx, client) error {
		return func(x ctx, c client) error { return fails(c.Contacts.ChannelProfile(x, req)) }
	}
	message := func(change func(*conversation.InjectMessageRequest)) func(ctx, client) error {
		req := injectedMessage()
		change(req)
		return func(x ctx, c client) error { return c.Conversations.InjectMessage(x, "v", req) }
	}
	event := func(change func(*conversation.InjectConversationEventRequest)) func(ctx, client) error {
		req := injectedEvent()
		change(req)
		return func(x ctx, c client) error { return fails(c.Conversations.InjectEvent(x, "v", req)) }
	}
	text := conversation.Text("hi")
	two := conversation.Text("hi")
	two.MediaMessage = &conversation.MediaMessage{URL: "u"}
	to := conversation.ToContact("c")
	for _, tt := range []struct {
		name, operation, field string
		call                   func(ctx, client) error
	}{
		{"no update of a message", "Messages.Update", "req", func(x ctx, c client) error { return fails(c.Messages.Update(x, "m", nil)) }},
		{"no question for a profile", "Contacts.ChannelProfile", "req", profile(nil)},
		{"a profile for no app", "Contacts.ChannelProfile", "app_id", profile(&conversation.GetChannelProfileRequest{Recipient: to, Channel: "LINE"})},
		{"a profile on no channel", "Contacts.ChannelProfile", "channel", profile(&conversation.GetChannelProfileRequest{AppID: "a", Recipient: to})},
		{"a profile of nobody", "Contacts.ChannelProfile", "recipient", profile(&conversation.GetChannelProfileRequest{AppID: "a", Channel: "LINE"})},
		{"no message", "Conversations.InjectMessage", "req", func(x ctx, c client) error { return c.Conversations.InjectMessage(x, "v", nil) }},
		{"a message for another conversation", "Conversations.InjectMessage", "conversation_id", message(func(r *conversation.InjectMessageRequest) { r.ConversationID = "w" })},
		{"a message of no contact", "Conversations.InjectMessage", "contact_id", message(func(r *conversation.InjectMessageRequest) { r.ContactID = "" })},
		{"a message of no direction", "Conversations.InjectMessage", "direction", message(func(r *conversation.InjectMessageRequest) { r.Direction = "" })},
		{"a message on no channel", "Conversations.InjectMessage", "channel_identity.channel", message(func(r *conversation.InjectMessageRequest) { r.ChannelIdentity.Channel = "" })},
		{"a message to no address", "Conversations.InjectMessage", "channel_identity.identity", message(func(r *conversation.InjectMessageRequest) { r.ChannelIdentity.Identity = "" })},
		{"a message without a time", "Conversations.InjectMessage", "accept_time", message(func(r *conversation.InjectMessageRequest) { r.AcceptTime = conversation.Time{} })},
		{"a message that nobody said", "Conversations.InjectMessage", "req", message(func(r *conversation.InjectMessageRequest) { r.ContactMessage = nil })},
		{"a message that two said", "Conversations.InjectMessage", "req", message(func(r *conversation.InjectMessageRequest) { r.AppMessage = &text })},
		{"two messages of the app", "Conversations.InjectMessage", "app_message", message(func(r *conversation.InjectMessageRequest) { r.ContactMessage, r.AppMessage = nil, &two })},
		{"no content of the contact", "Conversations.InjectMessage", "contact_message", message(func(r *conversation.InjectMessageRequest) {
			r.ContactMessage = &conversation.ContactMessage{ReplyTo: &conversation.ReplyTo{MessageID: "m"}}
		})},
		{"two messages of the contact", "Conversations.InjectMessage", "contact_message", message(func(r *conversation.InjectMessageRequest) {
			r.ContactMessage.FallbackMessage = &conversation.FallbackMessage{}
		})},
		{"no event", "Conversations.InjectEvent", "req", func(x ctx, c client) error { return fails(c.Conversations.InjectEvent(x, "v", nil)) }},
		{"an event for another conversation", "Conversations.InjectEvent", "conversation_id", event(func(r *conversation.InjectConversationEventRequest) { r.ConversationID = "w" })},
		{"an event without a time", "Conversations.InjectEvent", "accept_time", event(func(r *conversation.InjectConversationEventRequest) { r.AcceptTime = conversation.Time{} })},
		{"an event without content", "Conversations.InjectEvent", "app_event", event(func(r *conversation.InjectConversationEventRequest) { r.AppEvent = conversation.AppEvent{} })},
		{"no consents of an identity", "Consents.AuditRecords", "identity", func(x ctx, c client) error { return fails(c.Consents.AuditRecords(x, "a", " ")) }},
		{"no settings to create", "ProjectSettings.Create", "req", func(x ctx, c client) error { return fails(c.ProjectSettings.Create(x, nil)) }},
		{"no settings to change", "ProjectSettings.Update", "req", func(x ctx, c client) error { return fails(c.ProjectSettings.Update(x, nil)) }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			for _, dialect := range []conversation.Dialect{conversation.DialectOpenAPI, conversation.DialectPlatform} {
				client, wire := scripted(t, []step{{status: 200, body: anyReply}}, conversation.WithDialect(dialect))
				requireRefused(t, tt.call(t.Context(), client), tt.operation, tt.field)
				assert.Empty(t, wire.requests())
			}
		})
	}
}

// TestEveryOperationReturnsTheErrorsOfTheAPI answers each call with an error, which must be the one that comes back.
func TestEveryOperationReturnsTheErrorsOfTheAPI(t *testing.T) {
	t.Parallel()
	for name, call := range everyCall() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				client, wire := scripted(t, []step{{status: 404, body: `{"error":{"code":5,"status":"NOT_FOUND","message":"no such thing"}}`}})
				var failed *conversation.Error
				require.ErrorAs(t, call(t.Context(), client), &failed)
				assert.Equal(t, name, failed.Operation)
				require.ErrorIs(t, failed, conversation.ErrNotFound)
				assert.Equal(t, "no such thing", failed.Message)
				assert.Len(t, wire.requests(), 1)
			})
		})
	}
}
