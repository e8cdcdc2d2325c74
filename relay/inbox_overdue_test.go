package relay_test

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/relay"
	"github.com/sinchgo/conversation/webhook"
)

// deliverAhead delivers the callbacks of a consumer to a worker that is killed, by a clock that is ahead: the engine will not
// redeliver them before its clock has caught up.
func (b *bench) deliverAhead(t *testing.T, name string, times int, ahead time.Duration, claim string) {
	t.Helper()
	consumer, err := b.js.Consumer(t.Context(), "SINCH_INBOX", name)
	require.NoError(t, err)
	seen := b.seen(t)
	for range times {
		message, err := consumer.Next()
		require.NoError(t, err)
		if claim != "" {
			_, err = seen.Put(t.Context(), webhook.DeduperKey(message.Data()), []byte(claim))
			require.NoError(t, err)
		}
		require.NoError(t, message.NakWithDelay(ahead)) // the same note of the engine as a delivery at that time
	}
}

func TestACallbackIsHandledAfterALeaseThoughTheClockWasSetBack(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		ahead time.Duration
		claim string
		opts  []relay.InboxOption
	}{
		"killed before its claim":   {ahead: time.Hour},
		"killed in its handler":     {ahead: 8 * 24 * time.Hour, claim: `{"state":"claimed","worker":"the dead"}`},
		"killed, in order":          {ahead: 10 * 365 * 24 * time.Hour, claim: `{"state":"claimed","worker":"the dead"}`, opts: []relay.InboxOption{relay.WithInOrder()}},
		"stopped before its retry":  {ahead: 31 * 24 * time.Hour, claim: `{"state":"failed"}`},
		"failed, and to be retried": {ahead: 31 * 24 * time.Hour, claim: `{"state":"failed","tries":2}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			ids := heard(b.receiver, fine)
			opts := append([]relay.InboxOption{relay.WithHandlerLease(time.Second), relay.WithBackoff(time.Millisecond, time.Second)}, tt.opts...)
			b.createConsumers(t, opts...)
			const callbacks = 3
			for n := range callbacks {
				require.Equal(t, http.StatusOK, b.post(t.Context(), inbound(strconv.Itoa(n), "c"), strconv.Itoa(n)))
			}
			for _, info := range b.inboxConsumers(t) {
				switch {
				case info.NumPending == 0:
				case info.Config.MaxAckPending == 1:
					b.deliverAhead(t, info.Name, 1, tt.ahead, tt.claim)
				default:
					b.deliverAhead(t, info.Name, callbacks, tt.ahead, tt.claim)
				}
			}
			started := time.Now()
			run(t, b.Relay, b.receiver, opts...)
			for range callbacks {
				next(t, ids)
			}
			assert.Less(t, time.Since(started), soon/2)
			b.allAcknowledged(t)
			assert.Empty(t, ids, "handled once")
		})
	}
}

func TestAHandledCallbackIsAcknowledgedThoughTheClockWasSetBack(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	ids := heard(b.receiver, fine)
	b.createConsumers(t, relay.WithHandlerLease(time.Second))
	require.Equal(t, http.StatusOK, b.post(t.Context(), inbound("1", "c"), "n"))
	b.deliverAhead(t, "inbox", 1, 8*24*time.Hour, `{"state":"committed"}`)
	run(t, b.Relay, b.receiver, relay.WithHandlerLease(time.Second))
	b.allAcknowledged(t)
	assert.Empty(t, ids)
}

func TestAHandlerThatRunsIsNotJoinedByAnother(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	var mu sync.Mutex
	running := 0
	ids := heard(b.receiver, func(context.Context, string) error {
		mu.Lock()
		running++
		mu.Unlock()
		b.renewed(t, inbound("1", "c"), 2) //nolint:contextcheck // The bench has a separate one.
		return nil
	})
	run(t, b.Relay, b.receiver, relay.WithHandlerLease(time.Second))
	require.Equal(t, http.StatusOK, b.post(t.Context(), inbound("1", "c"), "n"))
	next(t, ids)
	b.redeliver(t, "inbox", 1) // as when the clock of the engine is set forward
	run(t, b.Relay, b.receiver, relay.WithHandlerLease(time.Second))
	b.allAcknowledged(t)
	assert.Empty(t, ids)
	assert.Equal(t, 1, running)
}

func TestARetryIsNotEarlyThoughTheClockWasSetForward(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	var times []time.Time
	var mu sync.Mutex
	ids := heard(b.receiver, func(context.Context, string) error {
		mu.Lock()
		defer mu.Unlock()
		if times = append(times, time.Now()); len(times) < 2 {
			return errors.New("not now")
		}
		return nil
	})
	const backoff = 2 * time.Second
	run(t, b.Relay, b.receiver, relay.WithTries(2), relay.WithBackoff(backoff, backoff))
	require.Equal(t, http.StatusOK, b.post(t.Context(), inbound("1", "c"), "n"))
	next(t, ids)
	require.Eventually(t, func() bool {
		entry, err := b.seen(t).Get(t.Context(), webhook.DeduperKey([]byte(inbound("1", "c"))))
		return err == nil && strings.Contains(string(entry.Value()), `"failed"`)
	}, soon, time.Millisecond)
	b.redeliver(t, "inbox", 1)
	next(t, ids)
	b.allAcknowledged(t)
	assert.GreaterOrEqual(t, times[1].Sub(times[0]), backoff)
	assert.Empty(t, deadLetters(t, b.Relay))
}

// redeliver causes the engine to redeliver a callback now, as when its clock is set forward.
func (b *bench) redeliver(t *testing.T, consumer string, seq int) {
	t.Helper()
	require.NoError(t, b.nc.Publish("$JS.ACK.SINCH_INBOX."+consumer+".1."+strconv.Itoa(seq)+".1.0.0", []byte("-NAK")))
}

// createConsumers runs the inbox until its consumers exist.
func (b *bench) createConsumers(t *testing.T, opts ...relay.InboxOption) {
	t.Helper()
	stop := run(t, b.Relay, b.receiver, opts...)
	require.Eventually(t, func() bool {
		all := b.inboxConsumers(t)
		return len(all) == 1 && all[0].Name == "inbox" || len(all) == 64
	}, soon, 5*time.Millisecond)
	stop()
}

func (b *bench) inboxConsumers(t *testing.T) []*jetstream.ConsumerInfo {
	t.Helper()
	stream, err := b.js.Stream(t.Context(), "SINCH_INBOX")
	require.NoError(t, err)
	var all []*jetstream.ConsumerInfo
	list := stream.ListConsumers(t.Context())
	for info := range list.Info() {
		all = append(all, info)
	}
	require.NoError(t, list.Err())
	return all
}

// allAcknowledged waits until no consumer has anything left.
func (b *bench) allAcknowledged(t *testing.T) {
	t.Helper()
	require.Eventually(t, func() bool {
		for _, info := range b.inboxConsumers(t) {
			if info.NumPending > 0 || info.NumAckPending > 0 {
				return false
			}
		}
		return true
	}, soon, 5*time.Millisecond)
}
