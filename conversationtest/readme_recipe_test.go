package conversationtest_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

// badSend is a send that production refuses, by the SDK and as the JSON of a program in another language. The JSON has those
// fields that differ from a good send.
type badSend struct {
	change func(request *conversation.SendMessageRequest)
	json   string
}

func message(message conversation.AppMessage, json string) badSend {
	return badSend{func(r *conversation.SendMessageRequest) { r.Message = message }, `{"message": ` + json + `}`}
}

func recipient(recipient conversation.Recipient, json string) badSend {
	return badSend{func(r *conversation.SendMessageRequest) { r.Recipient = recipient }, `{"recipient": ` + json + `}`}
}

func identity(channel conversation.Channel, identity string) badSend {
	return recipient(conversation.ToChannel(channel, identity),
		`{"identified_by": {"channel_identities": [{"channel": "`+string(channel)+`", "identity": "`+identity+`"}]}}`)
}

func yes(count int) (choices []conversation.Choice, json string) {
	for range count {
		choices = append(choices, conversation.TextChoice("Yes", ""))
	}
	return choices, many(`{"text_message": {"text": "Yes"}}`, count)
}

// TestTheRecipeOfTheREADMEIsRedForWhatProductionRefuses runs the server and the client of the recipe.
func TestTheRecipeOfTheREADMEIsRedForWhatProductionRefuses(t *testing.T) {
	t.Parallel()
	eleven, elevenJSON := yes(11)
	long := strings.Repeat("x", 2048)
	text := conversation.Text("hi")
	for name, bad := range map[string]badSend{
		"a template without a version":        message(conversation.Template("T", "", "en", nil), `{"template_message": {"omni_template": {"template_id": "T"}}}`),
		"a template without an id":            message(conversation.Template("", "1", "en", nil), `{"template_message": {"omni_template": {"template_id": "", "version": "1"}}}`),
		"an empty text":                       message(conversation.Text(""), `{"text_message": {"text": ""}}`),
		"a blank text":                        message(conversation.Text(" \n "), `{"text_message": {"text": " \n "}}`),
		"no message":                          message(conversation.AppMessage{}, `{}`),
		"two messages":                        message(conversation.AppMessage{TextMessage: text.TextMessage, MediaMessage: conversation.Media("https://x.test/a.png").MediaMessage}, `{"text_message": {"text": "hi"}, "media_message": {"url": "https://x.test/a.png"}}`),
		"media without a URL":                 message(conversation.Media(""), `{"media_message": {"url": ""}}`),
		"media in a file":                     message(conversation.Media("file:///tmp/a.png"), `{"media_message": {"url": "file:///tmp/a.png"}}`),
		"media without a host":                message(conversation.Media("https:///a.png"), `{"media_message": {"url": "https:///a.png"}}`),
		"a card without a title":              message(conversation.Card("", ""), `{"card_message": {"title": ""}}`),
		"a card with 11 choices":              message(conversation.Card("Tea", "", eleven...), `{"card_message": {"title": "Tea", "choices": `+elevenJSON+`}}`),
		"11 choices":                          message(conversation.Choices("Tea?", eleven...), `{"choice_message": {"text_message": {"text": "Tea?"}, "choices": `+elevenJSON+`}}`),
		"no choices":                          message(conversation.Choices("Tea?"), `{"choice_message": {"text_message": {"text": "Tea?"}, "choices": []}}`),
		"a link of a choice without a scheme": message(conversation.Choices("Tea?", conversation.URLChoice("Shop", "x.test")), `{"choice_message": {"choices": [{"url_message": {"title": "Shop", "url": "x.test"}}]}}`),
		"a call without a number":             message(conversation.Choices("Tea?", conversation.CallChoice("Call", "")), `{"choice_message": {"choices": [{"call_message": {"title": "Call", "phone_number": ""}}]}}`),
		"a list without a title":              message(conversation.ListMenu("", conversation.ListSection{Items: []conversation.Choice{conversation.TextChoice("Soup", "")}}), `{"list_message": {"sections": [{"items": [{"choice": {"title": "Soup"}}]}]}}`),
		"a list without sections":             message(conversation.ListMenu("Menu"), `{"list_message": {"title": "Menu", "sections": []}}`),
		"a section without items":             message(conversation.ListMenu("Menu", conversation.ListSection{Title: "Food"}), `{"list_message": {"title": "Menu", "sections": [{"title": "Food", "items": []}]}}`),
		"a place off the map":                 message(conversation.Location("Here", 120, 500), `{"location_message": {"title": "Here", "coordinates": {"latitude": 120, "longitude": 500}}}`),
		"a place without a title":             message(conversation.Location("", 55, 12), `{"location_message": {"title": "", "coordinates": {"latitude": 55, "longitude": 12}}}`),
		"ttl of 1 s":                          {func(r *conversation.SendMessageRequest) { r.TTL = 1 }, `{"ttl": "1s"}`},
		"a negative ttl":                      {func(r *conversation.SendMessageRequest) { r.TTL = -60 }, `{"ttl": "-60s"}`},
		"metadata that is no object":          {func(r *conversation.SendMessageRequest) { r.ConversationMetadata = "order 7" }, `{"conversation_metadata": "order 7"}`},
		"metadata that is a list":             {func(r *conversation.SendMessageRequest) { r.ConversationMetadata = "[7]" }, `{"conversation_metadata": [7]}`},
		"metadata that is too long":           {func(r *conversation.SendMessageRequest) { r.ConversationMetadata = `{"a":"` + long + `"}` }, `{"conversation_metadata": {"a": "` + long + `"}}`},
		"message metadata of 1025":            {func(r *conversation.SendMessageRequest) { r.MessageMetadata = long[:1025] }, `{"message_metadata": "` + long[:1025] + `"}`},
		"a correlation id of 129":             {func(r *conversation.SendMessageRequest) { r.CorrelationID = long[:129] }, `{"correlation_id": "` + long[:129] + `"}`},
		"a channel of the priority order":     {func(r *conversation.SendMessageRequest) { r.ChannelPriorityOrder = []conversation.Channel{"FAX"} }, `{"channel_priority_order": ["FAX"]}`},
		"a queue":                             {func(r *conversation.SendMessageRequest) { r.Queue = "URGENT" }, `{"queue": "URGENT"}`},
		"a relative callback URL":             {func(r *conversation.SendMessageRequest) { r.CallbackURL = "/sinch" }, `{"callback_url": "/sinch"}`},
		"no app":                              {func(r *conversation.SendMessageRequest) { r.AppID = "" }, `{"app_id": ""}`},
		"an unknown channel":                  identity("FAX", "15551230000"),
		"no channel":                          identity("", "15551230000"),
		"no identity":                         identity(conversation.ChannelSMS, ""),
		"a number with spaces":                identity(conversation.ChannelSMS, "+1 555 123 0000"),
		"a number with dashes":                identity(conversation.ChannelWhatsApp, "+1-555-123-0000"),
		"a number without its country":        identity(conversation.ChannelRCS, "0555123000"),
		"a name for a number":                 identity(conversation.ChannelMMS, "Ada"),
		"a number of 16 digits":               identity(conversation.ChannelViberBM, "1555123000012345"),
		"no recipient":                        recipient(conversation.Recipient{}, `{}`),
		"no identities":                       recipient(conversation.ToChannels(), `{"identified_by": {"channel_identities": []}}`),
		"a contact and an identity": recipient(conversation.Recipient{ContactID: "C", IdentifiedBy: conversation.ToChannel(conversation.ChannelSMS, "15551230000").IdentifiedBy},
			`{"contact_id": "C", "identified_by": {"channel_identities": [`+phoneIdentity+`]}}`),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := conversationtest.NewServer(conversationtest.Config{})
			defer srv.Close()
			client := srv.NewClient(t)

			request := hello(srv.AppID())
			bad.change(request)
			_, err := client.Messages.Send(t.Context(), request)
			require.Error(t, err)
			assert.ErrorIs(t, client.Do(t.Context(), http.MethodPost, sendPath, changed(t, hello(srv.AppID()), bad.json), nil), conversation.ErrBadRequest)
			assert.Empty(t, srv.Sent())
		})
	}
}

const sendPath = "/v1/projects/{project_id}/messages:send"

// changed returns the JSON of a request with other fields.
func changed(t *testing.T, request any, fields string) map[string]any {
	t.Helper()
	encoded, err := json.Marshal(request)
	require.NoError(t, err)
	var body map[string]any
	require.NoError(t, json.Unmarshal(encoded, &body))
	require.NoError(t, json.Unmarshal([]byte(fields), &body))
	return body
}

func TestTheRecipeOfTheREADMEIsGreenForAGoodSend(t *testing.T) {
	t.Parallel()
	srv := conversationtest.NewServer(conversationtest.Config{})
	defer srv.Close()
	client := srv.NewClient(t)
	_, err := client.Messages.Send(t.Context(), hello(srv.AppID()))
	require.NoError(t, err)
	require.NoError(t, client.Do(t.Context(), http.MethodPost, sendPath, changed(t, hello(srv.AppID()), `{"ttl": "60s", "conversation_metadata": {"order": 7}}`), nil))
	require.NoError(t, client.Do(t.Context(), http.MethodPost, sendPath, changed(t, hello(srv.AppID()), `{"message": {"card_message": {"title": "Tea"}}}`), nil))
	assert.Len(t, srv.Sent(), 3)
}

// What a fake without the state of the platform would not notice.
func TestTheRecipeOfTheREADMEIsRedForWhatIsNotThere(t *testing.T) {
	t.Parallel()
	srv := conversationtest.NewServer(conversationtest.Config{})
	defer srv.Close()
	client := srv.NewClient(t)
	for name, change := range map[string]func(r *conversation.SendMessageRequest){
		"the app":     func(r *conversation.SendMessageRequest) { r.AppID = "OTHER" },
		"the contact": func(r *conversation.SendMessageRequest) { r.Recipient = conversation.ToContact("not a contact") },
	} {
		request := hello(srv.AppID())
		change(request)
		_, err := client.Messages.Send(t.Context(), request)
		assert.ErrorIs(t, err, conversation.ErrNotFound, name)
	}
	_, err := client.Contacts.Create(t.Context(), &conversation.CreateContactRequest{
		ChannelIdentities: []conversation.ChannelIdentity{{Channel: conversation.ChannelSMS, Identity: "15551230000"}},
	})
	require.ErrorIs(t, err, conversation.ErrBadRequest)
	require.ErrorContains(t, err, "language")
	assert.Empty(t, srv.Sent())
}
