package relay_test

import (
	"errors"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
	"github.com/sinchgo/conversation/relay"
	"github.com/sinchgo/conversation/relay/embedded"
)

// extremes are durations that are wrong for every option.
var extremes = []time.Duration{math.MinInt64, -time.Hour, -1, 0, 240 * 365 * 24 * time.Hour, math.MaxInt64 - 1, math.MaxInt64}

func TestExtremeDurationsAreRejectedWithTheBound(t *testing.T) {
	t.Parallel()
	const years = "876000h"
	opening := func(option func(time.Duration) relay.Option) func(*testing.T, time.Duration) error {
		return func(t *testing.T, d time.Duration) error {
			t.Helper()
			_, err := relay.Open(t.Context(), embedded.Dir(t.TempDir()), option(d))
			return err
		}
	}
	sending := func(option func(time.Duration) relay.OutboxOption) func(*testing.T, time.Duration) error {
		return func(t *testing.T, d time.Duration) error {
			t.Helper()
			return new(relay.Outbox).Run(t.Context(), nil, option(d))
		}
	}
	handling := func(option func(time.Duration) relay.InboxOption) func(*testing.T, time.Duration) error {
		return func(t *testing.T, d time.Duration) error {
			t.Helper()
			return new(relay.Inbox).Run(t.Context(), nil, option(d))
		}
	}
	for name, test := range map[string]struct {
		apply func(*testing.T, time.Duration) error
		most  string
		wrong []time.Duration
	}{
		"WithRetention":         {opening(relay.WithRetention), years, []time.Duration{1, time.Second, 3 * time.Second, 12*time.Second - 1}},
		"WithCallbackRetention": {opening(relay.WithCallbackRetention), years, []time.Duration{1, time.Second - 1}},
		"WithUnknown": {
			sending(func(d time.Duration) relay.OutboxOption { return relay.WithUnknown(relay.UnknownResend, d) }), years,
			[]time.Duration{1, time.Second - 1},
		},
		"WithSendLease":    {sending(relay.WithSendLease), "24h", []time.Duration{1, time.Second - 1, 24*time.Hour + 1}},
		"WithHandlerLease": {handling(relay.WithHandlerLease), "24h", []time.Duration{1, time.Second - 1, 24*time.Hour + 1}},
		"WithBackoff": {
			handling(func(d time.Duration) relay.InboxOption { return relay.WithBackoff(time.Second, d) }), "720h",
			[]time.Duration{1, 720*time.Hour + 1},
		},
		"WithSyncEvery": {func(t *testing.T, d time.Duration) error {
			t.Helper()
			_, err := embedded.Dir(t.TempDir(), embedded.WithSyncEvery(d)).Connect(t.Context())
			return err
		}, "24h", []time.Duration{1, 24*time.Hour + 1}},
	} {
		for _, d := range append(test.wrong, extremes...) {
			err := test.apply(t, d)
			argument := argumentOf(err, name)
			require.NotNil(t, argument, "%s(%s): %v", name, d, err)
			if d > 24*365*time.Hour {
				assert.Contains(t, argument.Reason, test.most, "%s(%s)", name, d)
			}
		}
	}
}

// argumentOf returns the error about an argument, or nil.
func argumentOf(err error, field string) *conversation.ArgumentError {
	if several, ok := err.(interface{ Unwrap() []error }); ok {
		for _, one := range several.Unwrap() {
			if found := argumentOf(one, field); found != nil {
				return found
			}
		}
	}
	if argument, ok := errors.AsType[*conversation.ArgumentError](err); ok && argument.Field == field {
		return argument
	}
	return nil
}

func TestExtremeNumbersAreRejected(t *testing.T) {
	t.Parallel()
	for _, n := range []int{math.MinInt, -1, 0, math.MaxInt} {
		err := new(relay.Inbox).Run(t.Context(), nil, relay.WithTries(n), relay.WithHandlers(n))
		assert.NotNil(t, argumentOf(err, "WithTries"), n)
		assert.NotNil(t, argumentOf(err, "WithHandlers"), n)
		err = new(relay.Outbox).Run(t.Context(), nil, relay.WithConcurrency(n))
		assert.NotNil(t, argumentOf(err, "WithConcurrency"), n)
	}
	for _, rate := range []float64{math.NaN(), math.Inf(1), math.Inf(-1), -1, 1e-300, math.MaxFloat64} {
		err := new(relay.Outbox).Run(t.Context(), nil, relay.WithRates(rate, 0), relay.WithRates(0, rate))
		assert.NotNil(t, argumentOf(err, "WithRates"), rate)
	}
}

// TestTheLongestDurationsWork sends an entry with the maximum of each duration: an overflow would forget its ID immediately.
func TestTheLongestDurationsWork(t *testing.T) {
	t.Parallel()
	const century = 876_000 * time.Hour
	r := open(t, relay.WithRetention(century), relay.WithCallbackRetention(century))
	srv := conversationtest.NewServer(conversationtest.Config{})
	defer srv.Close()
	work(t, r, srv.NewClient(t), relay.WithSendLease(24*time.Hour), relay.WithUnknown(relay.UnknownDrop, century))
	for range 3 {
		require.NoError(t, r.Outbox().Enqueue(t.Context(), message(srv.AppID()), relay.Entry{ID: "once"}))
		inState(t, r, "once", relay.StateAccepted)
	}
	assert.Len(t, srv.Sent(), 1)

	b := newBench(t, relay.WithRetention(century), relay.WithCallbackRetention(century))
	ids := heard(b.receiver, fine)
	run(t, b.Relay, b.receiver, relay.WithHandlerLease(24*time.Hour), relay.WithBackoff(time.Second, 720*time.Hour))
	for range 3 {
		require.Equal(t, 200, b.post(t.Context(), inbound("1", "c"), "n"))
		b.settled(t)
	}
	next(t, ids)
	assert.Empty(t, ids)
}

func TestTheMinimumOfTheRetentionSaysWhy(t *testing.T) {
	t.Parallel()
	_, err := relay.Open(t.Context(), embedded.Dir(t.TempDir()), relay.WithRetention(3*time.Second))
	require.ErrorContains(t, err, "longer than the lease")
	require.ErrorContains(t, err, "sent twice")
}

func TestALeaseMustFitTheRetention(t *testing.T) {
	t.Parallel()
	b := newBench(t, relay.WithRetention(time.Minute))
	srv := conversationtest.NewServer(conversationtest.Config{})
	defer srv.Close()
	client := srv.NewClient(t)
	outbox := argumentOf(b.Outbox().Run(t.Context(), client), "WithSendLease") // with the default of a minute
	require.NotNil(t, outbox)
	assert.Contains(t, outbox.Reason, "at most 25s")
	assert.Contains(t, outbox.Reason, "WithRetention(2m10s)")
	require.NotNil(t, argumentOf(b.Outbox().Run(t.Context(), client, relay.WithSendLease(26*time.Second)), "WithSendLease"))
	require.NotNil(t, argumentOf(b.Inbox().Run(t.Context(), b.receiver), "WithHandlerLease")) // with the default of 30 s
	work(t, b.Relay, client, relay.WithSendLease(25*time.Second))
	run(t, b.Relay, b.receiver, relay.WithHandlerLease(25*time.Second))
}
