package webhook_test

import (
	"bytes"
	"log/slog"
	"math"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/webhook"
)

// TestASignedCallbackOutsideTheWindowIsDeliveredAgain has clocks that are wrong. The callbacks are rightly signed.
func TestASignedCallbackOutsideTheWindowIsDeliveredAgain(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		now    time.Duration
		maxAge time.Duration
		want   int
		reason string
	}{
		{"six minutes behind", -6 * time.Minute, 24 * time.Hour, 503, "from the future: it is dated 6m0s ahead of the clock here"},
		{"a second more than allowed behind", -5*time.Minute - time.Second, 24 * time.Hour, 503, "dated 5m1s ahead"},
		{"a year behind", -365 * 24 * time.Hour, 24 * time.Hour, 503, "dated 8760h0m0s ahead"},
		{"two days ahead", 48 * time.Hour, 24 * time.Hour, 503, "too old: it was signed 48h0m0s ago by the clock here"},
		{"an hour ahead of a short age", time.Hour, time.Minute, 503, "signed 1h0m0s ago by the clock here, and WithMaxAge allows 1m0s"},
		{"centuries ahead", math.MaxInt64, 24 * time.Hour, 503, "too old"},
		{"as far as allowed", -5 * time.Minute, 24 * time.Hour, 200, ""},
		{"as old as allowed", 24 * time.Hour, 24 * time.Hour, 200, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var log bytes.Buffer
			receiver := newReceiver(t, at(tt.now), webhook.WithMaxAge(tt.maxAge), webhook.WithLogger(slog.New(slog.NewTextHandler(&log, nil))))
			calls := countCalls(receiver, nil)
			kept := &keeper{}
			for _, handler := range []http.Handler{receiver, receiver.Forward(kept.keep)} {
				log.Reset()
				answer := serve(handler, newCallback(t, body, nonce))
				assert.Equal(t, tt.want, answer.Code)
				assert.Equal(t, tt.want == 503, answer.Header().Get("Retry-After") != "")
				assert.Contains(t, log.String(), tt.reason)
				if tt.want == 503 {
					assert.Contains(t, log.String(), "level=INFO")
					assert.Contains(t, log.String(), "age=")
				}
				forged := newCallback(t, body, nonce)
				forged.Header = webhook.Sign(body, "another", nonce, signed)
				assert.Equal(t, 401, serve(handler, forged).Code, "whatever its age")
			}
			assert.Equal(t, tt.want == 200, calls.count() == 1)
			assert.Len(t, kept.bodies, calls.count())
		})
	}
}

func TestACallbackOutsideTheWindowIsHandledOnceTheClockIsRight(t *testing.T) {
	t.Parallel()
	now := signed.Add(-time.Hour)
	receiver := newReceiver(t, webhook.WithClock(func() time.Time { return now }))
	calls := countCalls(receiver, nil)
	require.Equal(t, 503, serve(receiver, newCallback(t, body, nonce)).Code)
	now = signed
	require.Equal(t, 200, serve(receiver, newCallback(t, body, nonce)).Code)
	assert.Equal(t, 1, calls.count())
}

// TestVerifyReportsTheAge has the errors that a program must not answer with 401.
func TestVerifyReportsTheAge(t *testing.T) {
	t.Parallel()
	header := webhook.Sign(body, secret, nonce, signed)
	err := webhook.Verify(body, header, secret, at(25*time.Hour))
	require.ErrorIs(t, err, webhook.ErrTooOld)
	require.ErrorContains(t, err, "25h0m0s")
	err = webhook.Verify(body, header, secret, at(-time.Hour))
	require.ErrorIs(t, err, webhook.ErrTooNew)
	require.ErrorContains(t, err, "1h0m0s")
}
