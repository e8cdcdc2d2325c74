package conversation

import (
	"strings"

	"github.com/sinchgo/conversation/internal/wire"
)

// channelMessage checks a message of a kind that a single channel has: exactly one kind, and so for the unions in it.
func (c *checker) channelMessage(field string, message *ChannelSpecificMessage) {
	c.union(field, channelMessageUnion(message))
	c.whatsApp(field+".message", message)
	c.kakaoTalk(field+".message", message)
	c.readable(field, message)
}

// readable rejects text that says nothing, and links that are not on the web. Schemes of apps, and the links of LINE, may be
// other URLs.
func (c *checker) readable(field string, message *ChannelSpecificMessage) {
	wire.EachString(message, func(path, value string) bool {
		at := field + "." + path
		switch path[strings.LastIndex(path, ".")+1:] {
		case "text":
			if isBlank(value) {
				c.reject(at, isEmpty)
			}
		case "link", "uri":
			c.webURL(at, value)
		case "image_link", "image_url", "link_mo", "link_pc":
			c.optionalURL(at, value)
		}
		return true
	})
}

func (c *checker) union(field string, u union) {
	c.oneKind(field, "set one of its fields", u.namesSet())
}

func (c *checker) whatsApp(field string, message *ChannelSpecificMessage) {
	switch {
	case message.Flows != nil:
		flow := &message.Flows.Message
		c.length(field+".flow_cta", flow.FlowCTA, 20)
		c.interactive(field, flow.Header, flow.Body, flow.Footer)
	case message.OrderStatus != nil:
		status := &message.OrderStatus.Message
		c.length(field+".payment.order.description", status.Payment.Order.Description, 120)
		c.interactive(field, status.Header, status.Body, status.Footer)
	case message.OrderDetails != nil:
		details := &message.OrderDetails.Message
		buttons := field + ".payment.payment_buttons"
		c.count(buttons, len(details.Payment.PaymentButtons), 2)
		for i := range details.Payment.PaymentButtons {
			c.union(element(buttons, i), paymentButtonUnion(&details.Payment.PaymentButtons[i]))
		}
		c.interactive(field, details.Header, details.Body, details.Footer)
	}
}

// interactive checks the parts that all interactive WhatsApp messages share.
func (c *checker) interactive(
	field string, header *WhatsAppInteractiveHeader, body *WhatsAppInteractiveBody, footer *WhatsAppInteractiveFooter,
) {
	if header != nil {
		c.union(field+".header", headerUnion(header))
	}
	c.length(field+".body.text", orZero(body).Text, 1024)
	c.length(field+".footer.text", orZero(footer).Text, 60)
}

func (c *checker) kakaoTalk(field string, message *ChannelSpecificMessage) {
	if message.Commerce != nil {
		offer := &message.Commerce.Message
		c.offer(field, offer.Buttons, offer.Commerce, offer.Coupon)
	}
	if message.CarouselCommerce == nil {
		return
	}
	for i, offer := range message.CarouselCommerce.Message.Carousel.List {
		c.offer(element(field+".carousel.list", i), offer.Buttons, offer.Commerce, offer.Coupon)
	}
}

// offer checks a product for sale. The price and the coupon are optional.
func (c *checker) offer(field string, buttons []KakaoTalkButton, price *KakaoTalkPricing, coupon *KakaoTalkCoupon) {
	for i := range buttons {
		c.union(element(field+".buttons", i), buttonUnion(&buttons[i]))
	}
	if price != nil {
		c.price(field+".commerce", price)
	}
	if coupon != nil {
		c.coupon(field+".coupon", coupon)
	}
}

// price limits amounts in won, and rates in percent.
func (c *checker) price(field string, price *KakaoTalkPricing) {
	const maxPrice, maxDiscount = 99999999, 999999
	c.union(field, pricingUnion(price))
	regular, fixed, rate := orZero(price.RegularPrice), orZero(price.DiscountFixed), orZero(price.DiscountRate)
	for _, number := range []int64{regular.RegularPrice, fixed.RegularPrice, rate.RegularPrice} {
		c.amount(field+".regular_price", number, 0, maxPrice)
	}
	for _, number := range []int64{fixed.DiscountPrice, rate.DiscountPrice} {
		c.amount(field+".discount_price", number, 0, maxPrice)
	}
	c.amount(field+".discount_fixed", fixed.DiscountFixed, 0, maxDiscount)
	c.number(field+".discount_rate", rate.DiscountRate, 0, 100)
}

func (c *checker) coupon(field string, coupon *KakaoTalkCoupon) {
	c.union(field, couponUnion(coupon))
	c.amount(field+".discount_fixed", orZero(coupon.FixedDiscount).DiscountFixed, 0, 999999)
	c.number(field+".discount_rate", orZero(coupon.DiscountRate).DiscountRate, 0, 100)
}
