package browsertest

import (
	"context"

	"github.com/sinchgo/conversation"
)

func sendReply(_ context.Context, _ *conversation.Client, request *conversation.SendMessageRequest) error {
	request.Message = conversation.Reply(conversation.Text("Yes, until ten."), "MESSAGE_ID") // ID of the inbound message
	return nil
}

func sendAgent(_ context.Context, _ *conversation.Client, request *conversation.SendMessageRequest) error {
	request.Message = conversation.Text("Hello, this is Kim. How can I help?")
	request.Message.Agent = &conversation.Agent{DisplayName: "Kim", Type: conversation.AgentTypeHuman}
	return nil
}

func sendOverride(_ context.Context, _ *conversation.Client, request *conversation.SendMessageRequest) error {
	onWhatsApp := conversation.Choices("Rate your pizza", conversation.TextChoice("Good", "5"), conversation.TextChoice("Bad", "1"))
	request.Message = conversation.Text("Rate your pizza: https://pizza.example/rate/7") // on every other channel
	request.Message.ExplicitChannelOmniMessage = map[conversation.ChannelSpecificTemplate]conversation.OmniMessageOverride{
		conversation.ChannelSpecificTemplateWhatsApp: {ChoiceMessage: onWhatsApp.ChoiceMessage},
	}
	return nil
}

func sendExplicit(_ context.Context, _ *conversation.Client, request *conversation.SendMessageRequest) error {
	request.Message = conversation.Text("You rolled a 6.") // on every other channel
	request.Message.ExplicitChannelMessage = map[conversation.Channel]string{
		conversation.ChannelTelegram: `{"method": "sendDice"}`,
	}
	return nil
}

func sendApproved(_ context.Context, _ *conversation.Client, request *conversation.SendMessageRequest) error {
	request.Message.TemplateMessage = &conversation.TemplateMessage{
		ChannelTemplate: map[conversation.Channel]conversation.ChannelSpecificTemplateReference{
			conversation.ChannelWhatsApp: {TemplateID: "order_update", LanguageCode: "en_US", Parameters: map[string]string{"body[1]text": "Grace"}},
		},
	}
	return nil
}

func sendProducts(_ context.Context, _ *conversation.Client, request *conversation.SendMessageRequest) error {
	request.Message = conversation.ListMenu("This week", conversation.ListSection{Title: "Pizza", Items: []conversation.Choice{
		{Product: &conversation.ProductItem{ID: "funghi", Marketplace: "FACEBOOK"}},
		{Product: &conversation.ProductItem{ID: "verde", Marketplace: "FACEBOOK"}},
	}})
	request.Message.ListMessage.MessageProperties = &conversation.ListMessageProperties{CatalogID: "CATALOG_ID"}
	return nil
}

func sendFlow(_ context.Context, _ *conversation.Client, request *conversation.SendMessageRequest) error {
	request.Message = conversation.Text("Book a table: https://pizza.example/book") // on every other channel
	request.Message.ChannelSpecificMessage = map[conversation.Channel]conversation.ChannelSpecificMessage{
		conversation.ChannelWhatsApp: {Flows: &conversation.WhatsAppFlowMessage{Message: conversation.WhatsAppFlow{
			FlowID:            "FLOW_ID",
			FlowToken:         "booking-7", // comes back with the answer
			FlowCTA:           "Book",
			FlowActionPayload: &conversation.FlowActionPayload{Screen: "DATE"},
			Body:              &conversation.WhatsAppInteractiveBody{Text: "Which day?"},
		}}},
	}
	return nil
}

func sendOrder(_ context.Context, _ *conversation.Client, request *conversation.SendMessageRequest) error {
	request.Message = conversation.Text("Pay order 7: https://pizza.example/pay/7") // on every other channel
	request.Message.ChannelSpecificMessage = map[conversation.Channel]conversation.ChannelSpecificMessage{
		conversation.ChannelWhatsApp: {OrderDetails: &conversation.WhatsAppPaymentOrderDetailsMessage{
			Message: conversation.WhatsAppPaymentOrderDetails{
				Body: &conversation.WhatsAppInteractiveBody{Text: "Your order"},
				Payment: conversation.OrderDetailsPayment{
					Type:             conversation.OrderDetailsPaymentTypeBR,
					ReferenceID:      "order-7",
					TypeOfGoods:      conversation.OrderDetailsTypeOfGoodsPhysical,
					TotalAmountValue: 4950,
					PaymentButtons: []conversation.OrderDetailsPaymentButton{
						{PaymentLink: &conversation.PaymentLink{URI: "https://pizza.example/pay/7"}},
					},
					Order: conversation.OrderDetailsPaymentOrder{
						SubtotalValue: 4900,
						TaxValue:      50,
						ShippingValue: new(int64(0)), // free
						Items: []conversation.OrderDetailsPaymentOrderItem{
							{RetailerID: "funghi", Name: "Pizza Funghi", AmountValue: 4900, Quantity: 1},
						},
					},
				},
			},
		}},
	}
	return nil
}

func sendStatus(_ context.Context, _ *conversation.Client, request *conversation.SendMessageRequest) error {
	request.Message = conversation.Text("Order 7 is on its way.") // on every other channel
	request.Message.ChannelSpecificMessage = map[conversation.Channel]conversation.ChannelSpecificMessage{
		conversation.ChannelWhatsApp: {OrderStatus: &conversation.WhatsAppPaymentOrderStatusMessage{
			Message: conversation.WhatsAppPaymentOrderStatus{
				Body: &conversation.WhatsAppInteractiveBody{Text: "It is on its way."},
				Payment: conversation.OrderStatusPayment{
					ReferenceID: "order-7",
					Order:       conversation.OrderStatusPaymentDetails{Status: conversation.OrderStatusPaymentStatusShipped},
				},
			},
		}},
	}
	return nil
}

func sendOffer(_ context.Context, _ *conversation.Client, request *conversation.SendMessageRequest) error {
	request.Message = conversation.Text("Pizza Funghi for 9,900 won: https://pizza.example/funghi") // on every other channel
	request.Message.ChannelSpecificMessage = map[conversation.Channel]conversation.ChannelSpecificMessage{
		conversation.ChannelKakaoTalk: {Commerce: &conversation.KakaoTalkCommerceMessage{Message: conversation.KakaoTalkCommerce{
			Image: conversation.KakaoTalkImage{ImageURL: "https://pizza.example/funghi.jpg"},
			Commerce: &conversation.KakaoTalkPricing{DiscountRate: &conversation.KakaoTalkDiscountRateCommerce{
				Title: "Pizza Funghi", RegularPrice: 11000, DiscountPrice: 9900, DiscountRate: 10,
			}},
			Coupon: &conversation.KakaoTalkCoupon{FixedDiscount: &conversation.KakaoTalkFixedDiscountCoupon{
				DiscountFixed: 1000, Description: "until Sunday", LinkMo: "https://pizza.example/coupon",
			}},
			Buttons: []conversation.KakaoTalkButton{
				{WebLink: &conversation.KakaoTalkWebLinkButton{Name: "Order", LinkMo: "https://pizza.example/funghi"}},
			},
		}}},
	}
	return nil
}

func sendOffers(_ context.Context, _ *conversation.Client, request *conversation.SendMessageRequest) error {
	offer := func(title, page, image string, price int64) conversation.KakaoTalkMessage {
		return conversation.KakaoTalkMessage{
			Image:    conversation.KakaoTalkImage{ImageURL: image},
			Commerce: &conversation.KakaoTalkPricing{RegularPrice: &conversation.KakaoTalkRegularPriceCommerce{Title: title, RegularPrice: price}},
			Buttons:  []conversation.KakaoTalkButton{{WebLink: &conversation.KakaoTalkWebLinkButton{Name: "Order", LinkMo: page}}},
		}
	}
	request.Message = conversation.Text("Pizza from 9,900 won: https://pizza.example") // on every other channel
	request.Message.ChannelSpecificMessage = map[conversation.Channel]conversation.ChannelSpecificMessage{
		conversation.ChannelKakaoTalk: {CarouselCommerce: &conversation.KakaoTalkCarouselCommerceMessage{
			Message: conversation.KakaoTalkCarouselCommerce{Carousel: conversation.KakaoTalkCarousel{
				List: []conversation.KakaoTalkMessage{
					offer("Pizza Funghi", "https://pizza.example/funghi", "https://pizza.example/funghi.jpg", 11000),
					offer("Pizza Verde", "https://pizza.example/verde", "https://pizza.example/verde.jpg", 9900),
				},
				Tail: &conversation.KakaoTalkCarouselTail{LinkMo: "https://pizza.example"},
			}},
		}},
	}
	return nil
}

func sendNotification(_ context.Context, _ *conversation.Client, request *conversation.SendMessageRequest) error {
	request.Message = conversation.Text("Your table is ready.") // on every other channel
	request.Message.ChannelSpecificMessage = map[conversation.Channel]conversation.ChannelSpecificMessage{
		conversation.ChannelLINE: {NotificationTemplate: &conversation.LineNotificationTemplateMessage{
			Message: conversation.LineNotificationTemplate{
				TemplateKey: "TEMPLATE_KEY",
				Body: &conversation.LineNotificationTemplateBody{
					EmphasizedItem: &conversation.LineNotificationTemplateItem{ItemKey: "table", Content: "7"},
					Items:          []conversation.LineNotificationTemplateItem{{ItemKey: "time", Content: "8 pm"}},
					Buttons:        []conversation.LineNotificationTemplateButton{{ButtonKey: "see_details", URL: "https://pizza.example/t/7"}},
				},
			},
		}},
	}
	return nil
}

func sendComposing(ctx context.Context, client *conversation.Client, request *conversation.SendMessageRequest) error {
	_, err := client.Events.Send(ctx, &conversation.SendEventRequest{
		AppID:     request.AppID,
		Recipient: request.Recipient,
		Event:     conversation.AppEvent{ComposingEvent: &conversation.ComposingEvent{}},
	})
	return err
}

func sendJoined(ctx context.Context, client *conversation.Client, request *conversation.SendMessageRequest) error {
	kim := conversation.Agent{DisplayName: "Kim", Type: conversation.AgentTypeHuman}
	_, err := client.Events.Send(ctx, &conversation.SendEventRequest{
		AppID:     request.AppID,
		Recipient: request.Recipient,
		Event:     conversation.AppEvent{AgentJoinedEvent: &conversation.AgentJoinedEvent{Agent: kim}},
	})
	return err
}
