package conversation_test

import (
	"context"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

func TestAPartThatSaysNothingIsRejected(t *testing.T) {
	t.Parallel()
	type (
		choice = conversation.Choice
		card   = conversation.CardMessage
	)
	yes := conversation.TextChoice("Yes", "y")
	menu := func(items ...choice) conversation.AppMessage {
		return conversation.ListMenu("T", conversation.ListSection{Items: items})
	}
	contact := func(info conversation.ContactInfoMessage) conversation.AppMessage {
		return conversation.AppMessage{ContactInfoMessage: &info}
	}
	with := func(change func(*conversation.AppMessage)) conversation.AppMessage {
		message := conversation.Text("hi")
		change(&message)
		return message
	}
	flow := conversation.WhatsAppFlow{FlowID: "1", FlowCTA: "Book", Body: &conversation.WhatsAppInteractiveBody{Text: " "}}
	meeting := choice{CalendarMessage: &conversation.CalendarMessage{Title: "T", EventTitle: "E", FallbackURL: "https://x.test"}}
	for name, tt := range map[string]struct {
		message conversation.AppMessage
		field   string
	}{
		"text":                                {conversation.Text(""), "text_message.text"},
		"text of white space":                 {conversation.Text(" \n\u00a0"), "text_message.text"},
		"a file":                              {conversation.Media(""), "media_message.url"},
		"a card":                              {conversation.Card("", ""), "card_message"},
		"a card of white space":               {conversation.Card(" ", "\t"), "card_message"},
		"a card with a height":                {conversation.AppMessage{CardMessage: &card{Height: "TALL"}}, "card_message"},
		"the media of a card":                 {conversation.MediaCard("T", "", ""), "card_message.media_message.url"},
		"a carousel":                          {conversation.Carousel(), "carousel_message.cards"},
		"a card of a carousel":                {conversation.Carousel(card{Title: "T"}, card{}), "carousel_message.cards[1]"},
		"the text above buttons":              {conversation.Choices("", yes), "choice_message.text_message.text"},
		"buttons":                             {conversation.Choices("Tea?"), "choice_message.choices"},
		"a button":                            {conversation.Choices("Tea?", yes, conversation.TextChoice("", "n")), "choice_message.choices[1].text_message.text"},
		"a call without a number":             {conversation.Card("T", "", conversation.CallChoice("Call", "")), "card_message.choices[0].call_message.phone_number"},
		"a call without a title":              {conversation.Card("T", "", conversation.CallChoice(" ", "911")), "card_message.choices[0].call_message.title"},
		"a link without a URL":                {conversation.Card("T", "", conversation.URLChoice("Shop", "")), "card_message.choices[0].url_message.url"},
		"a link without a title":              {conversation.Card("T", "", conversation.URLChoice("", "https://x.test")), "card_message.choices[0].url_message.title"},
		"a place without a title":             {conversation.Location("", 1, 2), "location_message.title"},
		"the place of a button":               {conversation.Choices("T", conversation.LocationChoice("", 1, 2)), "choice_message.choices[0].location_message.title"},
		"a shared place without a title":      {conversation.Choices("T", conversation.ShareLocationChoice("", "https://x.test")), "choice_message.choices[0].share_location_message.title"},
		"a shared place without a URL":        {conversation.Choices("T", conversation.ShareLocationChoice("T", "")), "choice_message.choices[0].share_location_message.fallback_url"},
		"a meeting without a time":            {conversation.Choices("T", meeting), "choice_message.choices[0].calendar_message.event_start"},
		"a menu":                              {conversation.ListMenu("T"), "list_message.sections"},
		"a section of a menu":                 {menu(), "list_message.sections[0].items"},
		"an item of a menu":                   {menu(yes, conversation.TextChoice("", "p")), "list_message.sections[0].items[1].text_message.text"},
		"an item with a description":          {menu(conversation.MenuItem("", "D", "p")), "list_message.sections[0].items[0].choice.title"},
		"a product":                           {menu(choice{Product: &conversation.ProductItem{Marketplace: "FACEBOOK"}}), "list_message.sections[0].items[0].product.id"},
		"a template":                          {conversation.AppMessage{TemplateMessage: &conversation.TemplateMessage{}}, "template_message"},
		"a business card":                     {contact(conversation.ContactInfoMessage{PhoneNumbers: []conversation.PhoneNumberInfo{{PhoneNumber: "1"}}}), "contact_info_message.name.full_name"},
		"a business card without any numbers": {contact(conversation.ContactInfoMessage{Name: conversation.NameInfo{FullName: "Ada"}}), "contact_info_message.phone_numbers"},
		"a number of a business card": {contact(conversation.ContactInfoMessage{
			Name: conversation.NameInfo{FullName: "Ada"}, PhoneNumbers: []conversation.PhoneNumberInfo{{PhoneNumber: ""}},
		}), "contact_info_message.phone_numbers[0].phone_number"},
		"an agent": {with(func(m *conversation.AppMessage) { m.Agent = &conversation.Agent{} }), "agent.display_name"},
		"the message of one channel": {with(func(m *conversation.AppMessage) {
			m.ExplicitChannelMessage = map[conversation.Channel]string{"RCS": ""}
		}), "explicit_channel_message.RCS"},
		"the override of one channel": {with(func(m *conversation.AppMessage) {
			m.ExplicitChannelOmniMessage = map[conversation.ChannelSpecificTemplate]conversation.OmniMessageOverride{
				"WHATSAPP": {TextMessage: &conversation.TextMessage{}},
			}
		}), "explicit_channel_omni_message.WHATSAPP.text_message.text"},
		"the body of a flow": {with(func(m *conversation.AppMessage) {
			m.ChannelSpecificMessage = map[conversation.Channel]conversation.ChannelSpecificMessage{
				"WHATSAPP": {Flows: &conversation.WhatsAppFlowMessage{Message: flow}},
			}
		}), "channel_specific_message.WHATSAPP.message.body.text"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			requireMessageRefused(t, tt.message, "message."+tt.field, "")
		})
	}
}

func TestThePlatformRequiresTheTitleOfAMenu(t *testing.T) {
	t.Parallel()
	req := textMessage()
	req.Message = conversation.ListMenu("", conversation.ListSection{Items: []conversation.Choice{conversation.TextChoice("One", "")}})
	platform, _ := newTestClient(t, answerWith(200, anyReply), conversation.WithDialect(conversation.DialectPlatform))
	requireRefused(t, fails(platform.Messages.Send(t.Context(), req)), "Messages.Send", "message.list_message.title")
	openapi, _ := newTestClient(t, answerWith(200, anyReply), conversation.WithDialect(conversation.DialectOpenAPI))
	require.NoError(t, fails(openapi.Messages.Send(t.Context(), req)))
}

func TestWhatSaysSomethingIsSent(t *testing.T) {
	t.Parallel()
	for name, message := range map[string]conversation.AppMessage{
		"one character":          conversation.Text("."),
		"a card with media":      conversation.MediaCard("", "", "https://x.test/a.png"),
		"a card with a button":   conversation.Card("", "", conversation.TextChoice("Yes", "")),
		"buttons without text":   {ChoiceMessage: &conversation.ChoiceMessage{Choices: []conversation.Choice{conversation.TextChoice("Yes", "")}}},
		"a short number to call": conversation.Card("T", "", conversation.CallChoice("Help", "911")),
	} {
		for _, dialect := range []conversation.Dialect{conversation.DialectOpenAPI, conversation.DialectPlatform} {
			req := textMessage()
			req.Message = message
			client, server := newTestClient(t, answerWith(200, anyReply), conversation.WithDialect(dialect))
			require.NoError(t, fails(client.Messages.Send(t.Context(), req)), name)
			assert.Len(t, server.requests(), 1, name)
		}
	}
}

func TestCoordinatesAreDegreesOnTheMap(t *testing.T) {
	t.Parallel()
	const latitude, longitude = "location_message.coordinates.latitude", "location_message.coordinates.longitude"
	for _, tt := range []struct {
		latitude, longitude float64
		field, shown        string
	}{
		{120, 50, latitude, "120"},
		{-90.0001, 0, latitude, "-90.0001"},
		{math.NaN(), 0, latitude, "NaN"},
		{math.Inf(1), 0, latitude, "+Inf"},
		{0, 500, longitude, "500"},
		{0, -180.5, longitude, "-180.5"},
		{0, math.Inf(-1), longitude, "-Inf"},
	} {
		requireMessageRefused(t, conversation.Location("T", tt.latitude, tt.longitude), "message."+tt.field, "is "+tt.shown)
		requireMessageRefused(t, conversation.Choices("T", conversation.LocationChoice("T", tt.latitude, tt.longitude)),
			"message.choice_message.choices[0]."+tt.field, "use degrees")
	}
	for _, place := range [][2]float64{{90, 180}, {-90, -180}, {0, 0}, {59.3293, 18.0686}} {
		client, _ := newTestClient(t, answerWith(200, anyReply))
		req := textMessage()
		req.Message = conversation.Location("T", place[0], place[1])
		require.NoError(t, fails(client.Messages.Send(t.Context(), req)))
	}
}

// TestContentIsCheckedWhereverItGoes has one instance for each operation but Messages.Send.
func TestContentIsCheckedWhereverItGoes(t *testing.T) {
	t.Parallel()
	blank := conversation.Text(" ")
	contact := func(message conversation.ContactMessage) *conversation.InjectMessageRequest {
		req := injectedMessage()
		req.ContactMessage = &message
		return req
	}
	agent := func(event conversation.AppEvent) *conversation.SendEventRequest {
		return &conversation.SendEventRequest{AppID: "A", Recipient: conversation.ToContact("C"), Event: event}
	}
	for _, tt := range []struct {
		operation, field string
		call             func(ctx context.Context, c *conversation.Client) error
	}{
		{"Transcoding.Transcode", "app_message.text_message.text", func(ctx context.Context, c *conversation.Client) error {
			return fails(c.Transcoding.Transcode(ctx, &conversation.TranscodeRequest{AppID: "A", Channels: []conversation.Channel{"RCS"}, AppMessage: blank}))
		}},
		{"Templates.Create", "translations[0].text_message.text", func(ctx context.Context, c *conversation.Client) error {
			return fails(c.Templates.Create(ctx, &conversation.V2Template{Translations: []conversation.V2TemplateTranslation{{LanguageCode: "en", TextMessage: blank.TextMessage}}}))
		}},
		{"Conversations.InjectMessage", "app_message.text_message.text", func(ctx context.Context, c *conversation.Client) error {
			req := injectedMessage()
			req.ContactMessage, req.AppMessage = nil, &blank
			return c.Conversations.InjectMessage(ctx, "V", req)
		}},
		{"Conversations.InjectMessage", "contact_message.text_message.text", func(ctx context.Context, c *conversation.Client) error {
			return c.Conversations.InjectMessage(ctx, "V", contact(conversation.ContactMessage{TextMessage: blank.TextMessage}))
		}},
		{"Conversations.InjectMessage", "contact_message.media_message.url", func(ctx context.Context, c *conversation.Client) error {
			return c.Conversations.InjectMessage(ctx, "V", contact(conversation.ContactMessage{MediaMessage: &conversation.MediaMessage{URL: "a.png"}}))
		}},
		{"Conversations.InjectMessage", "contact_message.location_message.coordinates.latitude", func(ctx context.Context, c *conversation.Client) error {
			return c.Conversations.InjectMessage(ctx, "V", contact(conversation.ContactMessage{LocationMessage: conversation.Location("", 91, 0).LocationMessage}))
		}},
		{"Events.Send", "event.agent_joined_event.agent.display_name", func(ctx context.Context, c *conversation.Client) error {
			return fails(c.Events.Send(ctx, agent(conversation.AppEvent{AgentJoinedEvent: &conversation.AgentJoinedEvent{}})))
		}},
		{"Events.Send", "event.comment_reply_event.text", func(ctx context.Context, c *conversation.Client) error {
			return fails(c.Events.Send(ctx, agent(conversation.AppEvent{CommentReplyEvent: &conversation.CommentReplyEvent{}})))
		}},
	} {
		client, server := newTestClient(t, answerWith(200, anyReply))
		requireRefused(t, tt.call(t.Context(), client), tt.operation, tt.field)
		assert.Empty(t, server.requests())
	}
}
