package conversation_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

func TestAPartOfAMessageThatIsNotOneThingIsRejectedByField(t *testing.T) {
	t.Parallel()
	good := conversation.TextChoice("Yes", "")
	two := conversation.URLChoice("Shop", "https://x.test")
	two.TextMessage = &conversation.TextMessage{}
	product := conversation.Choice{Product: &conversation.ProductItem{ID: "1", Marketplace: "FACEBOOK"}}
	item := conversation.Choice{Item: &conversation.ChoiceItem{Title: "Fish", PostbackData: "f"}}
	otherText, otherPostback, itemAndProduct, productAndPostback := item, item, item, product
	otherText.TextMessage = &conversation.TextMessage{Text: "Cod"}
	otherPostback.PostbackData = "c"
	itemAndProduct.Product = product.Product
	productAndPostback.PostbackData = "p"

	menu := func(items ...conversation.Choice) conversation.AppMessage {
		return conversation.ListMenu("T", conversation.ListSection{Items: []conversation.Choice{good}}, conversation.ListSection{Items: items})
	}
	override := func(override conversation.OmniMessageOverride) conversation.AppMessage {
		message := conversation.Text("hi")
		message.ExplicitChannelOmniMessage = map[conversation.ChannelSpecificTemplate]conversation.OmniMessageOverride{"WHATSAPP": override}
		return message
	}
	card := &conversation.CardMessage{Choices: []conversation.Choice{good, {}}}
	const menuItem = "message.list_message.sections[1].items[1]"
	for name, tt := range map[string]struct {
		message       conversation.AppMessage
		field, reason string
	}{
		"an empty button of a card":             {conversation.Card("T", "", good, good, conversation.Choice{}), "message.card_message.choices[2]", "has no content"},
		"a button with a postback alone":        {conversation.Card("T", "", conversation.Choice{PostbackData: "p"}), "message.card_message.choices[0]", "TextChoice"},
		"a button of two kinds":                 {conversation.Choices("T", two), "message.choice_message.choices[0]", "(text_message, url_message)"},
		"a button that is a product":            {conversation.Choices("T", product), "message.choice_message.choices[0]", "list"},
		"a button that is an item":              {conversation.Card("T", "", item), "message.card_message.choices[0]", "list"},
		"a button of a card in a carousel":      {conversation.Carousel(conversation.CardMessage{Title: "T"}, *card), "message.carousel_message.cards[1].choices[1]", "has no content"},
		"a button below a carousel":             {conversation.AppMessage{CarouselMessage: &conversation.CarouselMessage{Cards: []conversation.CardMessage{{Title: "T"}}, Choices: []conversation.Choice{two}}}, "message.carousel_message.choices[0]", "keep one"},
		"an empty menu item":                    {menu(good, conversation.Choice{}), menuItem, "has no content"},
		"a menu item that is a button":          {menu(good, conversation.URLChoice("T", "u")), menuItem, "is a button"},
		"a menu item of two kinds":              {menu(good, itemAndProduct), menuItem, "(choice, product)"},
		"a menu item with another text":         {menu(good, otherText), menuItem + ".text_message", "choice.title"},
		"a menu item with another postback":     {menu(good, otherPostback), menuItem + ".postback_data", "choice.postback_data"},
		"a product with a postback":             {menu(good, productAndPostback), menuItem + ".postback_data", "leave it out"},
		"an empty override":                     {override(conversation.OmniMessageOverride{}), "message.explicit_channel_omni_message.WHATSAPP", "has no content"},
		"an override of two kinds":              {override(conversation.OmniMessageOverride{TextMessage: &conversation.TextMessage{}, CardMessage: card}), "message.explicit_channel_omni_message.WHATSAPP", "(text_message, card_message)"},
		"a button of a card of an override":     {override(conversation.OmniMessageOverride{CardMessage: card}), "message.explicit_channel_omni_message.WHATSAPP.card_message.choices[1]", "has no content"},
		"a button of a choice of an override":   {override(conversation.OmniMessageOverride{ChoiceMessage: &conversation.ChoiceMessage{Choices: []conversation.Choice{two}}}), "message.explicit_channel_omni_message.WHATSAPP.choice_message.choices[0]", "keep one"},
		"a button of a carousel of an override": {override(conversation.OmniMessageOverride{CarouselMessage: &conversation.CarouselMessage{Cards: []conversation.CardMessage{*card}}}), "message.explicit_channel_omni_message.WHATSAPP.carousel_message.cards[0].choices[1]", "has no content"},
		"a menu item of an override":            {override(conversation.OmniMessageOverride{ListMessage: menu(conversation.Choice{}).ListMessage}), "message.explicit_channel_omni_message.WHATSAPP.list_message.sections[1].items[0]", "has no content"},
		"an agent alone":                        {conversation.AppMessage{Agent: &conversation.Agent{}}, "message", "has no content"},
		"a message for one channel alone":       {conversation.AppMessage{ExplicitChannelMessage: map[conversation.Channel]string{"SMS": "x"}}, "message", "has no content"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			requireMessageRefused(t, tt.message, tt.field, tt.reason)
		})
	}
}

// requireMessageRefused requires a message to be rejected in both dialects, before anything is sent.
func requireMessageRefused(t *testing.T, message conversation.AppMessage, field, reason string) {
	t.Helper()
	for _, dialect := range []conversation.Dialect{conversation.DialectOpenAPI, conversation.DialectPlatform} {
		client, server := newTestClient(t, answerWith(200, anyReply), conversation.WithDialect(dialect))
		_, err := client.Messages.Send(t.Context(), &conversation.SendMessageRequest{AppID: "A", Recipient: conversation.ToContact("C"), Message: message})
		requireRefused(t, err, "Messages.Send", field)
		require.ErrorContains(t, err, reason)
		assert.Empty(t, server.requests())
	}
}

func TestAUnionThatIsNotOneThingIsRejectedByField(t *testing.T) {
	t.Parallel()
	header := &conversation.WhatsAppInteractiveHeader{}
	offer := conversation.KakaoTalkMessage{Buttons: []conversation.KakaoTalkButton{{BotKeyword: &conversation.KakaoTalkBotKeywordButton{}}, {}}}
	bothLinks := conversation.KakaoTalkButton{WebLink: &conversation.KakaoTalkWebLinkButton{}, AppLink: &conversation.KakaoTalkAppLinkButton{}}
	commerce := func(commerce conversation.KakaoTalkCommerce) conversation.ChannelSpecificMessage {
		return conversation.ChannelSpecificMessage{Commerce: &conversation.KakaoTalkCommerceMessage{Message: commerce}}
	}
	const at = "message.channel_specific_message.WHATSAPP"
	for name, tt := range map[string]struct {
		message       conversation.ChannelSpecificMessage
		field, reason string
	}{
		"empty": {conversation.ChannelSpecificMessage{}, at, "has no content"},
		"two kinds": {
			conversation.ChannelSpecificMessage{Flows: &conversation.WhatsAppFlowMessage{}, Commerce: &conversation.KakaoTalkCommerceMessage{}},
			at, "(FLOWS, COMMERCE)",
		},
		"a known kind and another": {
			conversation.ChannelSpecificMessage{Flows: &conversation.WhatsAppFlowMessage{}, Unknown: json.RawMessage(`{}`)}, at, "(FLOWS, unknown)",
		},
		"the header of a flow": {
			conversation.ChannelSpecificMessage{Flows: &conversation.WhatsAppFlowMessage{Message: conversation.WhatsAppFlow{Header: header}}},
			at + ".message.header", "has no content",
		},
		"the header of an order": {
			conversation.ChannelSpecificMessage{OrderDetails: &conversation.WhatsAppPaymentOrderDetailsMessage{
				Message: conversation.WhatsAppPaymentOrderDetails{Header: header},
			}},
			at + ".message.header", "has no content",
		},
		"the header of a status": {
			conversation.ChannelSpecificMessage{OrderStatus: &conversation.WhatsAppPaymentOrderStatusMessage{
				Message: conversation.WhatsAppPaymentOrderStatus{Header: header},
			}},
			at + ".message.header", "has no content",
		},
		"a way to pay": {
			conversation.ChannelSpecificMessage{OrderDetails: &conversation.WhatsAppPaymentOrderDetailsMessage{Message: conversation.WhatsAppPaymentOrderDetails{
				Payment: conversation.OrderDetailsPayment{PaymentButtons: []conversation.OrderDetailsPaymentButton{
					{Boleto: &conversation.Boleto{}}, {Boleto: &conversation.Boleto{}, PaymentLink: &conversation.PaymentLink{}},
				}},
			}}},
			at + ".message.payment.payment_buttons[1]", "(payment_link, boleto)",
		},
		"a button":  {commerce(conversation.KakaoTalkCommerce{Buttons: []conversation.KakaoTalkButton{bothLinks}}), at + ".message.buttons[0]", "(WL, AL)"},
		"the price": {commerce(conversation.KakaoTalkCommerce{Commerce: &conversation.KakaoTalkPricing{}}), at + ".message.commerce", "has no content"},
		"a coupon":  {commerce(conversation.KakaoTalkCommerce{Coupon: &conversation.KakaoTalkCoupon{}}), at + ".message.coupon", "has no content"},
		"a button in a carousel": {
			conversation.ChannelSpecificMessage{CarouselCommerce: &conversation.KakaoTalkCarouselCommerceMessage{Message: conversation.KakaoTalkCarouselCommerce{
				Carousel: conversation.KakaoTalkCarousel{List: []conversation.KakaoTalkMessage{{}, offer}},
			}}},
			at + ".message.carousel.list[1].buttons[1]", "has no content",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			message := conversation.Text("hi")
			message.ChannelSpecificMessage = map[conversation.Channel]conversation.ChannelSpecificMessage{conversation.ChannelWhatsApp: tt.message}
			requireMessageRefused(t, message, tt.field, tt.reason)
		})
	}
}

func TestATemplateHasAnIDAndOnThePlatformAVersion(t *testing.T) {
	t.Parallel()
	const omni, override = "message.template_message.omni_template", "message.explicit_channel_omni_message.WECHAT.template_reference"
	overridden := func(template conversation.OmniTemplate) conversation.AppMessage {
		message := conversation.Text("hi")
		message.ExplicitChannelOmniMessage = map[conversation.ChannelSpecificTemplate]conversation.OmniMessageOverride{
			conversation.ChannelSpecificTemplateWeChat: {TemplateReference: &template},
		}
		return message
	}
	requireMessageRefused(t, conversation.Template("", "1", "", nil), omni+".template_id", "required")
	requireMessageRefused(t, overridden(conversation.OmniTemplate{Version: "1"}), override+".template_id", "required")

	for field, message := range map[string]conversation.AppMessage{
		omni + ".version":     conversation.Template("T", "", "en", map[string]string{"name": "Eve"}),
		override + ".version": overridden(conversation.OmniTemplate{TemplateID: "T", Version: " "}),
	} {
		req := textMessage()
		req.Message = message
		platform, server := newTestClient(t, answerWith(200, anyReply), conversation.WithDialect(conversation.DialectPlatform))
		_, err := platform.Messages.Send(t.Context(), req)
		requireRefused(t, err, "Messages.Send", field)
		require.ErrorContains(t, err, "latest")
		assert.Empty(t, server.requests())

		openapi, server := newTestClient(t, answerWith(200, anyReply), conversation.WithDialect(conversation.DialectOpenAPI))
		_, err = openapi.Messages.Send(t.Context(), req)
		require.NoError(t, err, "openapi.yaml requires no version")
		assert.Len(t, server.requests(), 1)
	}
}
