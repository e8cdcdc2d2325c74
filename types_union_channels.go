package conversation

import (
	"encoding/json"

	"github.com/sinchgo/conversation/internal/wire"
)

// ChannelSpecificMessage is a message of a kind that only one channel has. Exactly one field is set.
type ChannelSpecificMessage struct {
	// Flows opens a WhatsApp flow.
	Flows *WhatsAppFlowMessage

	// OrderDetails requests a payment on WhatsApp.
	OrderDetails *WhatsAppPaymentOrderDetailsMessage

	// OrderStatus reports the status of an order on WhatsApp.
	OrderStatus *WhatsAppPaymentOrderStatusMessage

	// Commerce offers one product on KakaoTalk.
	Commerce *KakaoTalkCommerceMessage

	// CarouselCommerce offers several products on KakaoTalk.
	CarouselCommerce *KakaoTalkCarouselCommerceMessage

	// NotificationTemplate is a LINE notification built from a template.
	NotificationTemplate *LineNotificationTemplateMessage

	// Unknown is the JSON object of a kind that this package does not know.
	Unknown json.RawMessage `json:"-"`
}

func channelMessageUnion(u *ChannelSpecificMessage) union {
	return union{
		discriminator: "message_type",
		unknown:       &u.Unknown,
		kinds: []kind{
			{"FLOWS", &u.Flows},
			{"ORDER_DETAILS", &u.OrderDetails},
			{"ORDER_STATUS", &u.OrderStatus},
			{"COMMERCE", &u.Commerce},
			{"CAROUSEL_COMMERCE", &u.CarouselCommerce},
			{"NOTIFICATION_MESSAGE_TEMPLATE", &u.NotificationTemplate},
		},
	}
}

// MarshalJSON implements [json.Marshaler].
func (u ChannelSpecificMessage) MarshalJSON() ([]byte, error) {
	return channelMessageUnion(&u).encode()
}

// UnmarshalJSON implements [json.Unmarshaler].
func (u *ChannelSpecificMessage) UnmarshalJSON(data []byte) error {
	return wire.Unmarshal(data, u, decodeChannelSpecificMessage)
}

func decodeChannelSpecificMessage(at wire.Place, data []byte, u *ChannelSpecificMessage) bool {
	*u = ChannelSpecificMessage{}
	return channelMessageUnion(u).decode(at, data)
}

// WhatsAppInteractiveHeader is the header of an interactive WhatsApp message. Exactly one field is set.
type WhatsAppInteractiveHeader struct {
	// Text is the header as text.
	Text *WhatsAppInteractiveTextHeader

	// Image is an image header.
	Image *WhatsAppInteractiveImageHeader

	// Document is a document header.
	Document *WhatsAppInteractiveDocumentHeader

	// Video is a video header.
	Video *WhatsAppInteractiveVideoHeader

	// Unknown is the JSON object of a kind that this package does not know.
	Unknown json.RawMessage `json:"-"`
}

func headerUnion(u *WhatsAppInteractiveHeader) union {
	return union{
		discriminator: "type",
		unknown:       &u.Unknown,
		kinds: []kind{
			{"text", &u.Text},
			{"image", &u.Image},
			{"document", &u.Document},
			{"video", &u.Video},
		},
	}
}

// MarshalJSON implements [json.Marshaler].
func (u WhatsAppInteractiveHeader) MarshalJSON() ([]byte, error) { return headerUnion(&u).encode() }

// UnmarshalJSON implements [json.Unmarshaler].
func (u *WhatsAppInteractiveHeader) UnmarshalJSON(data []byte) error {
	return wire.Unmarshal(data, u, decodeWhatsAppInteractiveHeader)
}

func decodeWhatsAppInteractiveHeader(at wire.Place, data []byte, u *WhatsAppInteractiveHeader) bool {
	*u = WhatsAppInteractiveHeader{}
	return headerUnion(u).decode(at, data)
}

// OrderDetailsPaymentButton is a way to pay. Exactly one field is set.
type OrderDetailsPaymentButton struct {
	// DynamicPix is a Pix code.
	DynamicPix *DynamicPix

	// PaymentLink is a web page.
	PaymentLink *PaymentLink

	// Boleto is a Brazilian payment slip.
	Boleto *Boleto

	// Unknown is the JSON object of a kind that this package does not know.
	Unknown json.RawMessage `json:"-"`
}

func paymentButtonUnion(u *OrderDetailsPaymentButton) union {
	return union{
		discriminator: "type",
		unknown:       &u.Unknown,
		kinds: []kind{
			{"pix_dynamic_code", &u.DynamicPix},
			{"payment_link", &u.PaymentLink},
			{"boleto", &u.Boleto},
		},
	}
}

// MarshalJSON implements [json.Marshaler].
func (u OrderDetailsPaymentButton) MarshalJSON() ([]byte, error) {
	return paymentButtonUnion(&u).encode()
}

// UnmarshalJSON implements [json.Unmarshaler].
func (u *OrderDetailsPaymentButton) UnmarshalJSON(data []byte) error {
	return wire.Unmarshal(data, u, decodeOrderDetailsPaymentButton)
}

func decodeOrderDetailsPaymentButton(at wire.Place, data []byte, u *OrderDetailsPaymentButton) bool {
	*u = OrderDetailsPaymentButton{}
	return paymentButtonUnion(u).decode(at, data)
}

// KakaoTalkButton is a button below an offer. Exactly one field is set.
type KakaoTalkButton struct {
	// WebLink opens a web page.
	WebLink *KakaoTalkWebLinkButton

	// AppLink opens an app on the phone.
	AppLink *KakaoTalkAppLinkButton

	// BotKeyword sends its text to the sender's bot.
	BotKeyword *KakaoTalkBotKeywordButton

	// Unknown is the JSON object of a kind that this package does not know.
	Unknown json.RawMessage `json:"-"`
}

func buttonUnion(u *KakaoTalkButton) union {
	return union{
		discriminator: "type",
		unknown:       &u.Unknown,
		kinds: []kind{
			{"WL", &u.WebLink},
			{"AL", &u.AppLink},
			{"BK", &u.BotKeyword},
		},
	}
}

// MarshalJSON implements [json.Marshaler].
func (u KakaoTalkButton) MarshalJSON() ([]byte, error) { return buttonUnion(&u).encode() }

// UnmarshalJSON implements [json.Unmarshaler].
func (u *KakaoTalkButton) UnmarshalJSON(data []byte) error {
	return wire.Unmarshal(data, u, decodeKakaoTalkButton)
}

func decodeKakaoTalkButton(at wire.Place, data []byte, u *KakaoTalkButton) bool {
	*u = KakaoTalkButton{}
	return buttonUnion(u).decode(at, data)
}

// KakaoTalkPricing is a product with its price. Exactly one field is set.
type KakaoTalkPricing struct {
	// RegularPrice has no discount.
	RegularPrice *KakaoTalkRegularPriceCommerce

	// DiscountFixed has a discount of a fixed amount.
	DiscountFixed *KakaoTalkDiscountFixedCommerce

	// DiscountRate has a discount in percent.
	DiscountRate *KakaoTalkDiscountRateCommerce

	// Unknown is the JSON object of a kind that this package does not know.
	Unknown json.RawMessage `json:"-"`
}

func pricingUnion(u *KakaoTalkPricing) union {
	return union{
		discriminator: "type",
		unknown:       &u.Unknown,
		kinds: []kind{
			{"REGULAR_PRICE_COMMERCE", &u.RegularPrice},
			{"FIXED_DISCOUNT_COMMERCE", &u.DiscountFixed},
			{"PERCENTAGE_DISCOUNT_COMMERCE", &u.DiscountRate},
		},
	}
}

// MarshalJSON implements [json.Marshaler].
func (u KakaoTalkPricing) MarshalJSON() ([]byte, error) { return pricingUnion(&u).encode() }

// UnmarshalJSON implements [json.Unmarshaler].
func (u *KakaoTalkPricing) UnmarshalJSON(data []byte) error {
	return wire.Unmarshal(data, u, decodeKakaoTalkPricing)
}

func decodeKakaoTalkPricing(at wire.Place, data []byte, u *KakaoTalkPricing) bool {
	*u = KakaoTalkPricing{}
	return pricingUnion(u).decode(at, data)
}

// KakaoTalkCoupon is a coupon for a product. Exactly one field is set.
type KakaoTalkCoupon struct {
	// FixedDiscount is for a fixed amount.
	FixedDiscount *KakaoTalkFixedDiscountCoupon

	// DiscountRate is for a discount in percent.
	DiscountRate *KakaoTalkDiscountRateCoupon

	// ShippingDiscount is for cheaper shipping.
	ShippingDiscount *KakaoTalkShippingDiscountCoupon

	// Free is for a free product.
	Free *KakaoTalkFreeCoupon

	// UP is for an upgrade.
	UP *KakaoTalkUPCoupon

	// Unknown is the JSON object of a kind that this package does not know.
	Unknown json.RawMessage `json:"-"`
}

func couponUnion(u *KakaoTalkCoupon) union {
	return union{
		discriminator: "type",
		unknown:       &u.Unknown,
		kinds: []kind{
			{"FIXED_DISCOUNT_COUPON", &u.FixedDiscount},
			{"PERCENTAGE_DISCOUNT_COUPON", &u.DiscountRate},
			{"SHIPPING_DISCOUNT_COUPON", &u.ShippingDiscount},
			{"FREE_COUPON", &u.Free},
			{"UP_COUPON", &u.UP},
		},
	}
}

// MarshalJSON implements [json.Marshaler].
func (u KakaoTalkCoupon) MarshalJSON() ([]byte, error) { return couponUnion(&u).encode() }

// UnmarshalJSON implements [json.Unmarshaler].
func (u *KakaoTalkCoupon) UnmarshalJSON(data []byte) error {
	return wire.Unmarshal(data, u, decodeKakaoTalkCoupon)
}

func decodeKakaoTalkCoupon(at wire.Place, data []byte, u *KakaoTalkCoupon) bool {
	*u = KakaoTalkCoupon{}
	return couponUnion(u).decode(at, data)
}
