package conversationtest_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

// freeOrder is an order that is shipped for free, with an item that is free, and a Pix code without a type.
func freeOrder() conversation.OrderDetailsPayment {
	return conversation.OrderDetailsPayment{
		Type: conversation.OrderDetailsPaymentTypeBR, ReferenceID: "order 7",
		TypeOfGoods: conversation.OrderDetailsTypeOfGoodsPhysical, TotalAmountValue: 500,
		PaymentSettings: &conversation.OrderDetailsPaymentSettings{DynamicPix: conversation.DynamicPix{
			Code: "C", MerchantName: "M", Key: "K", KeyType: conversation.PixKeyTypeCPF,
		}},
		Order: conversation.OrderDetailsPaymentOrder{
			SubtotalValue: 500, ShippingValue: new(int64(0)),
			Items: []conversation.OrderDetailsPaymentOrderItem{
				{RetailerID: "1", Name: "Mug", AmountValue: 500, Quantity: 1},
				{RetailerID: "2", Name: "Sticker", AmountValue: 100, Quantity: 1, SaleAmountValue: new(int64(0))},
			},
		},
	}
}

func TestAFreeOrderPassesTheContractAndKeepsItsZeros(t *testing.T) {
	t.Parallel()
	for name, contract := range map[string]conversationtest.Contract{
		"openapi": conversationtest.OpenAPIContract, "platform": conversationtest.PlatformContract,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWire(t, conversationtest.Config{Contract: contract, AppID: "APP"})
			order, err := json.Marshal(freeOrder())
			require.NoError(t, err)
			body := `{"app_id": "APP", "recipient": {"identified_by": {"channel_identities": [
				{"channel": "WHATSAPP", "identity": "15551230000"}]}}, "message": {
				"text_message": {"text": "Your order"}, "channel_specific_message": {"WHATSAPP": {
					"message_type": "ORDER_DETAILS", "message": {"payment": ` + string(order) + `}}}}}`

			w.send(body)

			sent := string(w.srv.Sent()[0].Body)
			assert.Contains(t, sent, `"shipping_value":0`)
			assert.Contains(t, sent, `"sale_amount_value":0`)
			assert.NotContains(t, sent, "pix_dynamic_code")
			if contract == conversationtest.PlatformContract {
				w.call(http.MethodPost, "messages:send", strings.ReplaceAll(body, `"shipping_value":0`, `"shipping_value":"free"`)).
					fails(http.StatusBadRequest, "INVALID_ARGUMENT", "shipping_value")
			}
		})
	}
}
