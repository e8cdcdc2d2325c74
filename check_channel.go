package conversation

import (
	"strconv"
	"strings"
	"time"

	"github.com/sinchgo/conversation/internal/wire"
)

// channelMessage checks a message of a kind that a single channel has: exactly one kind, and so for the unions in it.
func (c *checker) channelMessage(field string, message *ChannelSpecificMessage) {
	c.union(field, channelMessageUnion(message))
	c.whatsApp(field+".message", message)
	c.kakaoTalk(field+".message", message)
	if message.NotificationTemplate != nil && message.NotificationTemplate.Message.Body != nil {
		c.lineNotification(field+".message.body", message.NotificationTemplate.Message.Body)
	}
	c.readable(field, message)
}

// readable rejects text that says nothing, and links that are not on the web. Schemes of apps, and the links of LINE,
// may be other URLs.
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
		c.orderEnd(field+".payment.order.expiration_time", details.Payment.Order.ExpirationTime)
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

// orderEnd requires the end of an order to be some minutes ahead. An order that is injected may have ended.
func (c *checker) orderEnd(field, value string) {
	const least = 300 // seconds
	if !c.limits || value == "" || c.op.name == opConversationsInjectMessage.name || c.hasPlaceholder(value) {
		return
	}
	end, err := strconv.ParseInt(value, 10, 64)
	switch {
	case err != nil:
		c.exceeds(field, "is not a time in Unix seconds: use strconv.FormatInt(end.Unix(), 10)")
	case end-time.Now().Unix() < least:
		c.exceeds(field, "is less than %d seconds ahead: the platform accepts later times only", least)
	}
}

func (c *checker) kakaoTalk(field string, message *ChannelSpecificMessage) {
	if message.Commerce != nil {
		offer := message.Commerce.Message
		c.offer(field, KakaoTalkMessage{
			AdditionalContent: offer.AdditionalContent, Buttons: offer.Buttons, Commerce: offer.Commerce, Coupon: offer.Coupon,
		})
		c.least(field+".buttons", len(offer.Buttons), 1)
	}
	if message.CarouselCommerce == nil {
		return
	}
	carousel := message.CarouselCommerce.Message.Carousel
	c.length(field+".carousel.head.header", orZero(carousel.Head).Header, 20)
	c.length(field+".carousel.head.content", orZero(carousel.Head).Content, 50)
	list := field + ".carousel.list"
	c.count(list, len(carousel.List), 10)
	for i := range carousel.List {
		c.offer(element(list, i), carousel.List[i])
	}
	c.least(list, len(carousel.List), 2)
	for i, offer := range carousel.List {
		c.least(element(list, i)+".buttons", len(offer.Buttons), 1)
	}
}

// offer checks a product for sale. The price and the coupon are optional.
func (c *checker) offer(field string, offer KakaoTalkMessage) {
	c.length(field+".additional_content", offer.AdditionalContent, 34)
	c.count(field+".buttons", len(offer.Buttons), 2)
	for i := range offer.Buttons {
		button, at := &offer.Buttons[i], element(field+".buttons", i)
		c.union(at, buttonUnion(button))
		for _, name := range []string{orZero(button.WebLink).Name, orZero(button.AppLink).Name, orZero(button.BotKeyword).Name} {
			c.length(at+".name", name, 8)
		}
	}
	if offer.Commerce != nil {
		c.price(field+".commerce", offer.Commerce)
	}
	if offer.Coupon != nil {
		c.coupon(field+".coupon", offer.Coupon)
	}
}

// price limits amounts in won, and rates in percent.
func (c *checker) price(field string, price *KakaoTalkPricing) {
	const maxPrice, maxDiscount = 99999999, 999999
	c.union(field, pricingUnion(price))
	regular, fixed, rate := orZero(price.RegularPrice), orZero(price.DiscountFixed), orZero(price.DiscountRate)
	for _, title := range []string{regular.Title, fixed.Title, rate.Title} {
		c.length(field+".title", title, 30)
	}
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
	c.length(field+".title", orZero(coupon.Free).Title, 7)
	c.length(field+".title", orZero(coupon.UP).Title, 7)
	description, links := couponTexts(coupon)
	c.length(field+".description", description, 12)
	if c.limits && coupon.Unknown == nil && links == "" {
		c.exceeds(field, "has no link: set link_mo, scheme_android or scheme_ios")
	}
}

// couponTexts returns the description of a coupon of any kind, and its links for phones joined.
func couponTexts(coupon *KakaoTalkCoupon) (description, links string) {
	switch {
	case coupon.FixedDiscount != nil:
		of := coupon.FixedDiscount
		return of.Description, of.LinkMo + of.SchemeAndroid + of.SchemeIOS
	case coupon.DiscountRate != nil:
		of := coupon.DiscountRate
		return of.Description, of.LinkMo + of.SchemeAndroid + of.SchemeIOS
	case coupon.ShippingDiscount != nil:
		of := coupon.ShippingDiscount
		return of.Description, of.LinkMo + of.SchemeAndroid + of.SchemeIOS
	case coupon.Free != nil:
		of := coupon.Free
		return of.Description, of.LinkMo + of.SchemeAndroid + of.SchemeIOS
	case coupon.UP != nil:
		of := coupon.UP
		return of.Description, of.LinkMo + of.SchemeAndroid + of.SchemeIOS
	default:
		return "", ""
	}
}

func (c *checker) lineNotification(field string, body *LineNotificationTemplateBody) {
	c.length(field+".emphasized_item.content", orZero(body.EmphasizedItem).Content, 15)
	c.count(field+".items", len(body.Items), 15)
	for i, item := range body.Items {
		c.length(element(field+".items", i)+".content", item.Content, 300)
	}
	c.count(field+".buttons", len(body.Buttons), 2)
	for i, button := range body.Buttons {
		c.length(element(field+".buttons", i)+".url", button.URL, 1000)
	}
}
