package conversation_test

import (
	"context"
	"encoding/json"
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

const (
	latin1    = "caf\xe9"      // a line of a Latin-1 file
	halfEmoji = "ok \xf0\x9f"  // an emoji, cut in two
	surrogate = "\xed\xa0\xbd" // half an emoji of UTF-16
)

func TestTextThatIsNotUTF8IsRejectedByField(t *testing.T) {
	t.Parallel()
	type client = *conversation.Client
	send := func(field string, change func(*conversation.SendMessageRequest)) rejection {
		return rejection{"Messages.Send", field, func(ctx context.Context, c client) error {
			req := textMessage()
			change(req)
			return fails(c.Messages.Send(ctx, req))
		}}
	}
	message := func(field string, message conversation.AppMessage) rejection {
		return send("message."+field, func(r *conversation.SendMessageRequest) { r.Message = message })
	}
	flow := conversation.Text("hi")
	flow.ChannelSpecificMessage = map[conversation.Channel]conversation.ChannelSpecificMessage{"WHATSAPP": {Flows: &conversation.WhatsAppFlowMessage{
		Message: conversation.WhatsAppFlow{FlowID: "1", FlowCTA: halfEmoji},
	}}}
	for _, tt := range []rejection{
		message("text_message.text", conversation.Text(latin1)),
		message("text_message.text", conversation.Text(halfEmoji)),
		message("text_message.text", conversation.Text(surrogate)),
		message("card_message.choices[1].postback_data", conversation.Card("T", "", conversation.TextChoice("Yes", ""), conversation.TextChoice("No", latin1))),
		message("list_message.sections[0].items[0].text_message.text", conversation.ListMenu("T", conversation.ListSection{
			Items: []conversation.Choice{conversation.TextChoice(latin1, "")},
		})),
		message("list_message.sections[0].items[0].choice.description", conversation.ListMenu("T", conversation.ListSection{
			Items: []conversation.Choice{conversation.MenuItem("One", latin1, "")},
		})),
		message("template_message.omni_template.parameters.name", conversation.Template("T", "1", "", map[string]string{"day": "Monday", "name": latin1})),
		message("template_message.omni_template.parameters.caf?", conversation.Template("T", "1", "", map[string]string{latin1: "x"})),
		message("channel_specific_message.WHATSAPP.message.flow_cta", flow),
		send("app_id", func(r *conversation.SendMessageRequest) { r.AppID = latin1 }),
		send("message_metadata", func(r *conversation.SendMessageRequest) { r.MessageMetadata = latin1 }),
		send("conversation_metadata", func(r *conversation.SendMessageRequest) { r.ConversationMetadata = `{"k":"` + latin1 + `"}` }),
		send("channel_properties.SMS_SENDER", func(r *conversation.SendMessageRequest) {
			r.ChannelProperties = map[conversation.ChannelPropertyKey]string{"SMS_SENDER": latin1}
		}),
		send("channel_priority_order[1]", func(r *conversation.SendMessageRequest) {
			r.ChannelPriorityOrder = []conversation.Channel{"SMS", latin1}
		}),
		send("recipient.identified_by.channel_identities[0].identity", func(r *conversation.SendMessageRequest) {
			r.Recipient = conversation.ToChannel("MESSENGER", latin1)
		}),
		{"Contacts.Create", "display_name", func(ctx context.Context, c client) error {
			return fails(c.Contacts.Create(ctx, &conversation.CreateContactRequest{
				DisplayName: latin1, ChannelIdentities: []conversation.ChannelIdentity{{Channel: "MESSENGER", Identity: "1"}},
			}))
		}},
		{"Contacts.Update", "metadata", func(ctx context.Context, c client) error {
			return fails(c.Contacts.Update(ctx, "C", &conversation.UpdateContactRequest{Metadata: new(latin1)}))
		}},
		{"Contacts.Merge", "source_id", func(ctx context.Context, c client) error {
			return fails(c.Contacts.Merge(ctx, &conversation.MergeContactsRequest{DestinationID: "C", SourceID: latin1}))
		}},
		{"Conversations.Update", "metadata_json.list[0].k", func(ctx context.Context, c client) error {
			return fails(c.Conversations.Update(ctx, "V", &conversation.UpdateConversationRequest{
				MetadataJSON: map[string]any{"a": 1, "list": []any{map[string]any{"k": latin1}}},
			}))
		}},
		{"Webhooks.Update", "secret", func(ctx context.Context, c client) error {
			return fails(c.Webhooks.Update(ctx, "W", &conversation.UpdateWebhookRequest{Secret: new(latin1)}))
		}},
		{"Events.Send", "event.generic_event.payload.k", func(ctx context.Context, c client) error {
			return fails(c.Events.Send(ctx, &conversation.SendEventRequest{AppID: "A", Recipient: conversation.ToContact("C"), Event: conversation.AppEvent{
				GenericEvent: &conversation.GenericEvent{Payload: map[string]any{"k": latin1}},
			}}))
		}},
		{"Contacts.Get", "contact_id", func(ctx context.Context, c client) error { return fails(c.Contacts.Get(ctx, latin1)) }},
		{"Contacts.List", "external_id", func(ctx context.Context, c client) error {
			return fails(c.Contacts.List(ctx, &conversation.ListContactsParams{ExternalID: latin1}))
		}},
		{"Templates.Translations", "language_code", func(ctx context.Context, c client) error {
			return fails(c.Templates.Translations(ctx, "T", &conversation.V2ListTranslationsParams{LanguageCode: latin1}))
		}},
		{"Messages.Get", "messages_source", func(ctx context.Context, c client) error {
			return fails(c.Messages.Get(ctx, "M", conversation.WithMessageSource(latin1)))
		}},
		{"Do", "name", func(ctx context.Context, c client) error {
			return c.Do(ctx, "GET", "/x?"+url.Values{"name": {latin1}}.Encode(), nil, nil)
		}},
		{"Do", "path", func(ctx context.Context, c client) error { return c.Do(ctx, "GET", "/"+latin1, nil, nil) }},
		{"Do", "Name", func(ctx context.Context, c client) error {
			return c.Do(ctx, "PUT", "/x", struct{ Name string }{latin1}, nil)
		}},
		{"Do", "request", func(ctx context.Context, c client) error {
			return c.Do(ctx, "PUT", "/x", verbatim(`"`+latin1+`"`), nil)
		}},
	} {
		for _, dialect := range []conversation.Dialect{conversation.DialectOpenAPI, conversation.DialectPlatform} {
			client, server := newTestClient(t, answerWith(200, anyReply), conversation.WithDialect(dialect))
			err := tt.call(t.Context(), client)
			require.Error(t, err, tt.operation+" "+tt.field)
			requireRefused(t, err, tt.operation, tt.field)
			require.ErrorContains(t, err, "is not UTF-8 at byte ")
			hides(t, err.Error(), "caf\xe9", "Monday")
			assert.Empty(t, server.requests())
		}
	}
	platform, _ := newTestClient(t, answerWith(200, anyReply), conversation.WithDialect(conversation.DialectPlatform))
	_, err := platform.Contacts.Update(t.Context(), "C", &conversation.UpdateContactRequest{UpdateMask: []string{"email", latin1}})
	requireRefused(t, err, "Contacts.Update", "update_mask")
}

// verbatim is JSON that encodes itself.
type verbatim string

func (v verbatim) MarshalJSON() ([]byte, error) { return []byte(v), nil }

func TestTextThatIsUTF8IsSentAsItIs(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"café", "🍕", "a\ufffdb", `\ufffd`, "\u2028 <&>", "e\u0301"} {
		client, server := newTestClient(t, answerWith(200, anyReply))
		req := textMessage()
		req.Message = conversation.Text(text)
		req.ConversationMetadata = `{"k":"\ufffd"}`
		require.NoError(t, fails(client.Messages.Send(t.Context(), req)))
		var sent conversation.SendMessageRequest
		require.NoError(t, json.Unmarshal([]byte(server.only(t).body), &sent))
		assert.Equal(t, text, sent.Message.TextMessage.Text)
		assert.Equal(t, req.ConversationMetadata, sent.ConversationMetadata)
	}
}
