package conversation

import "fmt"

const (
	maxChoices      = 10 // of a card or a choice message
	maxCards        = 10
	maxOuterChoices = 3 // of a carousel
)

func (l *limits) appMessage(field string, message *AppMessage) {
	l.choices(field, message.CardMessage, message.ChoiceMessage, message.CarouselMessage)
	for channel, override := range message.ExplicitChannelOmniMessage {
		at := field + ".explicit_channel_omni_message." + string(channel)
		l.choices(at, override.CardMessage, override.ChoiceMessage, override.CarouselMessage)
	}
	for channel, specific := range message.ChannelSpecificMessage {
		at := field + ".channel_specific_message." + string(channel) + ".message"
		l.whatsApp(at, specific)
		l.kakaoTalk(at, specific)
	}
}

func (l *limits) choices(field string, card *CardMessage, choice *ChoiceMessage, carousel *CarouselMessage) {
	l.count(field+".card_message.choices", len(orZero(card).Choices), maxChoices)
	l.count(field+".choice_message.choices", len(orZero(choice).Choices), maxChoices)
	if carousel == nil {
		return
	}
	l.count(field+".carousel_message.cards", len(carousel.Cards), maxCards)
	l.count(field+".carousel_message.choices", len(carousel.Choices), maxOuterChoices)
	for i := range carousel.Cards {
		l.count(fmt.Sprintf("%s.carousel_message.cards[%d].choices", field, i), len(carousel.Cards[i].Choices), maxChoices)
	}
}

func (l *limits) whatsApp(field string, message ChannelSpecificMessage) {
	switch {
	case message.Flows != nil:
		flow := message.Flows.Message
		l.text(field+".flow_cta", flow.FlowCTA, 20)
		l.bodyAndFooter(field, flow.Body, flow.Footer)
	case message.OrderDetails != nil:
		details := message.OrderDetails.Message
		l.count(field+".payment.payment_buttons", len(details.Payment.PaymentButtons), 2)
		l.bodyAndFooter(field, details.Body, details.Footer)
	case message.OrderStatus != nil:
		status := message.OrderStatus.Message
		l.text(field+".payment.order.description", status.Payment.Order.Description, 120)
		l.bodyAndFooter(field, status.Body, status.Footer)
	}
}

func (l *limits) bodyAndFooter(field string, body *WhatsAppInteractiveBody, footer *WhatsAppInteractiveFooter) {
	l.text(field+".body.text", orZero(body).Text, 1024)
	l.text(field+".footer.text", orZero(footer).Text, 60)
}

func (l *limits) kakaoTalk(field string, message ChannelSpecificMessage) {
	if message.Commerce != nil {
		offer := message.Commerce.Message
		l.offer(field, offer.Commerce, offer.Coupon)
	}
	if message.CarouselCommerce == nil {
		return
	}
	for i, offer := range message.CarouselCommerce.Message.Carousel.List {
		l.offer(fmt.Sprintf("%s.carousel.list[%d]", field, i), offer.Commerce, offer.Coupon)
	}
}

// offer limits prices and discounts, in won and in percent.
func (l *limits) offer(field string, price *KakaoTalkPricing, coupon *KakaoTalkCoupon) {
	var (
		regular  = orZero(orZero(price).RegularPrice)
		fixed    = orZero(orZero(price).DiscountFixed)
		rate     = orZero(orZero(price).DiscountRate)
		fixedOff = orZero(orZero(coupon).FixedDiscount)
		rateOff  = orZero(orZero(coupon).DiscountRate)
	)
	for _, limit := range []struct {
		field  string
		number int
		most   int64
	}{
		{".commerce.regular_price", regular.RegularPrice, 99999999},
		{".commerce.regular_price", fixed.RegularPrice, 99999999},
		{".commerce.regular_price", rate.RegularPrice, 99999999},
		{".commerce.discount_price", fixed.DiscountPrice, 99999999},
		{".commerce.discount_price", rate.DiscountPrice, 99999999},
		{".commerce.discount_fixed", fixed.DiscountFixed, 999999},
		{".commerce.discount_rate", rate.DiscountRate, 100},
		{".coupon.discount_fixed", fixedOff.DiscountFixed, 999999},
		{".coupon.discount_rate", rateOff.DiscountRate, 100},
	} {
		l.number(field+limit.field, limit.number, 0, limit.most)
	}
}
