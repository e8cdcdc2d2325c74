package relay_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
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

// runInbox is the worker of an inbox: it serves callbacks and handles them.
func runInbox(ctx context.Context, j job, ready func(string)) error {
	nc, err := dial(j.NATS)
	if err != nil {
		return err
	}
	defer nc.Close()
	r, err := openPatiently(ctx, nc, j.options()...)
	if err != nil {
		return err
	}
	defer r.Close()
	receiver, err := webhook.NewReceiver(webhook.WithSecret(j.Secret), webhook.WithMaxAge(time.Hour))
	if err != nil {
		return err
	}
	own, err := newHandler(j)
	if err != nil {
		return err
	}
	webhook.OnAny(receiver, own.run)
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	front := &http.Server{Handler: r.Inbox().Handler(receiver), ReadHeaderTimeout: time.Minute}
	go func() { _ = front.Serve(listener) }() // until http.ErrServerClosed
	defer func() { _ = front.Close() }()
	ready("http://" + listener.Addr().String())
	opts := []relay.InboxOption{
		relay.WithHandlers(j.Sends), relay.WithHandlerLease(j.Lease), relay.WithTries(50), relay.WithBackoff(10*time.Millisecond, time.Second),
	}
	if j.InOrder {
		opts = append(opts, relay.WithInOrder())
	}
	return r.Inbox().Run(ctx, receiver, opts...)
}

// handler is the handler of a worker. It logs the start to a separate file and, at the end, the success. The line
// about the success is its effect.
type handler struct {
	file    *os.File
	failing int

	mu     sync.Mutex
	random *rand.Rand
}

func newHandler(j job) (*handler, error) {
	file, err := os.OpenFile(fmt.Sprintf("%s/%d.log", j.Log, os.Getpid()), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	return &handler{file: file, failing: j.Failing, random: rand.New(rand.NewPCG(j.Seed, 2))}, nil
}

func (h *handler) run(_ context.Context, event webhook.Event) error {
	id := event.Meta().CorrelationID
	if err := h.note("begin", id); err != nil {
		return err
	}
	h.mu.Lock()
	lot := h.random.IntN(2 * h.failing)
	h.mu.Unlock()
	switch lot {
	case 0:
		return errors.New("broken")
	case 1:
		panic("broken")
	}
	return h.note("done", id)
}

// note writes a line immediately, so that it remains when the process is killed.
func (h *handler) note(what, id string) error {
	_, err := fmt.Fprintf(h.file, "%s %s %d\n", what, id, time.Now().UnixNano())
	return err
}

// inboxSoak is a run of an inbox whose workers are killed.
type inboxSoak struct {
	callbacks, kills int
	inOrder          bool
	servers          []time.Time // when servers of the engine were killed

	seed      uint64
	job       job
	workers   *workers
	signed    []http.Header // the headers of the first delivery
	again     atomic.Int64
	anew      atomic.Int64
	committed *commits
	client    *http.Client
}

// body returns a callback. One in two reports on a message that the outbox does not know.
func (*inboxSoak) body(i int) []byte {
	if i%2 == 0 {
		return fmt.Appendf(nil, `{"app_id":"app","correlation_id":"c-%06d","message_delivery_report":{"message_id":"m-%d","status":"DELIVERED"}}`, i, i)
	}
	return fmt.Appendf(nil, `{"app_id":"app","correlation_id":"c-%06d","message":{"id":"m-%d","conversation_id":"v-%d","direction":"TO_APP"}}`, i, i, i%conversations)
}

// conversations is twice the number of conversations. Callbacks with an odd number have one.
var conversations = volume(50, 500)

// deliver acts as Sinch: it delivers the callbacks in random order, three in ten twice, each until it is answered 200. One
// in ten deliveries is signed anew.
func (s *inboxSoak) deliver(t *testing.T) {
	t.Helper()
	random := rand.New(rand.NewPCG(s.seed, 3))
	todo := random.Perm(s.callbacks)
	for range s.callbacks * 3 / 10 {
		todo = append(todo, random.IntN(s.callbacks))
	}
	random.Shuffle(len(todo), func(i, j int) { todo[i], todo[j] = todo[j], todo[i] })
	began, next := time.Now(), atomic.Int64{}
	var senders sync.WaitGroup
	for range 16 {
		senders.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(todo) && t.Context().Err() == nil; i = int(next.Add(1)) - 1 {
				for !s.post(t, todo[i]) && t.Context().Err() == nil {
					s.again.Add(1)
				}
			}
		})
	}
	senders.Wait()
	t.Logf("%d deliveries of %d callbacks in %v, %d were retried, %d were signed anew",
		len(todo), s.callbacks, time.Since(began).Round(time.Millisecond), s.again.Load(), s.anew.Load())
}

// post delivers a callback to any of the workers, and reports whether it was answered 200.
func (s *inboxSoak) post(t *testing.T, i int) bool {
	t.Helper()
	living := s.workers.living()
	if len(living) == 0 {
		return false
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, living[rand.IntN(len(living))].address, bytes.NewReader(s.body(i)))
	if !assert.NoError(t, err) {
		return false
	}
	req.Header = s.headerOf(i)
	resp, err := s.client.Do(req)
	if err != nil {
		return false
	}
	defer func() { _ = resp.Body.Close() }()
	_, _ = io.Copy(io.Discard, resp.Body) // allows the connection to be reused
	if resp.StatusCode != http.StatusOK {
		assert.Equal(t, http.StatusServiceUnavailable, resp.StatusCode, "only 503 may ask for another try")
		return false
	}
	return true
}

// headerOf returns the headers of a delivery: for one in ten they are signed anew.
func (s *inboxSoak) headerOf(i int) http.Header {
	if rand.IntN(10) > 0 {
		return s.signed[i].Clone()
	}
	return webhook.Sign(s.body(i), s.job.Secret, fmt.Sprintf("n-%d-%d", i, s.anew.Add(1)), time.Now())
}

// prepare signs the callbacks, and prepares the workers on the engine at an address.
func (s *inboxSoak) prepare(t *testing.T, address string, weak bool) {
	t.Helper()
	s.seed = seedOf(t)
	s.job = job{
		Role: "inbox", Seed: s.seed, NATS: address, Weak: weak, Secret: "a secret", Failing: 20, Sends: 32, Lease: 3 * time.Second,
		Log: t.TempDir(), InOrder: s.inOrder,
	}
	openAt(t, address, s.job.options()...)
	ids := map[string]string{}
	for i := range s.callbacks {
		s.signed = append(s.signed, webhook.Sign(s.body(i), s.job.Secret, "n-"+strconv.Itoa(i), time.Now()))
		ids[webhook.DeduperKey(s.body(i))] = fmt.Sprintf("c-%06d", i)
	}
	s.committed = watchCommits(t, address, ids)
	transport := &http.Transport{MaxIdleConnsPerHost: 16}
	t.Cleanup(transport.CloseIdleConnections)
	s.client = &http.Client{Transport: transport}
}

// run delivers all callbacks to workers that are killed while during runs, and judges the outcome.
func (s *inboxSoak) run(t *testing.T, during func()) {
	t.Helper()
	began := time.Now()
	s.workers = newWorkers(t, 3, s.job)
	var all sync.WaitGroup
	all.Go(func() { s.deliver(t) })
	all.Go(func() { s.workers.killAt(t, s.kills, s.callbacks*9/10, s.committed.told) })
	during()
	all.Wait()
	eventually(t, func() bool { return s.committed.count() >= s.callbacks }, "every callback is committed")
	s.workers.stop(t)
	t.Logf("%d callbacks, %d kills: %v", s.callbacks, len(s.workers.dead), time.Since(began).Round(time.Millisecond))
	require.Len(t, s.workers.dead, s.kills)
	s.judge(t)
}

func TestNoCallbackIsLostOrCommittedTwiceWhateverIsKilled(t *testing.T) { //nolint:paralleltest // It needs the machine.
	s := &inboxSoak{callbacks: volume(1_000, 100_000), kills: volume(2, 20)}
	s.prepare(t, startEngine(t).ClientURL(), true)
	s.run(t, func() {})
}

// TestCallbacksAreHandledInOrderWhateverIsKilled has half of the callbacks belong to conversations.
func TestCallbacksAreHandledInOrderWhateverIsKilled(t *testing.T) { //nolint:paralleltest // In a soak, it needs the machine.
	if !soaking {
		t.Parallel()
	}
	s := &inboxSoak{callbacks: volume(300, 100_000), kills: volume(1, 20), inOrder: true}
	s.prepare(t, startEngine(t).ClientURL(), true)
	s.run(t, func() {})
}

// TestNoCallbackIsLostWhenAServerDies kills the server that leads the inbox, while callbacks are delivered and handled and workers
// are killed.
func TestNoCallbackIsLostWhenAServerDies(t *testing.T) { //nolint:paralleltest // In a soak, it needs the machine.
	if !soaking {
		t.Parallel()
	}
	s := &inboxSoak{callbacks: volume(200, 100_000), kills: volume(1, 20), inOrder: true}
	servers := startCluster(t)
	s.prepare(t, servers.address(), false)
	s.run(t, func() {
		parts := volume(1, 5)
		for part := range parts {
			whole := s.callbacks / parts
			require.True(t, s.committed.told.await(t.Context(), part*whole+whole/3))
			leader := servers.leader(t, connectTo(t, servers.address()), "SINCH_INBOX")
			s.servers = append(s.servers, time.Now())
			servers.kill(leader)
			t.Logf("server %d led the inbox and was killed", leader)
			require.True(t, s.committed.told.await(t.Context(), part*whole+whole*2/3))
			if soaking { // it takes seconds
				servers.restart(t, leader)
			}
		}
	})
}
