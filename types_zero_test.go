package conversation_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

// order is an order of one item, with the optional amounts.
func order(shipping, discount, sale *int64) conversation.ChannelSpecificMessage {
	return conversation.ChannelSpecificMessage{OrderDetails: &conversation.WhatsAppPaymentOrderDetailsMessage{
		Message: conversation.WhatsAppPaymentOrderDetails{Payment: conversation.OrderDetailsPayment{
			Type: conversation.OrderDetailsPaymentTypeBR, ReferenceID: "R", TypeOfGoods: conversation.OrderDetailsTypeOfGoodsDigital,
			Order: conversation.OrderDetailsPaymentOrder{
				ShippingValue: shipping, DiscountValue: discount,
				Items: []conversation.OrderDetailsPaymentOrderItem{{RetailerID: "I", Name: "Fish", Quantity: 1, SaleAmountValue: sale}},
			},
		}},
	}}
}

func TestAnAmountOfZeroReachesTheWire(t *testing.T) {
	t.Parallel()
	sent := func(t *testing.T, order conversation.ChannelSpecificMessage, dialect conversation.Dialect) string {
		t.Helper()
		client, server := newTestClient(t, answerWith(200, anyReply), conversation.WithDialect(dialect))
		req := textMessage()
		req.Message.ChannelSpecificMessage = map[conversation.Channel]conversation.ChannelSpecificMessage{"WHATSAPP": order}
		_, err := client.Messages.Send(t.Context(), req)
		require.NoError(t, err)
		return server.only(t).body
	}
	for _, dialect := range []conversation.Dialect{conversation.DialectOpenAPI, conversation.DialectPlatform} {
		zero := new(int64(0))
		body := sent(t, order(zero, zero, zero), dialect)
		for _, amount := range []string{"shipping_value", "discount_value", "sale_amount_value", "tax_value", "subtotal_value"} {
			assert.Contains(t, body, `"`+amount+`":0`, dialect)
		}
		body = sent(t, order(nil, nil, nil), dialect)
		for _, amount := range []string{"shipping_value", "discount_value", "sale_amount_value"} {
			assert.NotContains(t, body, amount, dialect)
		}
	}
}

func TestASettingOfZeroReachesTheWire(t *testing.T) {
	t.Parallel()
	for _, dialect := range []conversation.Dialect{conversation.DialectOpenAPI, conversation.DialectPlatform} {
		client, server := newTestClient(t, answerWith(200, anyReply), conversation.WithDialect(dialect))
		_, err := client.Apps.Update(t.Context(), "A", &conversation.UpdateAppRequest{
			DispatchRetentionPolicy: &conversation.DispatchRetentionPolicy{TTLDays: 0},
			ChannelCredentials: []conversation.ChannelCredential{
				{Channel: "MESSENGER", StaticToken: &conversation.StaticToken{Token: "t"}, CredentialOrdinalNumber: new(0)},
				{Channel: "VIBER", StaticToken: &conversation.StaticToken{Token: "t"}},
			},
		})
		require.NoError(t, err)
		assert.JSONEq(t, `{"dispatch_retention_policy":{"ttl_days":0},"channel_credentials":[
			{"channel":"MESSENGER","static_token":{"token":"t"},"credential_ordinal_number":0},
			{"channel":"VIBER","static_token":{"token":"t"}}]}`, server.only(t).body)
	}
}
