package conversation

import (
	"cmp"
	"fmt"
)

// The functions here refuse unions that are not exactly one thing, in the messages that single channels have.

func checkUnion(op operation, field string, u union) error {
	return checkOneKind(op, field, "set one of its fields", u.namesSet())
}

func checkChannelMessages(op operation, whole, name string, messages map[Channel]ChannelSpecificMessage) error {
	for channel, message := range messages {
		at := whole + "." + name + "." + string(channel)
		if err := cmp.Or(
			checkUnion(op, at, channelMessageUnion(&message)),
			checkWhatsApp(op, at+".message", message),
			checkKakaoTalk(op, at+".message", message),
		); err != nil {
			return err
		}
	}
	return nil
}

func checkWhatsApp(op operation, field string, message ChannelSpecificMessage) error {
	switch {
	case message.Flows != nil:
		return checkHeader(op, field+".header", message.Flows.Message.Header)
	case message.OrderStatus != nil:
		return checkHeader(op, field+".header", message.OrderStatus.Message.Header)
	case message.OrderDetails != nil:
		details := message.OrderDetails.Message
		for i := range details.Payment.PaymentButtons {
			at := fmt.Sprintf("%s.payment.payment_buttons[%d]", field, i)
			if err := checkUnion(op, at, paymentButtonUnion(&details.Payment.PaymentButtons[i])); err != nil {
				return err
			}
		}
		return checkHeader(op, field+".header", details.Header)
	default:
		return nil
	}
}

func checkHeader(op operation, field string, header *WhatsAppInteractiveHeader) error {
	if header == nil {
		return nil
	}
	return checkUnion(op, field, headerUnion(header))
}

func checkKakaoTalk(op operation, field string, message ChannelSpecificMessage) error {
	if message.Commerce != nil {
		offer := message.Commerce.Message
		return checkOffer(op, field, offer.Buttons, offer.Commerce, offer.Coupon)
	}
	if message.CarouselCommerce == nil {
		return nil
	}
	for i, offer := range message.CarouselCommerce.Message.Carousel.List {
		at := fmt.Sprintf("%s.carousel.list[%d]", field, i)
		if err := checkOffer(op, at, offer.Buttons, offer.Commerce, offer.Coupon); err != nil {
			return err
		}
	}
	return nil
}

// checkOffer checks the unions of an offer. The price and the coupon may be left out.
func checkOffer(op operation, field string, buttons []KakaoTalkButton, price *KakaoTalkPricing, coupon *KakaoTalkCoupon) error {
	for i := range buttons {
		if err := checkUnion(op, fmt.Sprintf("%s.buttons[%d]", field, i), buttonUnion(&buttons[i])); err != nil {
			return err
		}
	}
	if price != nil {
		if err := checkUnion(op, field+".commerce", pricingUnion(price)); err != nil {
			return err
		}
	}
	if coupon != nil {
		return checkUnion(op, field+".coupon", couponUnion(coupon))
	}
	return nil
}
