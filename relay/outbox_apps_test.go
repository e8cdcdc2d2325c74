package relay_test

import (
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
	"github.com/sinchgo/conversation/relay"
)

// answering returns a client whose requests are answered without a network, and the number of sends.
func answering(t *testing.T) (*conversation.Client, *atomic.Int64) {
	t.Helper()
	var sends atomic.Int64
	client, err := conversation.NewClient("project", conversation.WithBasicAuth("key", "secret"), conversation.WithBaseURL("http://127.0.0.1:1"),
		conversation.WithHTTPClient(&http.Client{Transport: roundTrip(func(req *http.Request) (*http.Response, error) {
			reply := `{"apps":[]}`
			if req.Method == http.MethodPost {
				_, _ = io.Copy(io.Discard, req.Body)
				reply = fmt.Sprintf(`{"message_id":"m-%d","accepted_time":"2026-01-01T00:00:00Z"}`, sends.Add(1))
			}
			return &http.Response{
				StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}}, Request: req, Body: io.NopCloser(strings.NewReader(reply)),
			}, nil
		})}))
	require.NoError(t, err)
	return client, &sends
}

// processorTime returns the processor time that this process has used.
func processorTime(t *testing.T) time.Duration {
	t.Helper()
	var used syscall.Rusage
	require.NoError(t, syscall.Getrusage(syscall.RUSAGE_SELF, &used))
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// TestAnyNumberOfAppsIsServed sends for more apps than the engine allows consumers. In a soak, it measures: the engine runs in this
// process too.
func TestAnyNumberOfAppsIsServed(t *testing.T) { //nolint:paralleltest // It measures rates.
	apps, each := volume(1_500, 5_000), volume(1, 4)
	engine := startEngine(t)
	r := openAt(t, engine.ClientURL(), relay.WithWeakDurability())
	for n := range each {
		for i := range apps {
			require.NoError(t, r.Outbox().Enqueue(t.Context(), message("app-"+strconv.Itoa(i)), relay.Entry{ID: fmt.Sprintf("%d-%d", i, n)}))
		}
	}
	client, sends := answering(t)
	began, used := time.Now(), processorTime(t)
	work(t, r, client)
	all := int64(apps * each)
	require.Eventually(t, func() bool { return sends.Load() >= all/2 }, 2*time.Minute, time.Millisecond)
	asked := time.Now()
	view, err := r.Overview(t.Context())
	require.NoError(t, err)
	overview := time.Since(asked)
	require.Eventually(t, func() bool { return sends.Load() >= all }, 2*time.Minute, time.Millisecond)
	took := time.Since(began)
	used = processorTime(t) - used
	rate := float64(all) / took.Seconds()
	t.Logf("%d apps, %d entries: %.0f a second, %.2f processors, an overview in %v", apps, all, rate, used.Seconds()/took.Seconds(), overview)
	assert.Len(t, view.Apps, apps)
	inStates(t, r, func(counts map[relay.State]int) bool { return counts[relay.StateAccepted] == int(all) })
	assert.Equal(t, all, sends.Load(), "each once")
	if soaking {
		assert.Greater(t, rate, 720.0)
		assert.Less(t, used.Seconds()/took.Seconds(), 0.5)
		assert.Less(t, overview, time.Second)
	}
}

func TestABacklogOfOneAppDoesNotHoldUpOthers(t *testing.T) {
	t.Parallel()
	r := openAt(t, startEngine(t).ClientURL(), relay.WithWeakDurability())
	for i := range volume(1_200, 100_000) {
		require.NoError(t, r.Outbox().Enqueue(t.Context(), message("slow"), relay.Entry{ID: "slow-" + strconv.Itoa(i)}))
	}
	client, _ := answering(t)
	work(t, r, client, relay.WithRates(20, 0))
	began := time.Now()
	for i := range 20 {
		require.NoError(t, r.Outbox().Enqueue(t.Context(), message("other-"+strconv.Itoa(i)), relay.Entry{ID: "other-" + strconv.Itoa(i)}))
	}
	for i := range 20 {
		inState(t, r, "other-"+strconv.Itoa(i), relay.StateAccepted)
	}
	t.Logf("sent after %v", time.Since(began))
	status, err := r.Outbox().Get(t.Context(), "slow-1199")
	require.NoError(t, err)
	assert.Equal(t, relay.StateQueued, status.State)
}

// TestARequestThatMissedItsTurnIsQueuedAgain lets the token take longer than the turns of many requests, at a rate at which they
// could not leave before their attempts time out.
func TestARequestThatMissedItsTurnIsQueuedAgain(t *testing.T) { //nolint:paralleltest // It measures rates.
	const n = 80
	r := open(t)
	srv := conversationtest.NewServer(conversationtest.Config{})
	t.Cleanup(srv.Close)
	srv.Fault(conversationtest.Fault{Kind: conversationtest.FaultSlow, Operation: "token", Delay: 500 * time.Millisecond})
	for i := range n {
		require.NoError(t, r.Outbox().Enqueue(t.Context(), message(srv.AppID()), relay.Entry{ID: strconv.Itoa(i)}))
	}
	work(t, r, srv.NewClient(t, conversation.WithTimeout(1500*time.Millisecond)), relay.WithRates(25, 0))
	counts := inStates(t, r, func(counts map[relay.State]int) bool {
		return counts[relay.StateAccepted]+counts[relay.StateUnknown]+counts[relay.StateRejected] == n
	})
	assert.Equal(t, map[relay.State]int{relay.StateAccepted: n}, counts)
	assert.Len(t, srv.Sent(), n)
}
