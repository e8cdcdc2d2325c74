package webhook_test

import (
	"io"
	"math"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/webhook"
)

func TestWithMaxBodyAllowsAtMost64MiB(t *testing.T) {
	t.Parallel()
	for _, bytes := range []int64{64<<20 + 1, 1 << 32, 1 << 40, math.MaxInt64 - 1, math.MaxInt64} {
		_, err := webhook.NewReceiver(webhook.WithSecret(secret), webhook.WithMaxBody(bytes))
		require.ErrorAs(t, err, new(*conversation.ArgumentError))
		assert.ErrorContains(t, err, "webhook: WithMaxBody is")
		assert.ErrorContains(t, err, "at most 64 MiB")
	}
	for _, bytes := range []int64{0, -1, math.MinInt64} {
		_, err := webhook.NewReceiver(webhook.WithSecret(secret), webhook.WithMaxBody(bytes))
		assert.ErrorContains(t, err, "must be above zero")
	}
}

// TestNoLimitOverflows passes the extreme values of each option, and requests that come near them.
func TestNoLimitOverflows(t *testing.T) {
	t.Parallel()
	for name, opt := range map[string]webhook.ReceiverOption{
		"the largest body":         webhook.WithMaxBody(64 << 20),
		"a body of one byte":       webhook.WithMaxBody(1),
		"unbounded functions":      webhook.WithMaxConcurrent(math.MaxInt),
		"one function":             webhook.WithMaxConcurrent(1),
		"the longest age":          webhook.WithMaxAge(math.MaxInt64),
		"the longest read timeout": webhook.WithReadTimeout(math.MaxInt64),
		"the shortest age":         webhook.WithMaxAge(1),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			receiver := newReceiver(t, opt, at(0))
			small := name == "a body of one byte"
			for _, length := range []int64{-1, 0, 1, int64(len(body)), 1 << 20, 64 << 20, 64<<20 + 1, math.MaxInt64} {
				req := newCallback(t, body, nonce)
				req.ContentLength = length
				assert.NotPanics(t, func() { serve(receiver, req) })
			}
			server := connect(t, receiver)
			req := newCallback(t, body, nonce)
			require.NoError(t, req.Write(server))
			assert.Equal(t, map[bool]int{true: 413, false: 200}[small], status(t, server), "over a connection with a deadline")
		})
	}
}

func TestExtremeAgesOfTimestampsDoNotOverflow(t *testing.T) {
	t.Parallel()
	for _, clock := range []time.Time{{}, time.Unix(0, 0), signed, time.Unix(1<<40, 0), time.Unix(math.MinInt64/2, 0)} {
		for _, second := range []int64{0, 1, signed.Unix(), 999_999_999_999} {
			for _, age := range []time.Duration{1, time.Hour, math.MaxInt64} {
				stamp := time.Unix(second, 0)
				var want error
				switch {
				case stamp.Unix()-clock.Unix() > 300:
					want = webhook.ErrTooNew
				case clock.Unix()-stamp.Unix() > int64(age/time.Second):
					want = webhook.ErrTooOld
				}
				header := webhook.Sign(body, secret, nonce, stamp)
				now := webhook.WithClock(func() time.Time { return clock })
				require.ErrorIs(t, webhook.Verify(body, header, secret, now, webhook.WithMaxAge(age)), want, "%s, %d, %s", clock, second, age)
				req := newCallback(t, body, nonce)
				req.Header = header
				receiver := newReceiver(t, now, webhook.WithMaxAge(age))
				require.Equal(t, map[bool]int{true: 200, false: 503}[want == nil], serve(receiver, req).Code)
			}
		}
	}
}

func TestALargeBodyIsReadUpToTheLimit(t *testing.T) {
	t.Parallel()
	receiver := newReceiver(t, webhook.WithMaxBody(64<<20))
	source := &endless{}
	req := newCallback(t, nil, nonce)
	req.Body, req.ContentLength = io.NopCloser(source), -1
	assert.Equal(t, http.StatusRequestEntityTooLarge, serve(receiver, req).Code)
	assert.LessOrEqual(t, source.read, int64(64<<20+1))
}
