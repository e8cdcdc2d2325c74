package conversation_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

// choicesMessage is a choice message with one button.
func choicesMessage(choice conversation.Choice) conversation.AppMessage {
	return conversation.Choices("Tea?", choice)
}

// TestAPostbackMayBeAnyJSON sends what was received, byte for byte.
func TestAPostbackMayBeAnyJSON(t *testing.T) {
	t.Parallel()
	for raw, text := range map[string]string{
		`"tea"`:                          "tea",
		`""`:                             "",
		`{"id":9007199254740993,"a":[]}`: `{"id":9007199254740993,"a":[]}`,
		`[1,"two",null]`:                 `[1,"two",null]`,
		`7`:                              "7",
		`true`:                           "true",
	} {
		var choice conversation.Choice
		require.NoError(t, json.Unmarshal([]byte(`{"text_message":{"text":"Yes"},"postback_data":`+raw+`}`), &choice))
		assert.Equal(t, text, choice.PostbackData)
		assert.Equal(t, raw[0] != '"', choice.PostbackJSON != nil, raw)

		client, wire := scripted(t, []step{{status: 200, body: anyReply}}, conversation.WithDialect(conversation.DialectPlatform))
		req := textMessage()
		req.Message = choicesMessage(choice)
		require.NoError(t, fails(client.Messages.Send(t.Context(), req)))
		var sent struct {
			Message struct {
				Choice struct {
					Choices []struct {
						Postback json.RawMessage `json:"postback_data"`
					} `json:"choices"`
				} `json:"choice_message"`
			} `json:"message"`
		}
		require.NoError(t, json.Unmarshal([]byte(wire.requests()[0].body), &sent))
		if text == "" {
			raw = ""
		}
		assert.Equal(t, raw, string(sent.Message.Choice.Choices[0].Postback))
	}
	var choice conversation.Choice
	require.NoError(t, json.Unmarshal([]byte(`{"text_message":{"text":"Yes"},"postback_data":null}`), &choice))
	assert.Equal(t, conversation.TextChoice("Yes", ""), choice)
}

func TestAPostbackThatCannotBeSentIsRejectedByField(t *testing.T) {
	t.Parallel()
	with := func(postback string, raw string) conversation.AppMessage {
		choice := conversation.TextChoice("Yes", postback)
		choice.PostbackJSON = json.RawMessage(raw)
		return choicesMessage(choice)
	}
	const field = "message.choice_message.choices[0].postback_data"
	requireMessageRefused(t, with("", `{"a":`), field, "is not JSON")
	requireMessageRefused(t, with("", ``), field, "is not JSON")
	requireMessageRefused(t, with("", "\"caf\xe9\""), field, "is not UTF-8 at byte 4")
	requireMessageRefused(t, with("edited", `{"a":1}`), field, "differs in PostbackData and PostbackJSON")

	item := conversation.TextChoice("Tea", "")
	item.PostbackJSON = json.RawMessage(`{}`)
	menu := conversation.ListMenu("Menu", conversation.ListSection{Items: []conversation.Choice{item}})
	requireMessageRefused(t, menu, "message.list_message.sections[0].items[0].postback_data", "must be a string in a menu")

	client, wire := scripted(t, nil)
	req := textMessage()
	req.Message = with("", `{"a":1}`)
	err := fails(client.Messages.Send(t.Context(), req))
	requireRefused(t, err, "Messages.Send", field)
	require.ErrorContains(t, err, "DialectPlatform")
	assert.Empty(t, wire.requests())
}

func TestADisplayModeIsForButtons(t *testing.T) {
	t.Parallel()
	shown := conversation.URLChoice("Shop", "https://x.test")
	shown.DisplayMode = conversation.DisplayModePersistent
	card := conversation.CardMessage{Title: "T", Choices: []conversation.Choice{shown}}
	for _, message := range []conversation.AppMessage{choicesMessage(shown), {CardMessage: &card}, conversation.Carousel(card)} {
		for _, dialect := range []conversation.Dialect{conversation.DialectOpenAPI, conversation.DialectPlatform} {
			client, wire := scripted(t, []step{{status: 200, body: anyReply}}, conversation.WithDialect(dialect))
			req := textMessage()
			req.Message = message
			require.NoError(t, fails(client.Messages.Send(t.Context(), req)))
			assert.Contains(t, wire.requests()[0].body, `"display_mode":"PERSISTENT"`)
		}
	}
	for _, mode := range []conversation.DisplayMode{conversation.DisplayModePersistent, conversation.DisplayModeUnspecified} {
		carousel := conversation.Carousel(card)
		carousel.CarouselMessage.Choices = []conversation.Choice{conversation.TextChoice("More", ""), shown}
		carousel.CarouselMessage.Choices[1].DisplayMode = mode
		requireMessageRefused(t, carousel, "message.carousel_message.choices[1].display_mode", "leave it out")
	}
	item := conversation.MenuItem("Tea", "", "")
	item.DisplayMode = conversation.DisplayModePersistent
	client, _ := scripted(t, nil, conversation.WithDialect(conversation.DialectPlatform))
	req := textMessage()
	req.Message = conversation.ListMenu("Menu", conversation.ListSection{Items: []conversation.Choice{item}})
	requireRefused(t, fails(client.Messages.Send(t.Context(), req)), "Messages.Send", "message.list_message.sections[0].items[0].display_mode")
}

func TestAReplyNamesTheMessageThatItQuotes(t *testing.T) {
	t.Parallel()
	for _, dialect := range []conversation.Dialect{conversation.DialectOpenAPI, conversation.DialectPlatform} {
		client, wire := scripted(t, []step{{status: 200, body: anyReply}}, conversation.WithDialect(dialect))
		req := textMessage()
		quoted := conversation.Text("hi")
		req.Message = conversation.Reply(quoted, "01HXYZ")
		require.NoError(t, fails(client.Messages.Send(t.Context(), req)))
		assert.Contains(t, wire.requests()[0].body, `"reply_to":{"message_id":"01HXYZ"}`)
		assert.Nil(t, quoted.ReplyTo, "the message of the caller stays as it is")
	}
	requireMessageRefused(t, conversation.Reply(conversation.Text("hi"), " "), "message.reply_to.message_id", "is required")
	requireMessageRefused(t, conversation.Reply(conversation.Text("hi"), "wamid.HBgLMTU1NTEyMw=="), "message.reply_to.message_id", "is an id of WhatsApp")
	requireMessageRefused(t, conversation.AppMessage{ReplyTo: &conversation.ReplyTo{MessageID: "M"}}, "message", "has no content")
}

func TestAnEventMarksWhatTheContactWroteAsRead(t *testing.T) {
	t.Parallel()
	event := conversation.AppEvent{ReadMessageEvent: &conversation.ReadMessageEvent{}}
	for _, dialect := range []conversation.Dialect{conversation.DialectOpenAPI, conversation.DialectPlatform} {
		client, wire := scripted(t, []step{{status: 200, body: anyReply}}, conversation.WithDialect(dialect))
		req := &conversation.SendEventRequest{AppID: "A", Recipient: conversation.ToContact("C"), Event: event}
		require.NoError(t, fails(client.Events.Send(t.Context(), req)))
		assert.JSONEq(t, `{"app_id":"A","recipient":{"contact_id":"C"},"event":{"read_message_event":{}}}`, wire.requests()[0].body)

		req.Event.ComposingEvent = &conversation.ComposingEvent{}
		err := fails(client.Events.Send(t.Context(), req))
		requireRefused(t, err, "Events.Send", "event")
		require.ErrorContains(t, err, "read_message_event")
	}
}

func TestChannelsThatOnlyCallbacksNameAreRead(t *testing.T) {
	t.Parallel()
	for text, channel := range map[string]conversation.Channel{
		"SINCH_CHAT": conversation.ChannelSinchChat, "SINCH_PUSH": conversation.ChannelSinchPush,
	} {
		var report conversation.MessageDeliveryReport
		require.NoError(t, json.Unmarshal([]byte(`{"channel_identity":{"channel":"`+text+`","identity":"u1"}}`), &report))
		assert.Equal(t, channel, report.ChannelIdentity.Channel)
	}
}
