package conversation_test

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

func TestAnIDIsOneSegmentOfThePath(t *testing.T) {
	t.Parallel()
	for id, want := range map[string]string{
		"01EQBC1A3BEK731GY4YXEN0C2R": "01EQBC1A3BEK731GY4YXEN0C2R",
		"a-b_c.d~e":                  "a-b_c.d~e",
		"a/b":                        "a%2Fb",
		"a/../b":                     "a%2F..%2Fb",
		"../apps":                    "..%2Fapps",
		"/":                          "%2F",
		"a?b=c":                      "a%3Fb=c",
		"a#b":                        "a%23b",
		"ü":                          "%C3%BC",
		"%2F":                        "%252F",
		"%2e%2e":                     "%252e%252e",
		"%":                          "%25",
		"a\nb":                       "a%0Ab",
		"a\r\nX-Evil: 1":             "a%0D%0AX-Evil%3A%201",
		"a b":                        "a%20b",
		"x:stop":                     "x%3Astop",
		":stop":                      "%3Astop",
		"a;b,c":                      "a%3Bb%2Cc",
		"...":                        "...",
		".a":                         ".a",
		"\\":                         "%5C",
		"\x00":                       "%00",
		"{project_id}":               "%7Bproject_id%7D",
		strings.Repeat("x", 5000):    strings.Repeat("x", 5000),
	} {
		t.Run(id[:min(len(id), 30)], func(t *testing.T) {
			t.Parallel()
			client, server := newTestClient(t, answerWith(200, anyReply))
			_, err := client.Messages.Get(t.Context(), id)
			require.NoError(t, err)
			require.NoError(t, client.Messages.Delete(t.Context(), id))
			sent := server.requests()
			require.Len(t, sent, 2)
			for _, request := range sent {
				assert.Equal(t, "/v1/projects/PROJECT/messages/"+want, request.uri)
			}
		})
	}
}

func TestAnIDThatIsNotASegmentIsRejected(t *testing.T) {
	t.Parallel()
	for name, id := range map[string]string{
		"empty": "", "a dot": ".", "two dots": "..", "blank": " ", "a line break": "\n", "a dot and a space": ". ", "space and two dots": "\t..",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, server := newTestClient(t, answerWith(200, anyReply))
			message, err := client.Messages.Get(t.Context(), id)
			assert.Nil(t, message)
			requireRefused(t, err, "Messages.Get", "message_id")
			requireRefused(t, client.Messages.Delete(t.Context(), id), "Messages.Delete", "message_id")
			assert.Empty(t, server.requests())
		})
	}
}

// TestNoIDLeadsToAnotherPath calls every method that accepts an id with ids that have a meaning in a path.
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
			for _, id := range []string{"", " ", ".", "..", "\xff", "caf\xe9"} {
				client, wire := scripted(t, []step{{status: 200, body: anyReply}})
				err := method.call(t.Context(), client, id)
				argument, ok := errors.AsType[*conversation.ArgumentError](err)
				require.True(t, ok, "id %q: %v", id, err)
				assert.Equal(t, name, argument.Operation)
				assert.True(t, strings.HasSuffix(argument.Field, "_id"), argument.Field)
				assert.Empty(t, wire.requests())
			}
			for _, id := range []string{"a/b", "../b", "a?b", "a#b", "ü", "%2F", "%2e%2e", "line\nbreak", "a:stop", "a b", "a;b"} {
				client, wire := scripted(t, []step{{status: 200, body: anyReply}})
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
