package conversation_test

import (
	"context"
	"slices"

	"github.com/sinchgo/conversation"
)

// messageLimits are the limits of what is in messages. Those of one message are shown by Messages.Send; that the others
// are limited too, by one of them.
func messageLimits() []limitCase {
	type (
		ctx    = context.Context
		client = *conversation.Client
	)
	message := func(field string, most int, of func(n int) conversation.AppMessage) limitCase {
		return limitCase{"Messages.Send", "message." + field, 1, most, func(x ctx, c client, n int) error {
			req := textMessage()
			req.Message = of(n)
			return fails(c.Messages.Send(x, req))
		}}
	}
	choices := func(n int) []conversation.Choice {
		made := make([]conversation.Choice, n)
		for i := range made {
			made[i] = conversation.TextChoice("c", "")
		}
		return made
	}
	card := func(n int) conversation.AppMessage { return conversation.Card("t", "", choices(n)...) }
	omni := func(override conversation.OmniMessageOverride) conversation.AppMessage {
		made := conversation.Text("hi")
		made.ExplicitChannelOmniMessage = map[conversation.ChannelSpecificTemplate]conversation.OmniMessageOverride{"WHATSAPP": override}
		return made
	}
	specific := func(channel conversation.Channel, of conversation.ChannelSpecificMessage) conversation.AppMessage {
		made := conversation.Text("hi")
		made.ChannelSpecificMessage = map[conversation.Channel]conversation.ChannelSpecificMessage{channel: of}
		return made
	}
	whatsApp := func(field string, most int, of func(n int) conversation.ChannelSpecificMessage) limitCase {
		return message("channel_specific_message.WHATSAPP.message."+field, most, func(n int) conversation.AppMessage {
			return specific("WHATSAPP", of(n))
		})
	}
	flow := func(change conversation.WhatsAppFlow) conversation.ChannelSpecificMessage {
		return conversation.ChannelSpecificMessage{Flows: &conversation.WhatsAppFlowMessage{Message: change}}
	}
	order := func(change conversation.WhatsAppPaymentOrderDetails) conversation.ChannelSpecificMessage {
		return conversation.ChannelSpecificMessage{OrderDetails: &conversation.WhatsAppPaymentOrderDetailsMessage{Message: change}}
	}
	status := func(change conversation.WhatsAppPaymentOrderStatus) conversation.ChannelSpecificMessage {
		return conversation.ChannelSpecificMessage{OrderStatus: &conversation.WhatsAppPaymentOrderStatusMessage{Message: change}}
	}
	body := func(n int) *conversation.WhatsAppInteractiveBody {
		return &conversation.WhatsAppInteractiveBody{Text: long(n)}
	}
	footer := func(n int) *conversation.WhatsAppInteractiveFooter {
		return &conversation.WhatsAppInteractiveFooter{Text: long(n)}
	}
	// An offer is alone, or the second of a carousel.
	offer := func(field string, most int, pricing func(n int) conversation.KakaoTalkPricing) []limitCase {
		return []limitCase{
			message("channel_specific_message.KAKAOTALK.message.commerce."+field, most, func(n int) conversation.AppMessage {
				return specific("KAKAOTALK", conversation.ChannelSpecificMessage{Commerce: &conversation.KakaoTalkCommerceMessage{
					Message: conversation.KakaoTalkCommerce{Buttons: buyButtons(1), Commerce: new(pricing(n))},
				}})
			}),
			message("channel_specific_message.KAKAOTALK.message.carousel.list[1].commerce."+field, most, func(n int) conversation.AppMessage {
				return specific("KAKAOTALK", conversation.ChannelSpecificMessage{CarouselCommerce: &conversation.KakaoTalkCarouselCommerceMessage{
					Message: conversation.KakaoTalkCarouselCommerce{Carousel: conversation.KakaoTalkCarousel{
						List: []conversation.KakaoTalkMessage{{Buttons: buyButtons(1)}, {Buttons: buyButtons(2), Commerce: new(pricing(n))}},
					}},
				}})
			}),
		}
	}
	coupon := func(field string, most int, coupon func(n int) conversation.KakaoTalkCoupon) limitCase {
		return message("channel_specific_message.KAKAOTALK.message.coupon."+field, most, func(n int) conversation.AppMessage {
			return specific("KAKAOTALK", conversation.ChannelSpecificMessage{Commerce: &conversation.KakaoTalkCommerceMessage{
				Message: conversation.KakaoTalkCommerce{Buttons: buyButtons(1), Coupon: new(coupon(n))},
			}})
		})
	}
	fixed := func(made conversation.KakaoTalkDiscountFixedCommerce) conversation.KakaoTalkPricing {
		return conversation.KakaoTalkPricing{DiscountFixed: &made}
	}
	rate := func(made conversation.KakaoTalkDiscountRateCommerce) conversation.KakaoTalkPricing {
		return conversation.KakaoTalkPricing{DiscountRate: &made}
	}

	cases := []limitCase{
		message("card_message.choices", 10, card),
		message("choice_message.choices", 10, func(n int) conversation.AppMessage { return conversation.Choices("t", choices(n)...) }),
		message("carousel_message.cards", 10, func(n int) conversation.AppMessage {
			return conversation.Carousel(slices.Repeat([]conversation.CardMessage{{Title: "T"}}, n)...)
		}),
		message("carousel_message.choices", 3, func(n int) conversation.AppMessage {
			made := conversation.Carousel(conversation.CardMessage{Title: "T"})
			made.CarouselMessage.Choices = choices(n)
			return made
		}),
		message("carousel_message.cards[1].choices", 10, func(n int) conversation.AppMessage {
			return conversation.Carousel(conversation.CardMessage{Title: "T"}, conversation.CardMessage{Choices: choices(n)})
		}),
		message("explicit_channel_omni_message.WHATSAPP.card_message.choices", 10, func(n int) conversation.AppMessage {
			return omni(conversation.OmniMessageOverride{CardMessage: card(n).CardMessage})
		}),
		whatsApp("flow_cta", 20, func(n int) conversation.ChannelSpecificMessage {
			return flow(conversation.WhatsAppFlow{FlowCTA: long(n)})
		}),
		whatsApp("body.text", 1024, func(n int) conversation.ChannelSpecificMessage { return flow(conversation.WhatsAppFlow{Body: body(n)}) }),
		whatsApp("footer.text", 60, func(n int) conversation.ChannelSpecificMessage {
			return flow(conversation.WhatsAppFlow{Footer: footer(n)})
		}),
		whatsApp("body.text", 1024, func(n int) conversation.ChannelSpecificMessage {
			return order(conversation.WhatsAppPaymentOrderDetails{Body: body(n)})
		}),
		whatsApp("payment.payment_buttons", 2, func(n int) conversation.ChannelSpecificMessage {
			buttons := make([]conversation.OrderDetailsPaymentButton, n)
			for i := range buttons {
				buttons[i].PaymentLink = &conversation.PaymentLink{URI: "https://x.test/pay"}
			}
			return order(conversation.WhatsAppPaymentOrderDetails{Payment: conversation.OrderDetailsPayment{PaymentButtons: buttons}})
		}),
		whatsApp("footer.text", 60, func(n int) conversation.ChannelSpecificMessage {
			return status(conversation.WhatsAppPaymentOrderStatus{Footer: footer(n)})
		}),
		whatsApp("payment.order.description", 120, func(n int) conversation.ChannelSpecificMessage {
			return status(conversation.WhatsAppPaymentOrderStatus{Payment: conversation.OrderStatusPayment{
				Order: conversation.OrderStatusPaymentDetails{Description: long(n)},
			}})
		}),
		coupon("discount_fixed", 999999, func(n int) conversation.KakaoTalkCoupon {
			return conversation.KakaoTalkCoupon{FixedDiscount: &conversation.KakaoTalkFixedDiscountCoupon{DiscountFixed: int64(n), LinkMo: "https://x.test"}}
		}),
		coupon("discount_rate", 100, func(n int) conversation.KakaoTalkCoupon {
			return conversation.KakaoTalkCoupon{DiscountRate: &conversation.KakaoTalkDiscountRateCoupon{DiscountRate: n, SchemeIOS: "alimtalk=coupon://x"}}
		}),
		{"Transcoding.Transcode", "app_message.card_message.choices", 1, 10, func(x ctx, c client, n int) error {
			return fails(c.Transcoding.Transcode(x, &conversation.TranscodeRequest{AppID: "a", Channels: []conversation.Channel{"RCS"}, AppMessage: card(n)}))
		}},
		{"Conversations.InjectMessage", "app_message.card_message.choices", 1, 10, func(x ctx, c client, n int) error {
			req := injectedMessage()
			req.ContactMessage, req.AppMessage = nil, new(card(n))
			return c.Conversations.InjectMessage(x, "v", req)
		}},
		{"Templates.Create", "translations[0].card_message.choices", 1, 10, func(x ctx, c client, n int) error {
			return fails(c.Templates.Create(x, &conversation.V2Template{
				DefaultTranslation: "en",
				Translations:       []conversation.V2TemplateTranslation{{LanguageCode: "en", CardMessage: card(n).CardMessage}},
			}))
		}},
	}
	for _, both := range [][]limitCase{
		offer("regular_price", 99999999, func(n int) conversation.KakaoTalkPricing {
			return conversation.KakaoTalkPricing{RegularPrice: &conversation.KakaoTalkRegularPriceCommerce{RegularPrice: int64(n)}}
		}),
		offer("regular_price", 99999999, func(n int) conversation.KakaoTalkPricing {
			return fixed(conversation.KakaoTalkDiscountFixedCommerce{RegularPrice: int64(n)})
		}),
		offer("discount_price", 99999999, func(n int) conversation.KakaoTalkPricing {
			return fixed(conversation.KakaoTalkDiscountFixedCommerce{DiscountPrice: int64(n)})
		}),
		offer("discount_fixed", 999999, func(n int) conversation.KakaoTalkPricing {
			return fixed(conversation.KakaoTalkDiscountFixedCommerce{DiscountFixed: int64(n)})
		}),
		offer("regular_price", 99999999, func(n int) conversation.KakaoTalkPricing {
			return rate(conversation.KakaoTalkDiscountRateCommerce{RegularPrice: int64(n)})
		}),
		offer("discount_price", 99999999, func(n int) conversation.KakaoTalkPricing {
			return rate(conversation.KakaoTalkDiscountRateCommerce{DiscountPrice: int64(n)})
		}),
		offer("discount_rate", 100, func(n int) conversation.KakaoTalkPricing {
			return rate(conversation.KakaoTalkDiscountRateCommerce{DiscountRate: n})
		}),
	} {
		cases = append(cases, both...)
	}
	return cases
}
