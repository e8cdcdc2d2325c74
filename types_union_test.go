package conversation_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/internal/wire"
)

// unionCases have, for each union, each of its kinds in Go and as JSON.
var unionCases = map[string]struct {
	discriminator string
	kinds         map[string]any
}{
	"ChannelSpecificMessage": {"message_type", map[string]any{
		`{"message_type":"FLOWS","message":{"flow_cta":"","flow_id":"F"}}`: conversation.ChannelSpecificMessage{
			Flows: &conversation.WhatsAppFlowMessage{Message: conversation.WhatsAppFlow{FlowID: "F"}},
		},
		`{"message_type":"ORDER_DETAILS","message":{"payment":{"order":{"subtotal_value":1,"tax_value":0},"reference_id":"R","total_amount_value":2,"type":"br","type_of_goods":"digital-goods"}}}`: conversation.ChannelSpecificMessage{
			OrderDetails: &conversation.WhatsAppPaymentOrderDetailsMessage{Message: conversation.WhatsAppPaymentOrderDetails{
				Payment: conversation.OrderDetailsPayment{
					Order:       conversation.OrderDetailsPaymentOrder{SubtotalValue: 1},
					ReferenceID: "R", TotalAmountValue: 2, Type: conversation.OrderDetailsPaymentTypeBR, TypeOfGoods: conversation.OrderDetailsTypeOfGoodsDigital,
				},
			}},
		},
		`{"message_type":"ORDER_STATUS","message":{"payment":{"order":{"status":"shipped"},"reference_id":"R"}}}`: conversation.ChannelSpecificMessage{
			OrderStatus: &conversation.WhatsAppPaymentOrderStatusMessage{Message: conversation.WhatsAppPaymentOrderStatus{
				Payment: conversation.OrderStatusPayment{
					ReferenceID: "R", Order: conversation.OrderStatusPaymentDetails{Status: conversation.OrderStatusPaymentStatusShipped},
				},
			}},
		},
		`{"message_type":"COMMERCE","message":{"image":{"image_url":"u"},"push_alarm":false}}`: conversation.ChannelSpecificMessage{
			Commerce: &conversation.KakaoTalkCommerceMessage{Message: conversation.KakaoTalkCommerce{
				Image: conversation.KakaoTalkImage{ImageURL: "u"}, PushAlarm: new(false),
			}},
		},
		`{"message_type":"CAROUSEL_COMMERCE","message":{"carousel":{}}}`: conversation.ChannelSpecificMessage{
			CarouselCommerce: &conversation.KakaoTalkCarouselCommerceMessage{},
		},
		`{"message_type":"NOTIFICATION_MESSAGE_TEMPLATE","message":{"template_key":"K"}}`: conversation.ChannelSpecificMessage{
			NotificationTemplate: &conversation.LineNotificationTemplateMessage{Message: conversation.LineNotificationTemplate{TemplateKey: "K"}},
		},
	}},
	"WhatsAppInteractiveHeader": {"type", map[string]any{
		`{"type":"text","text":"T"}`:                  conversation.WhatsAppInteractiveHeader{Text: &conversation.WhatsAppInteractiveTextHeader{Text: "T"}},
		`{"type":"image","image":{"link":"l"}}`:       conversation.WhatsAppInteractiveHeader{Image: &conversation.WhatsAppInteractiveImageHeader{Image: link}},
		`{"type":"video","video":{"link":"l"}}`:       conversation.WhatsAppInteractiveHeader{Video: &conversation.WhatsAppInteractiveVideoHeader{Video: link}},
		`{"type":"document","document":{"link":"l"}}`: conversation.WhatsAppInteractiveHeader{Document: &conversation.WhatsAppInteractiveDocumentHeader{Document: link}},
	}},
	"OrderDetailsPaymentButton": {"type", map[string]any{
		`{"type":"pix_dynamic_code","code":"C","key":"K","key_type":"CPF","merchant_name":"M"}`: conversation.OrderDetailsPaymentButton{DynamicPix: &pix},
		`{"type":"payment_link","uri":"u"}`:                                                     conversation.OrderDetailsPaymentButton{PaymentLink: &conversation.PaymentLink{URI: "u"}},
		`{"type":"boleto","digitable_line":"12"}`:                                               conversation.OrderDetailsPaymentButton{Boleto: &conversation.Boleto{DigitableLine: "12"}},
	}},
	"KakaoTalkButton": {"type", map[string]any{
		`{"type":"WL","link_mo":"https://x.test/?a=1&b=<2>","name":"N"}`: conversation.KakaoTalkButton{
			WebLink: &conversation.KakaoTalkWebLinkButton{Name: "N", LinkMo: "https://x.test/?a=1&b=<2>"},
		},
		`{"type":"AL","name":"N","scheme_android":"a","scheme_ios":"i"}`: conversation.KakaoTalkButton{
			AppLink: &conversation.KakaoTalkAppLinkButton{Name: "N", SchemeAndroid: "a", SchemeIOS: "i"},
		},
		`{"type":"BK","name":"N"}`: conversation.KakaoTalkButton{BotKeyword: &conversation.KakaoTalkBotKeywordButton{Name: "N"}},
	}},
	"KakaoTalkPricing": {"type", map[string]any{
		`{"type":"REGULAR_PRICE_COMMERCE","regular_price":9,"title":"T"}`: conversation.KakaoTalkPricing{
			RegularPrice: &conversation.KakaoTalkRegularPriceCommerce{Title: "T", RegularPrice: 9},
		},
		`{"type":"FIXED_DISCOUNT_COMMERCE","discount_fixed":2,"discount_price":7,"regular_price":9,"title":"T"}`: conversation.KakaoTalkPricing{
			DiscountFixed: &conversation.KakaoTalkDiscountFixedCommerce{Title: "T", RegularPrice: 9, DiscountPrice: 7, DiscountFixed: 2},
		},
		`{"type":"PERCENTAGE_DISCOUNT_COMMERCE","discount_price":0,"discount_rate":100,"regular_price":9,"title":"T"}`: conversation.KakaoTalkPricing{
			DiscountRate: &conversation.KakaoTalkDiscountRateCommerce{Title: "T", RegularPrice: 9, DiscountRate: 100},
		},
	}},
	"KakaoTalkCoupon": {"type", map[string]any{
		`{"type":"FIXED_DISCOUNT_COUPON","discount_fixed":5}`:     conversation.KakaoTalkCoupon{FixedDiscount: &conversation.KakaoTalkFixedDiscountCoupon{DiscountFixed: 5}},
		`{"type":"PERCENTAGE_DISCOUNT_COUPON","discount_rate":5}`: conversation.KakaoTalkCoupon{DiscountRate: &conversation.KakaoTalkDiscountRateCoupon{DiscountRate: 5}},
		`{"type":"SHIPPING_DISCOUNT_COUPON"}`:                     conversation.KakaoTalkCoupon{ShippingDiscount: &conversation.KakaoTalkShippingDiscountCoupon{}},
		`{"type":"FREE_COUPON","title":"Tea"}`:                    conversation.KakaoTalkCoupon{Free: &conversation.KakaoTalkFreeCoupon{Title: "Tea"}},
		`{"type":"UP_COUPON","title":"Tea"}`:                      conversation.KakaoTalkCoupon{UP: &conversation.KakaoTalkUPCoupon{Title: "Tea"}},
	}},
}

var (
	link = conversation.WhatsAppInteractiveHeaderMedia{Link: "l"}
	pix  = conversation.DynamicPix{Code: "C", MerchantName: "M", Key: "K", KeyType: conversation.PixKeyTypeCPF}
)

// typeOf returns the Go type of a union.
func typeOf(kinds map[string]any) reflect.Type {
	for _, value := range kinds {
		return reflect.TypeOf(value)
	}
	return nil
}

func TestAUnionIsWrittenAndReadByItsDiscriminator(t *testing.T) {
	t.Parallel()
	for name, tt := range unionCases {
		assert.Equal(t, name, typeOf(tt.kinds).Name())
		assert.Len(t, tt.kinds, typeOf(tt.kinds).NumField()-1, "%s: a case for each kind", name)
		for text, value := range tt.kinds {
			t.Run(text, func(t *testing.T) {
				t.Parallel()
				written, err := json.Marshal(value)
				require.NoError(t, err)
				assert.JSONEq(t, text, string(written))
				assert.Equal(t, 1, strings.Count(string(written), `{"`+tt.discriminator+`":`), "the discriminator comes first, once")

				read := reflect.New(reflect.TypeOf(value))
				require.NoError(t, json.Unmarshal([]byte(text), read.Interface()))
				assert.Equal(t, value, read.Elem().Interface())
			})
		}
	}
}

func TestAnUnknownKindOfAUnionIsKept(t *testing.T) {
	t.Parallel()
	for name, tt := range unionCases {
		for _, text := range []string{
			`{"` + tt.discriminator + `":"NEW","deep":{"z":1,"a":[null,1.50,12345678901234567890]}}`,
			`{"` + tt.discriminator + `":5}`, `{"text":"no discriminator"}`, `{}`,
		} {
			t.Run(name+" "+text, func(t *testing.T) {
				t.Parallel()
				read := reflect.New(typeOf(tt.kinds))
				for known := range tt.kinds { // What was there before is gone.
					require.NoError(t, json.Unmarshal([]byte(known), read.Interface()))
				}
				require.NoError(t, json.Unmarshal([]byte(text), read.Interface()))
				written, err := json.Marshal(read.Interface())
				require.NoError(t, err)
				assert.Equal(t, text, string(written))
			})
		}
	}
}

func TestAUnionOfTwoKindsOrNoneCannotBeWritten(t *testing.T) {
	t.Parallel()
	for name, tt := range unionCases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			union := reflect.New(typeOf(tt.kinds)).Elem()
			_, err := json.Marshal(union.Interface())
			require.ErrorContains(t, err, "exactly one kind must be set, not 0")

			for i := range union.NumField() {
				for j := range i {
					two := reflect.New(typeOf(tt.kinds)).Elem()
					for _, field := range []int{i, j} {
						two.Field(field).Set(filled(two.Field(field).Type()))
					}
					_, err := json.Marshal(two.Interface())
					assert.ErrorContains(t, err, "exactly one kind must be set, not 2")
				}
			}
		})
	}
}

// filled returns a value of a union's field that is not nil.
func filled(kind reflect.Type) reflect.Value {
	if kind.Kind() == reflect.Pointer {
		return reflect.New(kind.Elem())
	}
	return reflect.ValueOf(json.RawMessage(`{"type":"NEW"}`))
}

func TestAnItemOfAUnionThatIsNotAnObjectIsKeptUnchanged(t *testing.T) {
	t.Parallel()
	for _, text := range []string{`"WL"`, `[]`, `5`} {
		var product conversation.KakaoTalkCommerce
		_, err := wire.Decode([]byte(`{"buttons":[`+text+`]}`), &product)
		require.NoError(t, err)
		again, err := json.Marshal(product.Buttons)
		require.NoError(t, err)
		assert.JSONEq(t, `[`+text+`]`, string(again))
	}
	var button conversation.KakaoTalkButton
	require.NoError(t, json.Unmarshal([]byte(`{"TYPE":"WL","name":5,"link_mo":"https://a.example"}`), &button))
	require.NotNil(t, button.WebLink, "the discriminator in another case")
	assert.Equal(t, "https://a.example", button.WebLink.LinkMo, "what follows a value of another type")
}

func TestThePixCodeOfPaymentSettingsDoesNotNameItsKind(t *testing.T) {
	t.Parallel()
	const text = `{"dynamic_pix":{"code":"C","key":"K","key_type":"CPF","merchant_name":"M"}}`
	written, err := json.Marshal(conversation.OrderDetailsPaymentSettings{DynamicPix: pix})
	require.NoError(t, err)
	assert.JSONEq(t, text, string(written))

	for _, text := range []string{text, strings.Replace(text, `{"code"`, `{"type":"pix_dynamic_code","code"`, 1)} {
		var read conversation.OrderDetailsPaymentSettings
		require.NoError(t, json.Unmarshal([]byte(text), &read))
		assert.Equal(t, pix, read.DynamicPix)
	}
}
