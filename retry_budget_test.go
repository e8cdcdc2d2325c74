package conversation_test

import (
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

func TestTheBudgetBoundsTheRetriesOfAnOutage(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const calls = 1000
		client, wire := scripted(t, []step{{status: 503}}, conversation.WithRetry(conversation.RetryPolicy{Budget: 20}))
		for range calls {
			require.Error(t, getCall.do(t.Context(), client))
		}
		assert.Len(t, wire.requests(), calls+20)
	})
}

func TestASuccessRefundsATenthOfARetry(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		steps := []step{{status: 503}, {status: 200, body: getCall.ok}} // the one retry that is left, and a refund of 0.1
		for range 9 {
			steps = append(steps, step{status: 503}) // too little to repeat
			steps = append(steps, step{status: 200, body: getCall.ok})
		}
		steps = append(steps, step{status: 503}, step{status: 200, body: getCall.ok})
		client, _ := scripted(t, steps, conversation.WithRetry(conversation.RetryPolicy{Budget: 1}))
		require.NoError(t, getCall.do(t.Context(), client))
		for range 9 {
			require.Error(t, getCall.do(t.Context(), client))
			require.NoError(t, getCall.do(t.Context(), client))
		}
		assert.NoError(t, getCall.do(t.Context(), client), "ten successes pay for one repeat")
	})
}
