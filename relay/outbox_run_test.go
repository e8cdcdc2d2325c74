package relay_test

import (
	"context"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/conversationtest"
	"github.com/sinchgo/conversation/relay"
)

func TestOutboxRunReportsAllInvalidArguments(t *testing.T) {
	t.Parallel()
	err := open(t).Outbox().Run(t.Context(), nil, nil, relay.WithUnknown("perhaps", time.Minute), relay.WithUnknown(relay.UnknownResend, 0),
		relay.WithConcurrency(0), relay.WithRates(0.1, -1), relay.WithSendLease(0))
	for _, name := range []string{"client is nil", "option 0 is nil", "WithUnknown has an invalid policy", "WithUnknown is below 1 second", "WithConcurrency", "WithRates", "WithSendLease"} {
		assert.ErrorContains(t, err, name)
	}
}

func TestEnqueueWaitsWhileTheQueueIsFull(t *testing.T) {
	t.Parallel()
	r, srv := open(t, relay.WithMaxDepth(3)), conversationtest.NewServer(conversationtest.Config{})
	defer srv.Close()
	for i := range 3 {
		require.NoError(t, r.Outbox().Enqueue(t.Context(), message(srv.AppID()), relay.Entry{ID: strconv.Itoa(i)}))
	}
	short, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	err := r.Outbox().Enqueue(short, message(srv.AppID()), relay.Entry{ID: "3"})
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.ErrorContains(t, err, "WithMaxDepth")
	work(t, r, srv.NewClient(t))
	require.NoError(t, r.Outbox().Enqueue(t.Context(), message(srv.AppID()), relay.Entry{ID: "3"}))
	inState(t, r, "3", relay.StateAccepted)
}

func TestWorkersTogetherKeepToWhatTheAppPublishes(t *testing.T) { //nolint:paralleltest // It measures rates.
	const n, published = 60, 25
	took := sendAll(t, n, published, func(t *testing.T, r *relay.Relay, srv *conversationtest.Server) {
		t.Helper()
		for range 4 {
			work(t, r, srv.NewClient(t))
		}
	})
	assert.Greater(t, took, time.Duration(n/published-1)*time.Second)
}

func TestRequestsThatWaitedForATokenDoNotLeaveAtOnce(t *testing.T) { //nolint:paralleltest // It measures rates.
	const n, rate = 50, 25
	sendAll(t, n, rate, func(t *testing.T, r *relay.Relay, srv *conversationtest.Server) {
		t.Helper()
		srv.Fault(conversationtest.Fault{Kind: conversationtest.FaultSlow, Operation: "token", Delay: 800 * time.Millisecond})
		work(t, r, srv.NewClient(t), relay.WithRates(rate, 0))
	})
}

func TestAnAttemptThatLosesItsTurnDoesNotOutliveItsLease(t *testing.T) {
	t.Parallel()
	engine := startEngine(t)
	srv, r := newFake(t), openAt(t, engine.ClientURL(), relay.WithWeakDurability())
	srv.Fault(conversationtest.Fault{Kind: conversationtest.FaultSlow, Operation: "token", Delay: 2 * time.Second})
	require.NoError(t, r.Outbox().Enqueue(t.Context(), message(srv.AppID()), relay.Entry{ID: "1"}))
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		done <- r.Outbox().Run(ctx, srv.NewClient(t), relay.WithRates(25, 0), relay.WithSendLease(time.Second))
	}()
	require.Eventually(t, func() bool { return len(srv.Requests()) > 0 }, 20*time.Second, 10*time.Millisecond)

	stopEngine(engine) // while the attempt waits for its token
	cancel()

	select {
	case err := <-done:
		require.NoError(t, err)
	case <-time.After(20 * time.Second):
		require.Fail(t, "Run waits for a turn for ever")
	}
}

// sendAll sends messages of one app with the workers that start starts, and checks that no window of a second exceeded
// the rate. It returns the duration.
func sendAll(t *testing.T, n int, rate float64, start func(*testing.T, *relay.Relay, *conversationtest.Server)) time.Duration {
	t.Helper()
	var came arrivals
	r := open(t)
	srv := conversationtest.NewServer(conversationtest.Config{OnRequest: func(request conversationtest.Request, took time.Duration) {
		came.note(request, took)
	}})
	t.Cleanup(srv.Close)
	for i := range n {
		require.NoError(t, r.Outbox().Enqueue(t.Context(), message(srv.AppID()), relay.Entry{ID: strconv.Itoa(i)}))
	}
	began := time.Now()
	start(t, r, srv)
	for i := range n {
		inState(t, r, strconv.Itoa(i), relay.StateAccepted)
	}
	assert.Len(t, srv.Sent(), n)
	came.check(t, rate, defaultProject)
	return time.Since(began)
}

// defaultProject is the default project rate.
const defaultProject = 800
