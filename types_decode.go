package conversation

import "github.com/sinchgo/conversation/internal/wire"

// Every type with an UnmarshalJSON method is here, so that the path of a mistyped value inside it is found.
func init() {
	wire.Register(decodeTime)
	wire.Register(decodeJSONObject)
	wire.Register(decodeChoice)
	wire.Register(decodeChoiceItem)
	wire.Register(decodeChoiceResponse)
	wire.Register(decodeOmniTemplate)
	wire.Register(decodeRecordNotification)
	wire.Register(decodeChannelSpecificMessage)
	wire.Register(decodeWhatsAppInteractiveHeader)
	wire.Register(decodeOrderDetailsPaymentButton)
	wire.Register(decodeKakaoTalkButton)
	wire.Register(decodeKakaoTalkPricing)
	wire.Register(decodeKakaoTalkCoupon)
}
