package relay_test

import (
	"context"
	"errors"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/relay"
	"github.com/sinchgo/conversation/webhook"
)

func TestAHandlerIsCancelledWhenItsClaimIsLost(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	causes := make(chan error, 1)
	var calls atomic.Int32
	ids := heard(b.receiver, func(ctx context.Context, _ string) error {
		if calls.Add(1) == 1 {
			<-ctx.Done()
			causes <- context.Cause(ctx)
		}
		return nil
	})
	run(t, b.Relay, b.receiver, relay.WithHandlerLease(time.Second))
	require.Equal(t, http.StatusOK, b.post(t.Context(), inbound("1", "c"), "n"))
	next(t, ids)
	seen, key := b.seen(t), webhook.DeduperKey([]byte(inbound("1", "c")))
	_, err := seen.Put(t.Context(), key, []byte(`{"state":"claimed","worker":"another"}`))
	require.NoError(t, err)
	require.ErrorContains(t, next(t, causes), "another worker has it")
	consumer, err := b.js.Consumer(t.Context(), "SINCH_INBOX", "inbox")
	require.NoError(t, err)
	require.Eventually(t, func() bool {
		info, err := consumer.Info(t.Context())
		return err == nil && info.NumRedelivered > 0
	}, soon, 5*time.Millisecond)
	assert.Empty(t, ids)
	require.NoError(t, seen.Purge(t.Context(), key)) // the other worker gave up
	next(t, ids)
	b.settled(t)
	entry, err := seen.Get(t.Context(), key)
	require.NoError(t, err)
	assert.Contains(t, string(entry.Value()), `"state":"committed"`)
}

func TestAnExpiredClaimIsReclaimedIfItIsFree(t *testing.T) {
	t.Parallel()
	for name, renews := range map[string]bool{"by the next renewal": true, "at the end": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			release := make(chan struct{})
			ids := heard(b.receiver, func(ctx context.Context, _ string) error {
				select {
				case <-release:
					return nil
				case <-ctx.Done():
					return ctx.Err()
				}
			})
			lease := time.Minute
			if renews {
				lease = time.Second
			}
			run(t, b.Relay, b.receiver, relay.WithHandlerLease(lease))
			require.Equal(t, http.StatusOK, b.post(t.Context(), inbound("1", "c"), "n"))
			next(t, ids)
			seen, key := b.seen(t), webhook.DeduperKey([]byte(inbound("1", "c")))
			require.NoError(t, seen.Purge(t.Context(), key))
			if renews {
				require.Eventually(t, func() bool {
					_, err := seen.Get(t.Context(), key)
					return err == nil
				}, soon, 5*time.Millisecond)
			}
			close(release)
			b.settled(t)
			assert.Empty(t, ids)
			entry, err := seen.Get(t.Context(), key)
			require.NoError(t, err)
			assert.Contains(t, string(entry.Value()), `"state":"committed"`)
		})
	}
}

func TestACallbackThatAnotherWorkerHandledIsNotADeadLetter(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	release := make(chan struct{})
	ids := heard(b.receiver, func(context.Context, string) error {
		<-release
		return errors.New("too late")
	})
	run(t, b.Relay, b.receiver, relay.WithTries(1))
	require.Equal(t, http.StatusOK, b.post(t.Context(), inbound("1", "c"), "n"))
	next(t, ids)
	_, err := b.seen(t).Put(t.Context(), webhook.DeduperKey([]byte(inbound("1", "c"))), []byte(`{"state":"committed","worker":"another"}`))
	require.NoError(t, err)
	close(release)
	b.settled(t)
	assert.Empty(t, deadLetters(t, b.Relay))
	assert.Empty(t, ids)
}

func TestHandledCallbacksAreRememberedForTheRetention(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	ids := heard(b.receiver, fine)
	run(t, b.Relay, b.receiver, relay.WithHandlerLease(time.Second))
	for range 2 {
		require.Equal(t, http.StatusOK, b.post(t.Context(), inbound("1", "c"), "n"))
	}
	next(t, ids)
	b.settled(t)
	assert.Empty(t, ids)
	seen, key := b.seen(t), webhook.DeduperKey([]byte(inbound("1", "c")))
	require.NoError(t, b.Forget(t.Context()))
	_, err := seen.Get(t.Context(), key)
	require.ErrorIs(t, err, jetstream.ErrKeyNotFound)
	require.Equal(t, http.StatusOK, b.post(t.Context(), inbound("1", "c"), "n"))
	next(t, ids)
}

func TestACallbackThatCrashesEveryProcessBecomesADeadLetter(t *testing.T) {
	t.Parallel()
	for name, times := range map[string]int{"not yet": 9, "in the end": 10} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			ids := heard(b.receiver, fine)
			stop := run(t, b.Relay, b.receiver)
			require.Equal(t, http.StatusOK, b.post(t.Context(), inbound("0", "c"), "n0"))
			next(t, ids)
			b.settled(t)
			stop()
			require.Equal(t, http.StatusOK, b.post(t.Context(), inbound("1", "c"), "n"))
			consumer, err := b.js.Consumer(t.Context(), "SINCH_INBOX", "inbox")
			require.NoError(t, err)
			for range times {
				message, err := consumer.Next()
				require.NoError(t, err)
				require.NoError(t, message.Nak())
			}
			run(t, b.Relay, b.receiver, relay.WithTries(1))
			if times < 10 {
				next(t, ids)
				return
			}
			b.settled(t)
			assert.Empty(t, ids)
			all := deadLetters(t, b.Relay)
			require.Len(t, all, 1)
			assert.Contains(t, all[0].Reason, "delivered 10 times")
		})
	}
}

func TestUnsignedDuplicatesAreDetectedByTheirBody(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	var err error
	b.receiver, err = webhook.NewReceiver(webhook.WithoutVerification())
	require.NoError(t, err)
	ids := heard(b.receiver, fine)
	run(t, b.Relay, b.receiver, relay.WithInOrder())
	for _, id := range []string{"1", "1", "2"} {
		require.Equal(t, http.StatusOK, b.post(t.Context(), inbound(id, "c"), ""))
	}
	assert.Equal(t, []string{"1", "2"}, []string{next(t, ids), next(t, ids)})
}
