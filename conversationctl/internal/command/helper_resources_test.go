package command

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

// What must never be on stderr.
const (
	storedNumber = "+12025550123"
	storedText   = "Your table is ready"
	storedSecret = "webhook-secret-7c1f"
	storedToken  = "channel-token-83aa"
)

// stored is a fake with one object of each kind.
type stored struct {
	*conversationtest.Server
	client *conversation.Client

	webhook, contact, other, conversation, message, event, template, batch string
}

func newStored(t *testing.T, mode conversation.ProcessingMode) stored {
	t.Helper()
	srv := conversationtest.NewServer(conversationtest.Config{Mode: mode})
	t.Cleanup(srv.Close)
	client := srv.NewClient(t)
	s := stored{Server: srv, client: client}
	_, err := client.Apps.Update(t.Context(), srv.AppID(), &conversation.UpdateAppRequest{
		DispatchRetentionPolicy: &conversation.DispatchRetentionPolicy{TTLDays: 7},
		ChannelCredentials: []conversation.ChannelCredential{{
			Channel:      conversation.ChannelSMS,
			StaticBearer: &conversation.StaticBearer{ClaimedIdentity: "plan", Token: storedToken},
		}},
	})
	require.NoError(t, err)
	s.webhook = srv.AddWebhook("https://example.com/sinch", storedSecret, conversation.TriggerMessageInbound).ID
	s.contact, s.other = s.newContact(t, storedNumber), s.newContact(t, "+12025550124")
	thread, err := client.Conversations.Create(t.Context(), &conversation.CreateConversationRequest{AppID: srv.AppID(), ContactID: s.contact})
	require.NoError(t, err)
	s.conversation = thread.ID
	message, err := client.Messages.Send(t.Context(), &conversation.SendMessageRequest{
		AppID: srv.AppID(), Message: conversation.Text(storedText), Recipient: conversation.ToContact(s.contact),
	})
	require.NoError(t, err)
	s.message = message.MessageID
	event, err := client.Events.Send(t.Context(), &conversation.SendEventRequest{
		AppID: srv.AppID(), Recipient: conversation.ToContact(s.contact),
		Event: conversation.AppEvent{ComposingEvent: &conversation.ComposingEvent{}},
	})
	require.NoError(t, err)
	s.event = event.EventID
	template, err := client.Templates.Create(t.Context(), &conversation.V2Template{
		DefaultTranslation: "en", Translations: []conversation.V2TemplateTranslation{{LanguageCode: "en", TextMessage: &conversation.TextMessage{Text: "Hi"}}},
	})
	require.NoError(t, err)
	s.template = template.ID
	batch, err := client.Batches.Send(t.Context(), &conversation.SendBatchRequest{
		AppID: srv.AppID(), Message: conversation.Text(storedText), BatchMetadata: conversation.JSONObject{"campaign": "spring"},
		RecipientAndParams: []conversation.BatchRecipient{{Recipient: conversation.ToChannel(conversation.ChannelSMS, storedNumber)}},
	})
	require.NoError(t, err)
	s.batch = batch.BatchID
	return s
}

func (s stored) newContact(t *testing.T, number string) string {
	t.Helper()
	contact, err := s.client.Contacts.Create(t.Context(), &conversation.CreateContactRequest{
		Language:          conversation.LanguageEN,
		ChannelIdentities: []conversation.ChannelIdentity{{Channel: conversation.ChannelSMS, Identity: number}},
	})
	require.NoError(t, err)
	return contact.ID
}

// run runs the program against the fake. Nothing that must be hidden is on stderr.
func (s stored) run(t *testing.T, stdin string, args ...string) result {
	t.Helper()
	got := ctlFor(s.Server).in(stdin).run(t, args...)
	for _, hidden := range []string{"12025550", storedText, storedSecret, storedToken, s.KeySecret()} {
		assert.NotContains(t, got.stderr, hidden, args)
	}
	return got
}

// calls counts the requests of an operation since the fake has started.
func calls(srv *conversationtest.Server, operation string) int {
	count := 0
	for _, request := range srv.Requests() {
		if request.Operation == operation {
			count++
		}
	}
	return count
}

// decodeStrictly decodes an object and fails for fields that T does not have.
func decodeStrictly[T any](t *testing.T, text string) T {
	t.Helper()
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.DisallowUnknownFields()
	var value T
	require.NoError(t, decoder.Decode(&value), text)
	return value
}

// decodeLines decodes one object a line.
func decodeLines[T any](t *testing.T, text string) []T {
	t.Helper()
	var values []T
	for line := range strings.Lines(text) {
		values = append(values, decodeStrictly[T](t, line))
	}
	return values
}
