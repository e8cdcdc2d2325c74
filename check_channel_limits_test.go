package conversation_test

import (
	"context"
	"slices"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

// buyButtons returns buttons of an offer.
func buyButtons(n int) []conversation.KakaoTalkButton {
	return slices.Repeat([]conversation.KakaoTalkButton{{BotKeyword: &conversation.KakaoTalkBotKeywordButton{Name: "Buy"}}}, n)
}

// special is a message that one channel receives.
func special(channel conversation.Channel, message conversation.ChannelSpecificMessage) conversation.AppMessage {
	made := conversation.Text("hi")
	made.ChannelSpecificMessage = map[conversation.Channel]conversation.ChannelSpecificMessage{channel: message}
	return made
}

// commerce is an offer on KakaoTalk.
func commerce(offer conversation.KakaoTalkCommerce) conversation.AppMessage {
	return special("KAKAOTALK", conversation.ChannelSpecificMessage{Commerce: &conversation.KakaoTalkCommerceMessage{Message: offer}})
}

// offers is a carousel of offers on KakaoTalk.
func offers(carousel conversation.KakaoTalkCarousel) conversation.AppMessage {
	return special("KAKAOTALK", conversation.ChannelSpecificMessage{CarouselCommerce: &conversation.KakaoTalkCarouselCommerceMessage{
		Message: conversation.KakaoTalkCarouselCommerce{Carousel: carousel},
	}})
}

// withCoupon is an offer with a coupon.
func withCoupon(coupon conversation.KakaoTalkCoupon) conversation.AppMessage {
	return commerce(conversation.KakaoTalkCommerce{Buttons: buyButtons(1), Coupon: &coupon})
}

// channelLimits are the limits of messages that a single channel has.
func channelLimits() []limitCase {
	limit := func(field string, least, most int, of func(n int) conversation.AppMessage) limitCase {
		return limitCase{
			"Messages.Send", "message.channel_specific_message." + field, least, most,
			func(x context.Context, c *conversation.Client, n int) error {
				req := textMessage()
				req.Message = of(n)
				return fails(c.Messages.Send(x, req))
			},
		}
	}
	kakao := func(field string, most int, of func(n int) conversation.AppMessage) limitCase {
		return limit("KAKAOTALK.message."+field, 1, most, of)
	}
	priced := func(pricing conversation.KakaoTalkPricing) conversation.AppMessage {
		return commerce(conversation.KakaoTalkCommerce{Buttons: buyButtons(1), Commerce: &pricing})
	}
	two := []conversation.KakaoTalkMessage{{Buttons: buyButtons(1)}, {Buttons: buyButtons(2)}}
	line := func(field string, most int, of func(n int) conversation.LineNotificationTemplateBody) limitCase {
		return limit("LINE.message.body."+field, 1, most, func(n int) conversation.AppMessage {
			return special("LINE", conversation.ChannelSpecificMessage{NotificationTemplate: &conversation.LineNotificationTemplateMessage{
				Message: conversation.LineNotificationTemplate{TemplateKey: "T", Body: new(of(n))},
			}})
		})
	}
	const link = "https://x.test"
	return []limitCase{
		kakao("buttons[0].name", 8, func(n int) conversation.AppMessage {
			return commerce(conversation.KakaoTalkCommerce{Buttons: []conversation.KakaoTalkButton{{WebLink: &conversation.KakaoTalkWebLinkButton{Name: long(n)}}}})
		}),
		kakao("buttons[1].name", 8, func(n int) conversation.AppMessage {
			button := conversation.KakaoTalkButton{AppLink: &conversation.KakaoTalkAppLinkButton{Name: long(n)}}
			return commerce(conversation.KakaoTalkCommerce{Buttons: append(buyButtons(1), button)})
		}),
		kakao("carousel.list[1].buttons[0].name", 8, func(n int) conversation.AppMessage {
			button := conversation.KakaoTalkButton{BotKeyword: &conversation.KakaoTalkBotKeywordButton{Name: long(n)}}
			return offers(conversation.KakaoTalkCarousel{List: []conversation.KakaoTalkMessage{two[0], {Buttons: []conversation.KakaoTalkButton{button}}}})
		}),
		kakao("buttons", 2, func(n int) conversation.AppMessage {
			return commerce(conversation.KakaoTalkCommerce{Buttons: buyButtons(n)})
		}),
		kakao("carousel.list[0].buttons", 2, func(n int) conversation.AppMessage {
			return offers(conversation.KakaoTalkCarousel{List: []conversation.KakaoTalkMessage{{Buttons: buyButtons(n)}, two[1]}})
		}),
		kakao("additional_content", 34, func(n int) conversation.AppMessage {
			return commerce(conversation.KakaoTalkCommerce{Buttons: buyButtons(1), AdditionalContent: long(n)})
		}),
		kakao("carousel.list[1].additional_content", 34, func(n int) conversation.AppMessage {
			return offers(conversation.KakaoTalkCarousel{List: []conversation.KakaoTalkMessage{two[0], {Buttons: buyButtons(1), AdditionalContent: long(n)}}})
		}),
		kakao("commerce.title", 30, func(n int) conversation.AppMessage {
			return priced(conversation.KakaoTalkPricing{RegularPrice: &conversation.KakaoTalkRegularPriceCommerce{Title: long(n)}})
		}),
		kakao("commerce.title", 30, func(n int) conversation.AppMessage {
			return priced(conversation.KakaoTalkPricing{DiscountFixed: &conversation.KakaoTalkDiscountFixedCommerce{Title: long(n)}})
		}),
		kakao("commerce.title", 30, func(n int) conversation.AppMessage {
			return priced(conversation.KakaoTalkPricing{DiscountRate: &conversation.KakaoTalkDiscountRateCommerce{Title: long(n)}})
		}),
		kakao("coupon.title", 7, func(n int) conversation.AppMessage {
			return withCoupon(conversation.KakaoTalkCoupon{Free: &conversation.KakaoTalkFreeCoupon{Title: long(n), LinkMo: link}})
		}),
		kakao("coupon.title", 7, func(n int) conversation.AppMessage {
			return withCoupon(conversation.KakaoTalkCoupon{UP: &conversation.KakaoTalkUPCoupon{Title: long(n), LinkMo: link}})
		}),
		kakao("coupon.description", 12, func(n int) conversation.AppMessage {
			return withCoupon(conversation.KakaoTalkCoupon{ShippingDiscount: &conversation.KakaoTalkShippingDiscountCoupon{Description: long(n), LinkMo: link}})
		}),
		kakao("coupon.description", 12, func(n int) conversation.AppMessage {
			return withCoupon(conversation.KakaoTalkCoupon{FixedDiscount: &conversation.KakaoTalkFixedDiscountCoupon{Description: long(n), LinkMo: link}})
		}),
		limit("KAKAOTALK.message.carousel.list", 2, 10, func(n int) conversation.AppMessage {
			return offers(conversation.KakaoTalkCarousel{List: slices.Repeat(two[:1], n)})
		}),
		kakao("carousel.head.header", 20, func(n int) conversation.AppMessage {
			return offers(conversation.KakaoTalkCarousel{List: two, Head: &conversation.KakaoTalkCarouselHead{Header: long(n), ImageURL: link}})
		}),
		kakao("carousel.head.content", 50, func(n int) conversation.AppMessage {
			return offers(conversation.KakaoTalkCarousel{List: two, Head: &conversation.KakaoTalkCarouselHead{Content: long(n), ImageURL: link}})
		}),
		line("emphasized_item.content", 15, func(n int) conversation.LineNotificationTemplateBody {
			return conversation.LineNotificationTemplateBody{EmphasizedItem: &conversation.LineNotificationTemplateItem{Content: long(n)}}
		}),
		line("items", 15, func(n int) conversation.LineNotificationTemplateBody {
			return conversation.LineNotificationTemplateBody{Items: make([]conversation.LineNotificationTemplateItem, n)}
		}),
		line("items[1].content", 300, func(n int) conversation.LineNotificationTemplateBody {
			return conversation.LineNotificationTemplateBody{Items: []conversation.LineNotificationTemplateItem{{}, {Content: long(n)}}}
		}),
		line("buttons", 2, func(n int) conversation.LineNotificationTemplateBody {
			return conversation.LineNotificationTemplateBody{Buttons: make([]conversation.LineNotificationTemplateButton, n)}
		}),
		line("buttons[0].url", 1000, func(n int) conversation.LineNotificationTemplateBody {
			return conversation.LineNotificationTemplateBody{Buttons: []conversation.LineNotificationTemplateButton{{URL: long(n)}}}
		}),
	}
}

// requireLimited requires the platform's clients to reject a message, and to send it without limit checks.
func requireLimited(t *testing.T, message conversation.AppMessage, field, reason string) {
	t.Helper()
	platform := conversation.WithDialect(conversation.DialectPlatform)
	req := textMessage()
	req.Message = message
	client, wire := scripted(t, nil, platform)
	err := fails(client.Messages.Send(t.Context(), req))
	requireRefused(t, err, "Messages.Send", "message.channel_specific_message."+field)
	require.ErrorContains(t, err, reason)
	require.ErrorContains(t, err, "WithoutLimitChecks")
	assert.Empty(t, wire.requests())
	for _, opts := range [][]conversation.Option{{platform, conversation.WithoutLimitChecks()}, nil} {
		client, _ = scripted(t, []step{{status: 200, body: anyReply}}, opts...)
		require.NoError(t, fails(client.Messages.Send(t.Context(), req)))
	}
}

func TestAnOfferNeedsButtonsAndACouponALink(t *testing.T) {
	t.Parallel()
	requireLimited(t, commerce(conversation.KakaoTalkCommerce{}), "KAKAOTALK.message.buttons", "has 0 items: the platform requires at least 1")
	for _, coupon := range []conversation.KakaoTalkCoupon{
		{FixedDiscount: &conversation.KakaoTalkFixedDiscountCoupon{DiscountFixed: 5, LinkPC: "https://x.test"}},
		{DiscountRate: &conversation.KakaoTalkDiscountRateCoupon{DiscountRate: 5}},
		{ShippingDiscount: &conversation.KakaoTalkShippingDiscountCoupon{}},
		{Free: &conversation.KakaoTalkFreeCoupon{Title: "Tea"}},
		{UP: &conversation.KakaoTalkUPCoupon{Title: "Tea"}},
	} {
		requireLimited(t, withCoupon(coupon), "KAKAOTALK.message.coupon", "set link_mo, scheme_android or scheme_ios")
	}
}

func TestAnOrderEndsSomeMinutesAhead(t *testing.T) {
	t.Parallel()
	order := func(end string) conversation.AppMessage {
		return special("WHATSAPP", conversation.ChannelSpecificMessage{OrderDetails: &conversation.WhatsAppPaymentOrderDetailsMessage{
			Message: conversation.WhatsAppPaymentOrderDetails{Payment: conversation.OrderDetailsPayment{
				Order: conversation.OrderDetailsPaymentOrder{ExpirationTime: end},
			}},
		}})
	}
	synctest.Test(t, func(t *testing.T) {
		at := func(ahead time.Duration) string { return strconv.FormatInt(time.Now().Add(ahead).Unix(), 10) }
		const field = "WHATSAPP.message.payment.order.expiration_time"
		requireLimited(t, order(at(299*time.Second)), field, "is less than 300 seconds ahead")
		requireLimited(t, order("1"), field, "is less than 300 seconds ahead")
		requireLimited(t, order(time.Now().Add(time.Hour).Format(time.RFC3339)), field, "is not a time in Unix seconds")
		for _, end := range []string{"", at(300 * time.Second), at(1000 * time.Hour)} {
			client, _ := scripted(t, []step{{status: 200, body: anyReply}}, conversation.WithDialect(conversation.DialectPlatform))
			req := textMessage()
			req.Message = order(end)
			require.NoError(t, fails(client.Messages.Send(t.Context(), req)), end)
		}
		client, _ := scripted(t, []step{{status: 200, body: anyReply}}, conversation.WithDialect(conversation.DialectPlatform))
		past := injectedMessage()
		past.ContactMessage, past.AppMessage, past.AcceptTime = nil, new(order("1")), conversation.NewTime(time.Now())
		require.NoError(t, client.Conversations.InjectMessage(t.Context(), "v", past), "an order that is injected may have ended")
	})
}
