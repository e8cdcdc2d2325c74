package relay_test

import (
	"context"
	"net/url"
	"strconv"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/conversationtest"
	"github.com/sinchgo/conversation/relay"
)

// again starts an engine at the address and on the files of another.
func again(t *testing.T, before *server.Server, folder string) func(*server.Options) {
	t.Helper()
	address, err := url.Parse(before.ClientURL())
	require.NoError(t, err)
	port, err := strconv.Atoi(address.Port())
	require.NoError(t, err)
	return func(options *server.Options) { options.Port, options.StoreDir = port, folder }
}

func stopEngine(engine *server.Server) {
	engine.Shutdown()
	engine.WaitForShutdown()
}

// enqueueFor enqueues a message with a timeout.
func enqueueFor(t *testing.T, r *relay.Relay, app, id string, patience time.Duration) error {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	return r.Outbox().Enqueue(ctx, message(app), relay.Entry{ID: id})
}

// newFake starts a fake, which is closed when the test ends.
func newFake(t *testing.T) *conversationtest.Server {
	t.Helper()
	srv := conversationtest.NewServer(conversationtest.Config{})
	t.Cleanup(srv.Close)
	return srv
}

// inStates waits for the counts of an outbox.
func inStates(t *testing.T, r *relay.Relay, fits func(map[relay.State]int) bool) map[relay.State]int {
	t.Helper()
	var counts map[relay.State]int
	require.Eventually(t, func() bool {
		now, err := r.Outbox().Counts(t.Context())
		if err != nil {
			return false
		}
		counts = now
		return fits(now)
	}, 2*time.Minute, 50*time.Millisecond, "the counts")
	return counts
}

func TestAnEngineThatIsAwayFailsEnqueueInTimeAndWorkersComeBack(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	first := startEngine(t, func(options *server.Options) { options.StoreDir = folder })
	srv, r := newFake(t), openAt(t, first.ClientURL(), relay.WithWeakDurability())
	work(t, r, srv.NewClient(t))
	require.NoError(t, enqueueFor(t, r, srv.AppID(), "before", 10*time.Second))
	inState(t, r, "before", relay.StateAccepted)

	place := again(t, first, folder)
	stopEngine(first)
	began := time.Now()
	err := enqueueFor(t, r, srv.AppID(), "during", time.Second)
	require.ErrorContains(t, err, "relay: Outbox.Enqueue: the engine")
	assert.Less(t, time.Since(began), 5*time.Second)

	startEngine(t, place)
	require.Eventually(t, func() bool {
		return enqueueFor(t, r, srv.AppID(), "during", time.Second) == nil
	}, time.Minute, 50*time.Millisecond)
	inState(t, r, "during", relay.StateAccepted)
	assert.Len(t, srv.Sent(), 2)
}

func TestOpenReportsThatTheEngineCannotBeReached(t *testing.T) {
	t.Parallel()
	engine := startEngine(t)
	stopEngine(engine)
	nc, err := nats.Connect(engine.ClientURL(), nats.RetryOnFailedConnect(true), nats.MaxReconnects(-1))
	require.NoError(t, err)
	defer nc.Close()
	_, err = relay.Open(t.Context(), relay.Conn(nc), relay.WithWeakDurability())
	require.ErrorContains(t, err, "relay: Open: the connection to NATS is")
}

// TestAFullDiskLosesNothing fills the engine to its limit. A rejected message must not be stored, and no request may be
// sent that cannot be recorded before. With more space, everything continues.
func TestAFullDiskLosesNothing(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	first := startEngine(t, func(options *server.Options) { options.StoreDir, options.JetStreamMaxStore = folder, 256<<10 })
	srv, r := newFake(t), openAt(t, first.ClientURL(), relay.WithWeakDurability())
	var (
		stored int
		err    error
	)
	for ; err == nil && stored < 2_000; stored++ {
		err = enqueueFor(t, r, srv.AppID(), "m"+strconv.Itoa(stored), 10*time.Second)
	}
	stored-- // the last one was rejected
	require.ErrorContains(t, err, "the engine has no room, so nothing was stored")
	refused := "m" + strconv.Itoa(stored)
	_, err = r.Outbox().Get(t.Context(), refused)
	require.ErrorIs(t, err, relay.ErrNoEntry)

	work(t, r, srv.NewClient(t), relay.WithRates(400, 800), relay.WithSendLease(2*time.Second))
	place := again(t, first, folder)
	stopEngine(first)
	startEngine(t, place)
	inStates(t, r, func(counts map[relay.State]int) bool { return counts[relay.StateAccepted] == stored })
	require.NoError(t, enqueueFor(t, r, srv.AppID(), refused, 10*time.Second))
	inState(t, r, refused, relay.StateAccepted)
	assert.Len(t, srv.Sent(), stored+1)
}

// TestAnOutageOfSinchLeavesFewEntriesUnknown fails all requests in the middle of a campaign.
func TestAnOutageOfSinchLeavesFewEntriesUnknown(t *testing.T) {
	t.Parallel()
	const messages = 150
	for name, tt := range map[string]struct {
		fault   conversationtest.Fault
		unknown int // at most
	}{
		"503":      {conversationtest.Fault{Kind: conversationtest.FaultStatus, Operation: "Messages.Send", Status: 503}, 20},
		"reset":    {conversationtest.Fault{Kind: conversationtest.FaultReset, Operation: "Messages.Send"}, 20},
		"rejected": {conversationtest.Fault{Kind: conversationtest.FaultRefuse}, 0},
		"no token": {conversationtest.Fault{
			Kind: conversationtest.FaultTokenEndpointDown, Status: 401, Body: `{"error":"invalid_client"}`,
		}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv, r := newFake(t), open(t)
			for i := range messages {
				require.NoError(t, enqueueFor(t, r, srv.AppID(), "m"+strconv.Itoa(i), 10*time.Second))
			}
			work(t, r, srv.NewClient(t), relay.WithRates(100, 800), relay.WithConcurrency(8))
			require.Eventually(t, func() bool { return len(srv.Sent()) > 20 }, soon, time.Millisecond)
			srv.RevokeTokens()
			fault := srv.Fault(tt.fault)
			requests := srv.FaultHits
			require.Eventually(t, func() bool { return requests() >= 1 }, soon, time.Millisecond) // a refused key is not tried again for seconds
			select {                                                                              // it lasts until all could have been tried
			case <-time.After(1500 * time.Millisecond):
			case <-t.Context().Done():
			}
			fault.Remove()
			counts := inStates(t, r, func(counts map[relay.State]int) bool {
				return counts[relay.StateAccepted]+counts[relay.StateUnknown] == messages
			})
			t.Log(counts, fault.Hits(), "requests met the fault")
			assert.LessOrEqual(t, counts[relay.StateUnknown], tt.unknown)
			assert.Len(t, srv.Sent(), counts[relay.StateAccepted])
		})
	}
}
