package conversation_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/sinchgo/conversation"
)

func TestAMessageThatCannotBeSentIsRejectedByField(t *testing.T) {
	t.Parallel()
	const identities = "recipient.identified_by.channel_identities"
	text := conversation.Text("hi")
	to := conversation.ToContact("C")
	good := conversation.ChannelIdentity{Channel: conversation.ChannelSMS, Identity: "46700000001"}
	both := conversation.ToChannels(good)
	both.ContactID = "C"
	kinds := conversation.AppMessage{
		TextMessage: &conversation.TextMessage{}, MediaMessage: &conversation.MediaMessage{}, CardMessage: &conversation.CardMessage{},
		ListMessage: &conversation.ListMessage{}, TemplateMessage: &conversation.TemplateMessage{}, ChoiceMessage: &conversation.ChoiceMessage{},
		CarouselMessage: &conversation.CarouselMessage{}, LocationMessage: &conversation.LocationMessage{},
		ContactInfoMessage: &conversation.ContactInfoMessage{},
	}
	for name, tt := range map[string]struct {
		req    *conversation.SendMessageRequest
		field  string
		reason string
	}{
		"nil":                       {nil, "req", "pass a request"},
		"nothing set":               {&conversation.SendMessageRequest{}, "app_id", "required"},
		"no app":                    {&conversation.SendMessageRequest{Recipient: to, Message: text}, "app_id", "required"},
		"no recipient":              {&conversation.SendMessageRequest{AppID: "A", Message: text}, "recipient", "ToContact or ToChannel"},
		"an empty contact":          {&conversation.SendMessageRequest{AppID: "A", Message: text, Recipient: conversation.ToContact("")}, "recipient", "required"},
		"both forms":                {&conversation.SendMessageRequest{AppID: "A", Message: text, Recipient: both}, "recipient", "both contact_id and identified_by"},
		"no identities":             {&conversation.SendMessageRequest{AppID: "A", Message: text, Recipient: conversation.ToChannels()}, identities, "add at least one"},
		"no channel":                {&conversation.SendMessageRequest{AppID: "A", Message: text, Recipient: conversation.ToChannel("", "4670")}, identities + "[0].channel", "required"},
		"no address":                {&conversation.SendMessageRequest{AppID: "A", Message: text, Recipient: conversation.ToChannel(conversation.ChannelSMS, "")}, identities + "[0].identity", "required"},
		"no channel of the second":  {&conversation.SendMessageRequest{AppID: "A", Message: text, Recipient: conversation.ToChannels(good, conversation.ChannelIdentity{Identity: "1"})}, identities + "[1].channel", "required"},
		"no content":                {&conversation.SendMessageRequest{AppID: "A", Recipient: to}, "message", "Text, Media, Card, Choices, Carousel, ListMenu, Location or Template"},
		"every kind":                {&conversation.SendMessageRequest{AppID: "A", Recipient: to, Message: kinds}, "message", "text_message, media_message, card_message, list_message, template_message, choice_message, carousel_message, location_message, contact_info_message"},
		"a ttl below zero":          {&conversation.SendMessageRequest{AppID: "A", Recipient: to, Message: text, TTL: -1}, "ttl", "use seconds"},
		"a ttl that went around it": {&conversation.SendMessageRequest{AppID: "A", Recipient: to, Message: text, TTL: -1 << 30}, "ttl", "use seconds"},
	} {
		for _, dialect := range []conversation.Dialect{conversation.DialectOpenAPI, conversation.DialectPlatform} {
			t.Run(name+", "+dialect.String(), func(t *testing.T) {
				t.Parallel()
				client, server := newTestClient(t, answerWith(200, anyReply), conversation.WithDialect(dialect))
				sent, err := client.Messages.Send(t.Context(), tt.req)
				assert.Nil(t, sent)
				requireRefused(t, err, "Messages.Send", tt.field)
				assert.ErrorContains(t, err, tt.reason)
				hides(t, err.Error(), "46700000001")
				assert.Equal(t, conversation.OutcomeNotSent, conversation.OutcomeOf(err))
				assert.Empty(t, server.requests())
			})
		}
	}
}

func TestAnyTwoKindsOfContentAreRejected(t *testing.T) {
	t.Parallel()
	client, server := newTestClient(t, answerWith(200, anyReply))
	kinds := []struct {
		name string
		set  func(*conversation.AppMessage)
	}{
		{"text_message", func(m *conversation.AppMessage) { m.TextMessage = &conversation.TextMessage{} }},
		{"media_message", func(m *conversation.AppMessage) { m.MediaMessage = &conversation.MediaMessage{} }},
		{"card_message", func(m *conversation.AppMessage) { m.CardMessage = &conversation.CardMessage{} }},
		{"list_message", func(m *conversation.AppMessage) { m.ListMessage = &conversation.ListMessage{} }},
		{"template_message", func(m *conversation.AppMessage) { m.TemplateMessage = &conversation.TemplateMessage{} }},
		{"choice_message", func(m *conversation.AppMessage) { m.ChoiceMessage = &conversation.ChoiceMessage{} }},
		{"carousel_message", func(m *conversation.AppMessage) { m.CarouselMessage = &conversation.CarouselMessage{} }},
		{"location_message", func(m *conversation.AppMessage) { m.LocationMessage = &conversation.LocationMessage{} }},
		{"contact_info_message", func(m *conversation.AppMessage) { m.ContactInfoMessage = &conversation.ContactInfoMessage{} }},
	}
	for i, first := range kinds {
		for _, second := range kinds[i+1:] {
			req := &conversation.SendMessageRequest{AppID: "A", Recipient: conversation.ToContact("C")}
			first.set(&req.Message)
			second.set(&req.Message)
			_, err := client.Messages.Send(t.Context(), req)
			requireRefused(t, err, "Messages.Send", "message")
			assert.ErrorContains(t, err, "("+first.name+", "+second.name+")")
		}
	}
	assert.Empty(t, server.requests())
}

func TestEachKindOfContentAloneIsSent(t *testing.T) {
	t.Parallel()
	for name, message := range map[string]conversation.AppMessage{
		"text": conversation.Text("x"), "media": conversation.Media("https://x.test"), "card": conversation.Card("T", ""),
		"list": conversation.ListMenu("T", conversation.ListSection{Items: []conversation.Choice{conversation.TextChoice("One", "")}}), "template": conversation.Template("ID", "", "", nil),
		"choice": conversation.Choices("T", conversation.TextChoice("One", "")), "carousel": conversation.Carousel(conversation.CardMessage{Title: "T"}), "location": conversation.Location("T", 0, 0),
		"contact info": {ContactInfoMessage: &conversation.ContactInfoMessage{
			Name: conversation.NameInfo{FullName: "Ada"}, PhoneNumbers: []conversation.PhoneNumberInfo{},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, server := newTestClient(t, answerWith(200, anyReply))
			_, err := client.Messages.Send(t.Context(), &conversation.SendMessageRequest{
				AppID: "A", Recipient: conversation.ToContact("C"), Message: message,
			})
			assert.NoError(t, err)
			assert.Len(t, server.requests(), 1)
		})
	}
}

func TestAPageSizeBelowZeroIsRejected(t *testing.T) {
	t.Parallel()
	client, server := newTestClient(t, answerWith(200, anyReply))
	params := &conversation.ListMessagesParams{PageSize: -1}
	page, err := client.Messages.List(t.Context(), params)
	assert.Nil(t, page)
	requireRefused(t, err, "Messages.List", "page_size")
	for message, err := range client.Messages.All(t.Context(), params) {
		assert.Nil(t, message)
		requireRefused(t, err, "Messages.List", "page_size")
	}
	assert.Empty(t, server.requests())
}
