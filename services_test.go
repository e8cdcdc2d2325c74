package conversation_test

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

// TestNoIDLeadsToAnotherPath gives every method that takes an id ids that mean something in a path.
func TestNoIDLeadsToAnotherPath(t *testing.T) {
	t.Parallel()
	type (
		ctx    = context.Context
		client = *conversation.Client
	)
	hook := &conversation.CreateWebhookRequest{Target: "https://example.com", Triggers: []conversation.WebhookTrigger{"T"}}
	methods := map[string]struct {
		call   func(x ctx, c client, id string) error
		before string // the path before the id
		after  string
	}{
		"Messages.Get":    {func(x ctx, c client, id string) error { return fails(c.Messages.Get(x, id)) }, "messages/", ""},
		"Messages.Delete": {func(x ctx, c client, id string) error { return c.Messages.Delete(x, id) }, "messages/", ""},
		"Contacts.Get":    {func(x ctx, c client, id string) error { return fails(c.Contacts.Get(x, id)) }, "contacts/", ""},
		"Contacts.Update": {func(x ctx, c client, id string) error {
			return fails(c.Contacts.Update(x, id, &conversation.UpdateContactRequest{}))
		}, "contacts/", ""},
		"Contacts.Delete":   {func(x ctx, c client, id string) error { return c.Contacts.Delete(x, id) }, "contacts/", ""},
		"Conversations.Get": {func(x ctx, c client, id string) error { return fails(c.Conversations.Get(x, id)) }, "conversations/", ""},
		"Conversations.Update": {func(x ctx, c client, id string) error {
			return fails(c.Conversations.Update(x, id, &conversation.UpdateConversationRequest{}))
		}, "conversations/", ""},
		"Conversations.Delete": {func(x ctx, c client, id string) error { return c.Conversations.Delete(x, id) }, "conversations/", ""},
		"Conversations.Stop":   {func(x ctx, c client, id string) error { return c.Conversations.Stop(x, id) }, "conversations/", ":stop"},
		"Messages.Update": {func(x ctx, c client, id string) error {
			return fails(c.Messages.Update(x, id, &conversation.UpdateMessageRequest{}))
		}, "messages/", ""},
		"Conversations.InjectMessage": {func(x ctx, c client, id string) error {
			return c.Conversations.InjectMessage(x, id, injectedMessage())
		}, "conversations/", ":inject-message"},
		"Conversations.InjectEvent": {func(x ctx, c client, id string) error {
			return fails(c.Conversations.InjectEvent(x, id, injectedEvent()))
		}, "conversations/", ":inject-event"},
		"Events.Get":    {func(x ctx, c client, id string) error { return fails(c.Events.Get(x, id)) }, "events/", ""},
		"Events.Delete": {func(x ctx, c client, id string) error { return c.Events.Delete(x, id) }, "events/", ""},
		"Consents.Identities": {func(x ctx, c client, id string) error {
			return fails(c.Consents.Identities(x, id, "LIST", nil))
		}, "apps/", "/consents/LIST"},
		"Consents.AuditRecords": {func(x ctx, c client, id string) error {
			return fails(c.Consents.AuditRecords(x, id, "1555"))
		}, "apps/", "/consents/identities/1555"},
		"Templates.Get": {func(x ctx, c client, id string) error { return fails(c.Templates.Get(x, id)) }, "templates/", ""},
		"Templates.Update": {func(x ctx, c client, id string) error {
			return fails(c.Templates.Update(x, id, &conversation.V2Template{Version: 1}))
		}, "templates/", ""},
		"Templates.Delete": {func(x ctx, c client, id string) error { return c.Templates.Delete(x, id) }, "templates/", ""},
		"Templates.Translations": {func(x ctx, c client, id string) error {
			return fails(c.Templates.Translations(x, id, nil))
		}, "templates/", "/translations"},
		"Apps.Get": {func(x ctx, c client, id string) error { return fails(c.Apps.Get(x, id)) }, "apps/", ""},
		"Apps.Update": {func(x ctx, c client, id string) error {
			return fails(c.Apps.Update(x, id, &conversation.UpdateAppRequest{}))
		}, "apps/", ""},
		"Apps.Delete":     {func(x ctx, c client, id string) error { return c.Apps.Delete(x, id) }, "apps/", ""},
		"Webhooks.Create": {func(x ctx, c client, id string) error { return fails(c.Webhooks.Create(x, id, hook)) }, "apps/", "/webhooks"},
		"Webhooks.List":   {func(x ctx, c client, id string) error { return fails(c.Webhooks.List(x, id)) }, "apps/", "/webhooks"},
		"Webhooks.Get":    {func(x ctx, c client, id string) error { return fails(c.Webhooks.Get(x, id)) }, "webhooks/", ""},
		"Webhooks.Update": {func(x ctx, c client, id string) error {
			return fails(c.Webhooks.Update(x, id, &conversation.UpdateWebhookRequest{}))
		}, "webhooks/", ""},
		"Webhooks.Delete": {func(x ctx, c client, id string) error { return c.Webhooks.Delete(x, id) }, "webhooks/", ""},
	}
	for name, method := range methods {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, id := range []string{"", " ", ".", ".."} {
				client, wire := scripted(t, []step{{status: 200, body: "{}"}})
				err := method.call(t.Context(), client, id)
				argument, ok := errors.AsType[*conversation.ArgumentError](err)
				require.True(t, ok, "id %q gives %v", id, err)
				assert.Equal(t, name, argument.Operation)
				assert.True(t, strings.HasSuffix(argument.Field, "_id"), argument.Field)
				assert.Empty(t, wire.requests())
			}
			for _, id := range []string{"a/b", "../b", "a?b", "a#b", "ü", "%2F", "%2e%2e", "line\nbreak", "a:stop", "a b", "a;b", "\xff"} {
				client, wire := scripted(t, []step{{status: 200, body: "{}"}})
				require.NoError(t, method.call(t.Context(), client, id), "id %q", id)
				sent, err := url.Parse(wire.requests()[0].url)
				require.NoError(t, err)
				assert.Empty(t, sent.RawQuery)
				segment, ok := strings.CutPrefix(sent.EscapedPath()[len("/v1"):], "/projects/project/"+method.before)
				require.True(t, ok, sent.EscapedPath())
				segment, ok = strings.CutSuffix(segment, method.after)
				require.True(t, ok, sent.EscapedPath())
				assert.NotContains(t, segment, "/")
				assert.NotContains(t, segment, ":")
				back, err := url.PathUnescape(segment)
				require.NoError(t, err)
				assert.Equal(t, id, back)
			}
		})
	}
}

func TestRequestsThatCannotWorkAreRefusedByField(t *testing.T) {
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
			client, wire := scripted(t, []step{{status: 200, body: "{}"}})
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

func TestAWebhookGetsTheAppOfTheCallInACopy(t *testing.T) {
	t.Parallel()
	for _, dialect := range []conversation.Dialect{conversation.DialectOpenAPI, conversation.DialectPlatform} {
		client, wire := scripted(t, []step{{status: 200, body: "{}"}}, conversation.WithDialect(dialect))
		req := &conversation.CreateWebhookRequest{Target: "https://x.test", Triggers: []conversation.WebhookTrigger{"T"}}
		require.NoError(t, fails(client.Webhooks.Create(t.Context(), "app", req)))
		assert.Contains(t, wire.requests()[0].body, `"app_id":"app"`)
		assert.Equal(t, &conversation.CreateWebhookRequest{Target: "https://x.test", Triggers: []conversation.WebhookTrigger{"T"}}, req)
	}
}

func TestTheDialectsOfEachCallOnTheWire(t *testing.T) {
	t.Parallel()
	const api = "https://eu.conversation.api.sinch.com/v1/projects/project"
	for _, tt := range []struct {
		name                string
		call                callFunc
		openAPI, openAPIsay string
		platform, platSay   string
	}{
		{
			"a merge", everyCall()["Contacts.Merge"],
			"POST " + api + "/contacts:merge", `{"destination_id":"a","source_id":"b"}`,
			"POST " + api + "/contacts/a:merge", `{"source_id":"b"}`,
		},
		{
			"a new webhook", everyCall()["Webhooks.Create"],
			"POST " + api + "/apps/a/webhooks", `{"app_id":"a","target":"https://example.com","triggers":["MESSAGE_INBOUND"]}`,
			"POST " + api + "/webhooks", `{"app_id":"a","target":"https://example.com","target_type":"HTTP","triggers":["MESSAGE_INBOUND"]}`,
		},
		{
			"a new conversation", everyCall()["Conversations.Create"],
			"POST " + api + "/conversations", `{"app_id":"a","contact_id":"c"}`,
			"POST " + api + "/conversations", `{"active":true,"app_id":"a","contact_id":"c"}`,
		},
		{
			"a new conversation that is not active", func(ctx context.Context, c *conversation.Client, _ ...conversation.RequestOption) error {
				return fails(c.Conversations.Create(ctx, &conversation.CreateConversationRequest{AppID: "a", ContactID: "c", Active: new(false)}))
			},
			"POST " + api + "/conversations", `{"active":false,"app_id":"a","contact_id":"c"}`,
			"POST " + api + "/conversations", `{"active":false,"app_id":"a","contact_id":"c"}`,
		},
		{
			"an update", everyCall()["Contacts.Update"],
			"PATCH " + api + "/contacts/c", `{"email":""}`,
			"PATCH " + api + "/contacts/c?update_mask=email", `{"email":""}`,
		},
		{
			"an update with a mask of its own", func(ctx context.Context, c *conversation.Client, _ ...conversation.RequestOption) error {
				return fails(c.Contacts.Update(ctx, "c", &conversation.UpdateContactRequest{Email: new("a@b.test"), UpdateMask: []string{"email", "display_name"}}))
			},
			"PATCH " + api + "/contacts/c", `{"email":"a@b.test"}`,
			"PATCH " + api + "/contacts/c?update_mask=email,display_name", `{"email":"a@b.test"}`,
		},
		{
			"a transcoding of a menu", func(ctx context.Context, c *conversation.Client, _ ...conversation.RequestOption) error {
				return fails(c.Transcoding.Transcode(ctx, &conversation.TranscodeRequest{
					AppID: "a", Channels: []conversation.Channel{"RCS"}, AppMessage: conversation.ListMenu("menu",
						conversation.ListSection{Title: "s", Items: []conversation.Choice{conversation.TextChoice("tea", "t")}}),
				}))
			},
			"POST " + api + "/messages:transcode",
			`{"app_id":"a","app_message":{"list_message":{"sections":[{"items":[{"postback_data":"t","text_message":{"text":"tea"}}],"title":"s"}],"title":"menu"}},"channels":["RCS"]}`,
			"POST " + api + "/messages:transcode",
			`{"app_id":"a","channels":["RCS"],"app_message":{"list_message":{"title":"menu","sections":[{"title":"s","items":[{"choice":{"title":"tea","postback_data":"t"}}]}]}}}`,
		},
		{
			"a capability query by identity", func(ctx context.Context, c *conversation.Client, _ ...conversation.RequestOption) error {
				return fails(c.Capability.Query(ctx, &conversation.CapabilityQueryRequest{
					AppID: "a", Recipient: conversation.ToChannels(conversation.ChannelIdentity{Channel: "LINE", Identity: "x", AppID: "a"}),
				}))
			},
			"POST " + api + "/capability:query",
			`{"app_id":"a","recipient":{"identified_by":{"channel_identities":[{"app_id":"a","channel":"LINE","identity":"x"}]}}}`,
			"POST " + api + "/capability:query",
			`{"app_id":"a","recipient":{"identified_by":{"channel_identities":[{"channel":"LINE","identity":"x"}]}}}`,
		},
		{
			"an event", everyCall()["Events.Send"],
			"POST " + api + "/events:send", `{"app_id":"a","event":{"composing_event":{}},"recipient":{"contact_id":"c"}}`,
			"POST " + api + "/events:send", `{"app_id":"a","event":{"composing_event":{}},"recipient":{"contact_id":"c"}}`,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			for dialect, want := range map[conversation.Dialect][2]string{
				conversation.DialectOpenAPI:  {tt.openAPI, tt.openAPIsay},
				conversation.DialectPlatform: {tt.platform, tt.platSay},
			} {
				client, wire := scripted(t, []step{{status: 200, body: "{}"}}, conversation.WithDialect(dialect))
				require.NoError(t, tt.call(t.Context(), client))
				seen := wire.requests()[0]
				assert.Equal(t, want[0], seen.method+" "+seen.url)
				assert.JSONEq(t, want[1], seen.body)
			}
		})
	}
}

func TestAnEventForAnIdentityGoesToThePlatform(t *testing.T) {
	t.Parallel()
	client, wire := scripted(t, []step{{status: 200, body: "{}"}}, conversation.WithDialect(conversation.DialectPlatform))
	require.NoError(t, fails(client.Events.Send(t.Context(), &conversation.SendEventRequest{
		AppID: "a", Recipient: conversation.ToChannel("SMS", "1"), Event: conversation.AppEvent{ComposingEvent: &conversation.ComposingEvent{}},
	})))
	assert.JSONEq(t, `{"app_id":"a","event":{"composing_event":{}},"recipient":{"identified_by":{"channel_identities":[{"channel":"SMS","identity":"1"}]}}}`, wire.requests()[0].body)
}

func TestAnUpdateOfNothingIsRefusedOnThePlatform(t *testing.T) {
	t.Parallel()
	for name, mask := range map[string][]string{"nothing set": nil, "an empty mask": {}, "a mask with commas": {"a,b"}, "a mask with an empty name": {""}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, wire := scripted(t, []step{{status: 200, body: "{}"}}, conversation.WithDialect(conversation.DialectPlatform))
			_, err := client.Apps.Update(t.Context(), "a", &conversation.UpdateAppRequest{UpdateMask: mask})
			_, ok := errors.AsType[*conversation.ArgumentError](err)
			assert.True(t, ok, "%v", err)
			assert.Empty(t, wire.requests())
		})
	}
}

func TestAnUnknownRouteNamesTheDialectToTry(t *testing.T) {
	t.Parallel()
	for _, status := range []int{404, 501} {
		for _, name := range []string{"Contacts.Merge", "Webhooks.Create"} {
			synctest.Test(t, func(t *testing.T) {
				call := everyCall()[name]
				client, _ := scripted(t, []step{{status: status}})
				require.ErrorContains(t, call(t.Context(), client), "WithDialect(DialectPlatform)")
				client, _ = scripted(t, []step{{status: status}}, conversation.WithDialect(conversation.DialectPlatform))
				require.ErrorContains(t, call(t.Context(), client), "WithDialect(DialectOpenAPI)")
			})
		}
	}
	client, _ := scripted(t, []step{{status: 404}})
	assert.NotContains(t, everyCall()["Contacts.Get"](t.Context(), client).Error(), "Dialect")
}

func TestEachOperationIsRepeatedAsItsClassSays(t *testing.T) {
	t.Parallel()
	unsafe := map[string]bool{
		"Messages.Send": true, "Contacts.Create": true, "Contacts.Merge": true, "Conversations.Create": true,
		"Apps.Create": true, "Webhooks.Create": true, "Events.Send": true,
		"Conversations.InjectMessage": true, "Conversations.InjectEvent": true, "ProjectSettings.Create": true,
		"Templates.Create": true,
	}
	for name, call := range everyCall() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				client, wire := scripted(t, []step{{status: 503}, {err: errReset}, {status: 200, body: "{}"}})
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
