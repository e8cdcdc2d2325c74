package relay_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/relay"
	"github.com/sinchgo/conversation/webhook"
)

// hasty retries immediately.
var hasty = relay.WithBackoff(time.Millisecond, 2*time.Millisecond)

func TestACallbackIsAnsweredWhenItIsStoredAndHandledLater(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	ids := heard(b.receiver, fine)
	require.Equal(t, http.StatusOK, b.post(t.Context(), inbound("1", "c"), "n1"))
	assert.Empty(t, ids, "no handler runs yet")

	stream, err := b.js.Stream(t.Context(), "SINCH_INBOX")
	require.NoError(t, err)
	kept, err := stream.GetMsg(t.Context(), 1)
	require.NoError(t, err)
	assert.Equal(t, inbound("1", "c"), string(kept.Data))
	assert.Equal(t, "n1", kept.Header.Get("X-Sinch-Webhook-Signature-Nonce"))
	assert.Equal(t, "application/json", kept.Header.Get("Content-Type"))
	assert.NotContains(t, kept.Header, "Authorization")

	run(t, b.Relay, b.receiver)
	assert.Equal(t, "1", next(t, ids))
	b.settled(t)
}

func TestADuplicateIsNotHandledAgain(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	ids := heard(b.receiver, fine)
	for id, nonces := range map[string][]string{"1": {"n", "n", "signed anew"}, "2": {"n", "another"}} {
		for _, nonce := range nonces {
			require.Equal(t, http.StatusOK, b.post(t.Context(), inbound(id, "c"), nonce))
		}
	}
	stop := run(t, b.Relay, b.receiver)
	assert.ElementsMatch(t, []string{"1", "2"}, []string{next(t, ids), next(t, ids)})
	b.settled(t)
	stop()

	// neither in another process nor much later
	other, _ := b.connect(t)
	run(t, other, b.receiver)
	for _, nonce := range []string{"n", "signed anew much later"} {
		require.Equal(t, http.StatusOK, b.post(t.Context(), inbound("1", "c"), nonce))
	}
	b.settled(t)
	assert.Empty(t, ids)
}

func TestADuplicateWaitsWhileAnotherIsHandled(t *testing.T) {
	t.Parallel()
	for name, fails := range map[string]bool{"which is handled": false, "which fails": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			var calls, running atomic.Int32
			release := make(chan struct{})
			ids := heard(b.receiver, func(context.Context, string) error {
				assert.Equal(t, int32(1), running.Add(1), "one at a time")
				defer running.Add(-1)
				if calls.Add(1) > 1 {
					return nil
				}
				<-release
				if fails {
					return errBroken
				}
				return nil
			})
			other, _ := b.connect(t)
			run(t, b.Relay, b.receiver, relay.WithHandlerLease(time.Second), hasty)
			run(t, other, b.receiver, relay.WithHandlerLease(time.Second), hasty)
			require.Equal(t, http.StatusOK, b.post(t.Context(), inbound("1", "c"), "n"))
			next(t, ids)
			require.Equal(t, http.StatusOK, b.post(t.Context(), inbound("1", "c"), "signed anew"))
			b.renewed(t, inbound("1", "c"), 4) // for longer than the lease
			assert.Empty(t, ids)
			close(release)
			if fails {
				next(t, ids)
			}
			b.settled(t)
			assert.Empty(t, ids)
			assert.Empty(t, deadLetters(t, b.Relay))
		})
	}
}

func TestAHandlerThatFailsIsRetried(t *testing.T) {
	t.Parallel()
	for name, fail := range map[string]func() error{
		"an error":               func() error { return errBroken },
		"a panic":                func() error { panic("broken") },
		"the end of a goroutine": func() error { runtime.Goexit(); return nil },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			var calls atomic.Int32
			ids := heard(b.receiver, func(context.Context, string) error {
				if calls.Add(1) <= 2 {
					return fail()
				}
				return nil
			})
			run(t, b.Relay, b.receiver, hasty, relay.WithTries(3))
			require.Equal(t, http.StatusOK, b.post(t.Context(), inbound("1", "c"), "n"))
			for range 3 {
				assert.Equal(t, "1", next(t, ids))
			}
			b.settled(t)
			assert.Empty(t, ids)
			assert.Empty(t, deadLetters(t, b.Relay))
		})
	}
}

func TestACallbackOfAKilledWorkerIsHandledByAnother(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	killed, nc := b.connect(t)
	stuck := newReceiver(t)
	began := heard(stuck, func(ctx context.Context, _ string) error { <-ctx.Done(); return ctx.Err() })
	ended := make(chan error, 1)
	go func() {
		ended <- killed.Inbox().Run(t.Context(), stuck, relay.WithHandlerLease(time.Second), relay.WithHandlers(1))
	}()
	require.Equal(t, http.StatusOK, b.post(t.Context(), inbound("1", "c"), "n"))
	next(t, began)
	nc.Close() // it can no longer reach the engine

	ids := heard(b.receiver, fine)
	run(t, b.Relay, b.receiver, relay.WithHandlerLease(time.Second))
	assert.Equal(t, "1", next(t, ids))
	b.settled(t)
}

func TestTheEndOfRunIsNotAFailureOfItsHandlers(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	var calls atomic.Int32
	ids := heard(b.receiver, func(ctx context.Context, _ string) error {
		if calls.Add(1) > 1 {
			return nil
		}
		<-ctx.Done()
		return ctx.Err()
	})
	stop := run(t, b.Relay, b.receiver, relay.WithTries(1))
	require.Equal(t, http.StatusOK, b.post(t.Context(), inbound("1", "c"), "n"))
	next(t, ids)
	stop()
	assert.Equal(t, int32(1), calls.Load())

	run(t, b.Relay, b.receiver, relay.WithTries(1))
	next(t, ids)
	b.settled(t)
	assert.Empty(t, deadLetters(t, b.Relay))
}

func TestInOrderAConversationWaitsForItsFailingCallback(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	var mu sync.Mutex
	handled := map[string][]string{}
	failures := map[string]int{}
	done := make(chan struct{}, 100)
	webhook.On(b.receiver, func(_ context.Context, e *webhook.MessageInbound) error {
		mu.Lock()
		defer mu.Unlock()
		if failures[e.Message.ID]++; e.Message.ID == "3" && failures["3"] < 4 {
			return errBroken
		}
		handled[e.Message.ConversationID] = append(handled[e.Message.ConversationID], e.Message.ID)
		done <- struct{}{}
		return nil
	})
	for n := range 12 {
		require.Equal(t, http.StatusOK, b.post(t.Context(), inbound(strconv.Itoa(n), fmt.Sprint("c", n%2)), fmt.Sprint("n", n)))
	}
	other, _ := b.connect(t)
	run(t, b.Relay, b.receiver, relay.WithInOrder(), relay.WithHandlers(3), relay.WithBackoff(30*time.Millisecond, time.Second))
	run(t, other, b.receiver, relay.WithInOrder(), relay.WithHandlers(3), relay.WithBackoff(30*time.Millisecond, time.Second))
	for range 12 {
		next(t, done)
	}
	assert.Equal(t, map[string][]string{"c0": {"0", "2", "4", "6", "8", "10"}, "c1": {"1", "3", "5", "7", "9", "11"}}, handled)
}

func TestTheHandlerAnswers503WhenTheEngineIsAway(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	require.Equal(t, http.StatusOK, b.post(t.Context(), inbound("1", "c"), "n"))
	b.nc.Close()
	assert.Equal(t, http.StatusServiceUnavailable, b.post(t.Context(), inbound("1", "c"), "n"))
}

func TestTheResultOfAHandlerIsRecordedWhenTheEngineIsBack(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	release := make(chan struct{})
	ids := heard(b.receiver, func(_ context.Context, id string) error {
		if id == "1" {
			<-release
		}
		return nil
	})
	run(t, b.Relay, b.receiver, relay.WithHandlerLease(3*time.Second))
	require.Equal(t, http.StatusOK, b.post(t.Context(), inbound("1", "c"), "n1"))
	next(t, ids)
	b.shutdown(t)
	assert.Equal(t, http.StatusServiceUnavailable, b.post(t.Context(), inbound("2", "c"), "n2"))
	close(release)
	b.start(t)
	require.Equal(t, http.StatusOK, b.post(t.Context(), inbound("2", "c"), "n2"))
	assert.Equal(t, "2", next(t, ids))
	b.settled(t)
	assert.Empty(t, ids, "the first is not handled again")
}

func TestRunEndsWithAnErrorWhenTheConnectionIsClosed(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	ids := heard(b.receiver, fine)
	ended := make(chan error, 1)
	go func() { ended <- b.Inbox().Run(t.Context(), b.receiver) }()
	require.Equal(t, http.StatusOK, b.post(t.Context(), inbound("1", "c"), "n"))
	next(t, ids)
	b.nc.Close()
	require.ErrorContains(t, next(t, ended), "the connection to the engine was closed")
	assert.ErrorContains(t, b.Inbox().Run(t.Context(), b.receiver), "the engine delivers no callbacks")
}

func TestInboxRunReportsAllInvalidArguments(t *testing.T) {
	t.Parallel()
	err := (&relay.Inbox{}).Run(t.Context(), nil,
		nil, relay.WithTries(0), relay.WithBackoff(0, time.Second), relay.WithBackoff(2, 1), relay.WithHandlers(0), relay.WithHandlerLease(time.Millisecond))
	for _, part := range []string{"receiver is nil", "option 0 is nil", "WithTries", "WithBackoff", "WithHandlers", "WithHandlerLease"} {
		assert.ErrorContains(t, err, part)
	}
}

func TestTheLogOfTheInboxShowsNothingPersonal(t *testing.T) {
	t.Parallel()
	var log lockedBuffer
	b := newBench(t, relay.WithLogger(slog.New(slog.NewJSONHandler(&log, nil))))
	ids := heard(b.receiver, func(context.Context, string) error { return errBroken })
	run(t, b.Relay, b.receiver, hasty, relay.WithTries(2))
	require.Equal(t, http.StatusOK, b.post(t.Context(), inbound("hello", "c"), "nonce"))
	assert.Equal(t, []string{"hello", "hello"}, []string{next(t, ids), next(t, ids)})
	b.settled(t)
	for _, part := range []string{"a handler failed", `"tries":1`, "became a dead letter", `"tries":2`, "broken for +*******"} {
		assert.Contains(t, log.String(), part)
	}
	for _, hidden := range []string{"hello", "nonce", "46701234567", secret} {
		assert.NotContains(t, log.String(), hidden)
	}
}
