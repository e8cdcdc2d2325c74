package conversation_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

// TestAmountsAreReadOnA32BitSystem reads amounts above 2^31, which do not fit an int there, and writes them again. CI builds
// the tests for 386, and runs them where the system can.
func TestAmountsAreReadOnA32BitSystem(t *testing.T) {
	t.Parallel()
	for text, into := range map[string]any{
		`{"discount_fixed":3000000001,"discount_price":3000000002,"regular_price":3000000003,"title":"T"}`:             new(conversation.KakaoTalkDiscountFixedCommerce),
		`{"discount_price":3000000002,"discount_rate":5,"regular_price":3000000003,"title":"T"}`:                       new(conversation.KakaoTalkDiscountRateCommerce),
		`{"regular_price":3000000003,"title":"T"}`:                                                                     new(conversation.KakaoTalkRegularPriceCommerce),
		`{"discount_fixed":3000000001}`:                                                                                new(conversation.KakaoTalkFixedDiscountCoupon),
		`{"subtotal_value":3000000001,"tax_value":3000000002,"shipping_value":3000000003,"discount_value":3000000004}`: new(conversation.OrderDetailsPaymentOrder),
		`{"amount_value":3000000001,"name":"N","quantity":2,"retailer_id":"R","sale_amount_value":3000000002}`:         new(conversation.OrderDetailsPaymentOrderItem),
		`{"outbound_limit":3000000001,"outbound_size":3000000002}`:                                                     new(conversation.QueueStats),
	} {
		require.NoError(t, json.Unmarshal([]byte(text), into))
		written, err := json.Marshal(into)
		require.NoError(t, err)
		assert.JSONEq(t, text, string(written))
		assert.Contains(t, string(written), "300000000")
	}
}
