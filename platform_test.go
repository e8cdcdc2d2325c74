package conversation_test

import (
	"encoding/json"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

// dialectCases are requests that go out as other bytes in each dialect.
var dialectCases = map[string]struct {
	make              func(*conversation.SendMessageRequest)
	openAPI, platform string
}{
	"plain text": {
		func(*conversation.SendMessageRequest) {},
		`{"app_id":"A","message":{"text_message":{"text":"hi"}},"recipient":{"contact_id":"C"}}`,
		`{"app_id":"A","message":{"text_message":{"text":"hi"}},"recipient":{"contact_id":"C"}}`,
	},
	"ttl": {
		func(r *conversation.SendMessageRequest) { r.TTL = 10 },
		`{"app_id":"A","message":{"text_message":{"text":"hi"}},"recipient":{"contact_id":"C"},"ttl":10}`,
		`{"app_id":"A","message":{"text_message":{"text":"hi"}},"recipient":{"contact_id":"C"},"ttl":"10s"}`,
	},
	"the longest ttl of a 32-bit system": {
		func(r *conversation.SendMessageRequest) { r.TTL = math.MaxInt32 },
		`{"app_id":"A","message":{"text_message":{"text":"hi"}},"recipient":{"contact_id":"C"},"ttl":2147483647}`,
		`{"app_id":"A","message":{"text_message":{"text":"hi"}},"recipient":{"contact_id":"C"},"ttl":"2147483647s"}`,
	},
	"conversation metadata": {
		func(r *conversation.SendMessageRequest) {
			r.ConversationMetadata = ` {"n": 12345678901234567890, "t": "<&>", "o": {"x": null}} `
		},
		`{"app_id":"A","conversation_metadata":" {\"n\": 12345678901234567890, \"t\": \"<&>\", \"o\": {\"x\": null}} ","message":{"text_message":{"text":"hi"}},"recipient":{"contact_id":"C"}}`,
		`{"app_id":"A","message":{"text_message":{"text":"hi"}},"recipient":{"contact_id":"C"},"conversation_metadata":{"n":12345678901234567890,"t":"<&>","o":{"x":null}}}`,
	},
	"empty conversation metadata": {
		func(r *conversation.SendMessageRequest) { r.ConversationMetadata = `{}` },
		`{"app_id":"A","conversation_metadata":"{}","message":{"text_message":{"text":"hi"}},"recipient":{"contact_id":"C"}}`,
		`{"app_id":"A","message":{"text_message":{"text":"hi"}},"recipient":{"contact_id":"C"},"conversation_metadata":{}}`,
	},
	"identities": {
		func(r *conversation.SendMessageRequest) {
			r.Recipient = conversation.ToChannels(
				conversation.ChannelIdentity{Channel: conversation.ChannelMessenger, Identity: "1", AppID: "A"},
				conversation.ChannelIdentity{Channel: conversation.ChannelSMS, Identity: "46700000002"})
		},
		`{"app_id":"A","message":{"text_message":{"text":"hi"}},"recipient":{"identified_by":{"channel_identities":[{"app_id":"A","channel":"MESSENGER","identity":"1"},{"channel":"SMS","identity":"46700000002"}]}}}`,
		`{"app_id":"A","message":{"text_message":{"text":"hi"}},"recipient":{"identified_by":{"channel_identities":[{"channel":"MESSENGER","identity":"1"},{"channel":"SMS","identity":"46700000002"}]}}}`,
	},
	"menu items": {
		func(r *conversation.SendMessageRequest) {
			r.Message = conversation.ListMenu("Menu",
				conversation.ListSection{Title: "Food", Items: []conversation.Choice{
					conversation.TextChoice("Fish", "f"), conversation.TextChoice("Chips", ""),
					{Item: &conversation.ChoiceItem{Title: "Peas", Description: "Mushy", PostbackData: "p", Media: &conversation.MediaMessage{URL: "https://x.test/u"}}},
					{Product: &conversation.ProductItem{ID: "1", Marketplace: "FACEBOOK"}},
				}},
				conversation.ListSection{Items: []conversation.Choice{conversation.TextChoice("Tea", "t")}})
			r.Message.ListMessage.Description = "Choose"
		},
		`{"app_id":"A","message":{"list_message":{"description":"Choose","sections":[{"items":[{"postback_data":"f","text_message":{"text":"Fish"}},{"text_message":{"text":"Chips"}},{"choice":{"description":"Mushy","media":{"url":"https://x.test/u"},"postback_data":"p","title":"Peas"}},{"product":{"id":"1","marketplace":"FACEBOOK"}}],"title":"Food"},{"items":[{"postback_data":"t","text_message":{"text":"Tea"}}]}],"title":"Menu"}},"recipient":{"contact_id":"C"}}`,
		`{"app_id":"A","message":{"list_message":{"description":"Choose","sections":[{"items":[{"choice":{"title":"Fish","postback_data":"f"}},{"choice":{"title":"Chips"}},{"choice":{"description":"Mushy","media":{"url":"https://x.test/u"},"postback_data":"p","title":"Peas"}},{"product":{"id":"1","marketplace":"FACEBOOK"}}],"title":"Food"},{"items":[{"choice":{"title":"Tea","postback_data":"t"}}]}],"title":"Menu"}},"recipient":{"contact_id":"C"}}`,
	},
	"menu items for one channel": {
		func(r *conversation.SendMessageRequest) {
			menu := conversation.ListMenu("Menu", conversation.ListSection{Items: []conversation.Choice{conversation.TextChoice("Tea", "t")}})
			r.Message.ExplicitChannelOmniMessage = map[conversation.ChannelSpecificTemplate]conversation.OmniMessageOverride{
				conversation.ChannelSpecificTemplateWhatsApp: {ListMessage: menu.ListMessage},
			}
		},
		`{"app_id":"A","message":{"explicit_channel_omni_message":{"WHATSAPP":{"list_message":{"sections":[{"items":[{"postback_data":"t","text_message":{"text":"Tea"}}]}],"title":"Menu"}}},"text_message":{"text":"hi"}},"recipient":{"contact_id":"C"}}`,
		`{"app_id":"A","message":{"explicit_channel_omni_message":{"WHATSAPP":{"list_message":{"sections":[{"items":[{"choice":{"title":"Tea","postback_data":"t"}}]}],"title":"Menu"}}},"text_message":{"text":"hi"}},"recipient":{"contact_id":"C"}}`,
	},
	"buttons of a card are no menu items": {
		func(r *conversation.SendMessageRequest) {
			r.Message = conversation.Card("T", "D", conversation.TextChoice("Yes", "y"))
		},
		`{"app_id":"A","message":{"card_message":{"choices":[{"postback_data":"y","text_message":{"text":"Yes"}}],"description":"D","title":"T"}},"recipient":{"contact_id":"C"}}`,
		`{"app_id":"A","message":{"card_message":{"choices":[{"postback_data":"y","text_message":{"text":"Yes"}}],"description":"D","title":"T"}},"recipient":{"contact_id":"C"}}`,
	},
	"template": {
		func(r *conversation.SendMessageRequest) {
			r.Message = conversation.Template("ID", "2", "sv", map[string]string{"name": "Eve", "day": ""})
		},
		`{"app_id":"A","message":{"template_message":{"omni_template":{"language_code":"sv","parameters":{"day":"","name":"Eve"},"template_id":"ID","version":"2"}}},"recipient":{"contact_id":"C"}}`,
		`{"app_id":"A","message":{"template_message":{"omni_template":{"language_code":"sv","parameters":{"day":"","name":"Eve"},"template_id":"ID","version":"2"}}},"recipient":{"contact_id":"C"}}`,
	},
	"everything else": {
		func(r *conversation.SendMessageRequest) {
			r.ChannelPriorityOrder = []conversation.Channel{conversation.ChannelRCS, "PIGEON"}
			r.MessageMetadata = `{"not":"an object"}`
			r.Queue = conversation.QueueHighPriority
		},
		`{"app_id":"A","channel_priority_order":["RCS","PIGEON"],"message":{"text_message":{"text":"hi"}},"message_metadata":"{\"not\":\"an object\"}","queue":"HIGH_PRIORITY","recipient":{"contact_id":"C"}}`,
		`{"app_id":"A","channel_priority_order":["RCS","PIGEON"],"message":{"text_message":{"text":"hi"}},"message_metadata":"{\"not\":\"an object\"}","queue":"HIGH_PRIORITY","recipient":{"contact_id":"C"}}`,
	},
}

func TestEachDialectHasItsOwnBytes(t *testing.T) {
	t.Parallel()
	for name, tt := range dialectCases {
		for dialect, want := range map[conversation.Dialect]string{
			conversation.DialectOpenAPI: tt.openAPI, conversation.DialectPlatform: tt.platform,
		} {
			t.Run(name+", "+dialect.String(), func(t *testing.T) {
				t.Parallel()
				request := func() *conversation.SendMessageRequest {
					req := &conversation.SendMessageRequest{AppID: "A", Recipient: conversation.ToContact("C"), Message: conversation.Text("hi")}
					tt.make(req)
					return req
				}
				client, server := newTestClient(t, answerWith(200, anyReply), conversation.WithDialect(dialect))
				req := request()
				_, err := client.Messages.Send(t.Context(), req)
				require.NoError(t, err)
				assert.Equal(t, request(), req, "the caller's request stays as it was")

				got := server.only(t).body
				require.JSONEq(t, want, got)
				assert.Len(t, got, len(want), "no space, no escape and no field twice")
				if name == "conversation metadata" {
					assert.Contains(t, got, "12345678901234567890", "numbers keep their digits")
				}
				if dialect == conversation.DialectOpenAPI {
					own, err := json.Marshal(req)
					require.NoError(t, err)
					assert.JSONEq(t, string(own), got)
				}
			})
		}
	}
}

func TestConversationMetadataMustBeAnObjectForThePlatform(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"hush", `"hush"`, `[1]`, `null`, `1`, `true`, `{`, `{"a":1`, `{} {}`, `{"hush":}`, " ", `{'a':1}`} {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			req := textMessage()
			req.ConversationMetadata = text

			client, server := newTestClient(t, answerWith(200, anyReply), conversation.WithDialect(conversation.DialectPlatform))
			_, err := client.Messages.Send(t.Context(), req)
			requireRefused(t, err, "Messages.Send", "conversation_metadata")
			assert.ErrorContains(t, err, "JSON object")
			hides(t, err.Error(), "hush")
			assert.Empty(t, server.requests())

			client, server = newTestClient(t, answerWith(200, anyReply))
			_, err = client.Messages.Send(t.Context(), req)
			require.NoError(t, err, "openapi.yaml accepts any string")
			assert.Len(t, server.requests(), 1)
		})
	}
}

func TestMenuItemsOfBothDialectsAreRead(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		item string
		want conversation.Choice
	}{
		"openapi.yaml's": {`{"text_message":{"text":"Fish"},"postback_data":"f"}`, conversation.TextChoice("Fish", "f")},
		"the platform's": {
			`{"choice":{"title":"Fish","postback_data":"f"}}`,
			itemRead(conversation.ChoiceItem{Title: "Fish", PostbackData: "f"}),
		},
		"the platform's, with more": {
			`{"choice":{"title":"Fish","description":"Cod","media":{"url":"x"}},"new":1}`,
			itemRead(conversation.ChoiceItem{Title: "Fish", Description: "Cod", Media: &conversation.MediaMessage{URL: "x"}}),
		},
		"the platform's, with an odd postback": {
			`{"choice":{"title":"Fish","postback_data":{"a":1}}}`,
			itemRead(conversation.ChoiceItem{Title: "Fish", PostbackData: `{"a":1}`}),
		},
		"an odd postback": {
			`{"text_message":{"text":"Fish"},"postback_data":[1,2]}`,
			conversation.Choice{TextMessage: &conversation.TextMessage{Text: "Fish"}, PostbackData: "[1,2]", PostbackJSON: json.RawMessage("[1,2]")},
		},
		"a product":                     {`{"product":{"id":"1"}}`, conversation.Choice{Product: &conversation.ProductItem{ID: "1"}}},
		"the platform's, null":          {`{"choice":null,"postback_data":"f"}`, conversation.Choice{PostbackData: "f"}},
		"something new":                 {`{"parcel":{"id":"1"}}`, conversation.Choice{}},
		"null":                          {`null`, conversation.Choice{}},
		"openapi.yaml's, without texts": {`{}`, conversation.Choice{}},
	} {
		for _, dialect := range []conversation.Dialect{conversation.DialectOpenAPI, conversation.DialectPlatform} {
			t.Run(name+", "+dialect.String(), func(t *testing.T) {
				t.Parallel()
				body := `{"id":"M","app_message":{"list_message":{"title":"Menu","sections":[{"title":"Food","items":[` + tt.item + `]}]}}}`
				client, _ := newTestClient(t, answerWith(200, body), conversation.WithDialect(dialect))
				message, err := client.Messages.Get(t.Context(), "M")
				require.NoError(t, err)
				want := conversation.ListMenu("Menu", conversation.ListSection{Title: "Food", Items: []conversation.Choice{tt.want}})
				assert.Equal(t, &want, message.AppMessage)
			})
		}
	}
}

// itemRead is a menu item of the platform as it is read: with the text and postback of a plain choice.
func itemRead(item conversation.ChoiceItem) conversation.Choice {
	choice := conversation.TextChoice(item.Title, item.PostbackData)
	choice.Item = &item
	return choice
}

func TestAMenuItemThatWasReadIsSentAsItCame(t *testing.T) {
	t.Parallel()
	const list = `{"list_message":{"sections":[{"items":[{"choice":{"description":"Cod","postback_data":"f","title":"Fish"}}]}],"title":"Menu"}}`
	for _, dialect := range []conversation.Dialect{conversation.DialectOpenAPI, conversation.DialectPlatform} {
		client, server := newTestClient(t, answerWith(200, `{"id":"M","message_id":"M","app_message":`+list+`}`), conversation.WithDialect(dialect))
		read, err := client.Messages.Get(t.Context(), "M")
		require.NoError(t, err)
		_, err = client.Messages.Send(t.Context(), &conversation.SendMessageRequest{
			AppID: "A", Recipient: conversation.ToContact("C"), Message: *read.AppMessage,
		})
		require.NoError(t, err)
		assert.JSONEq(t, `{"app_id":"A","message":`+list+`,"recipient":{"contact_id":"C"}}`, server.requests()[1].body)
	}
}

func TestDialectsHaveNames(t *testing.T) {
	t.Parallel()
	assert.Equal(t, "openapi", conversation.DialectOpenAPI.String())
	assert.Equal(t, "platform", conversation.DialectPlatform.String())
	assert.Equal(t, "unknown", conversation.Dialect(7).String())
	var zero conversation.Dialect
	assert.Equal(t, conversation.DialectOpenAPI, zero)
}
