package relay_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/relay"
	"github.com/sinchgo/conversation/webhook"
)

const secret = "a secret"

// soon is the time limit for what must happen.
const soon = 20 * time.Second

// bench is an engine with a relay on it, and a receiver.
type bench struct {
	*relay.Relay
	dir      string
	payload  int32 // the largest message of the engine; 0 for the default
	server   atomic.Pointer[server.Server]
	nc       *nats.Conn
	js       jetstream.JetStream
	receiver *webhook.Receiver
}

func newBench(tb testing.TB, opts ...relay.Option) *bench {
	tb.Helper()
	return newSmallBench(tb, 0, opts...)
}

// newSmallBench returns a bench whose engine accepts messages up to a size.
func newSmallBench(tb testing.TB, payload int32, opts ...relay.Option) *bench {
	tb.Helper()
	b := &bench{dir: tb.TempDir(), payload: payload}
	b.start(tb)
	tb.Cleanup(func() { b.shutdown(tb) })
	b.Relay, b.nc = b.connect(tb, opts...)
	var err error
	b.js, err = jetstream.New(b.nc)
	require.NoError(tb, err)
	b.receiver = newReceiver(tb)
	return b
}

// start starts the engine, on the files of the previous one.
func (b *bench) start(tb testing.TB) {
	tb.Helper()
	engine, err := server.NewServer(&server.Options{
		JetStream: true, StoreDir: b.dir, DontListen: true, NoSigs: true, NoLog: true, MaxPayload: b.payload,
	})
	require.NoError(tb, err)
	engine.Start()
	require.True(tb, engine.ReadyForConnections(soon))
	b.server.Store(engine)
	if b.nc != nil {
		require.Eventually(tb, b.nc.IsConnected, soon, time.Millisecond)
	}
}

// shutdown stops the engine, and waits until all connections notice.
func (b *bench) shutdown(tb testing.TB) {
	tb.Helper()
	b.server.Load().Shutdown()
	b.server.Load().WaitForShutdown()
	require.Eventually(tb, func() bool { return b.nc == nil || !b.nc.IsConnected() }, soon, time.Millisecond)
}

// InProcessConn connects to the current engine.
func (b *bench) InProcessConn() (net.Conn, error) { return b.server.Load().InProcessConn() }

// connect returns a relay with a separate connection, as another process has.
func (b *bench) connect(tb testing.TB, opts ...relay.Option) (*relay.Relay, *nats.Conn) {
	tb.Helper()
	nc, err := nats.Connect("", nats.InProcessServer(b), nats.MaxReconnects(-1), nats.ReconnectWait(time.Millisecond))
	require.NoError(tb, err)
	tb.Cleanup(nc.Close)
	r, err := relay.Open(tb.Context(), relay.Conn(nc), append(opts, relay.WithWeakDurability())...)
	require.NoError(tb, err)
	return r, nc
}

// renewed waits until the claim of a callback was renewed n times.
func (b *bench) renewed(t *testing.T, body string, times uint64) {
	t.Helper()
	seen, key := b.seen(t), webhook.DeduperKey([]byte(body))
	first, err := seen.Get(t.Context(), key)
	require.NoError(t, err)
	require.Eventually(t, func() bool {
		entry, err := seen.Get(t.Context(), key)
		return err == nil && entry.Revision() >= first.Revision()+times
	}, soon, 5*time.Millisecond)
}

func newReceiver(tb testing.TB) *webhook.Receiver {
	tb.Helper()
	receiver, err := webhook.NewReceiver(webhook.WithSecret(secret))
	require.NoError(tb, err)
	return receiver
}

// post delivers a callback as Sinch does, and returns the status.
func (b *bench) post(ctx context.Context, body, nonce string) int {
	req := httptest.NewRequestWithContext(ctx, http.MethodPost, "/sinch", bytes.NewReader([]byte(body)))
	req.Header = webhook.Sign([]byte(body), secret, nonce, time.Now())
	req.Header.Set("Authorization", "Bearer of secrets")
	req.Header.Set("Content-Type", "application/json")
	answer := httptest.NewRecorder()
	b.Inbox().Handler(b.receiver).ServeHTTP(answer, req)
	return answer.Code
}

// run runs the inbox until the test ends or the returned function is called.
func run(t *testing.T, r *relay.Relay, receiver *webhook.Receiver, opts ...relay.InboxOption) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- r.Inbox().Run(ctx, receiver, opts...) }()
	stopped := false
	stop = func() {
		if cancel(); stopped {
			return
		}
		stopped = true
		select {
		case err := <-ended:
			require.NoError(t, err)
		case <-time.After(soon):
			require.Fail(t, "Run does not end")
		}
	}
	t.Cleanup(stop)
	return stop
}

// next returns the next value of a channel.
func next[T any](t *testing.T, from <-chan T) T {
	t.Helper()
	select {
	case got := <-from:
		return got
	case <-time.After(soon):
		require.Fail(t, "nothing came")
		panic("unreachable")
	}
}

// settled waits until the engine has nothing left to deliver, and nothing is unacknowledged.
func (b *bench) settled(t *testing.T) {
	t.Helper()
	require.Eventually(t, func() bool {
		c, err := b.js.Consumer(t.Context(), "SINCH_INBOX", "inbox")
		if err != nil {
			return false
		}
		info, err := c.Info(t.Context())
		return err == nil && info.NumPending == 0 && info.NumAckPending == 0
	}, soon, 5*time.Millisecond)
}

// deadLetters returns all dead letters.
func deadLetters(t *testing.T, r *relay.Relay) []*relay.DeadLetter {
	t.Helper()
	var all []*relay.DeadLetter
	for letter, err := range r.DeadLetters(t.Context()) {
		require.NoError(t, err)
		all = append(all, letter)
	}
	return all
}

// inbound returns the body of a message from a contact.
func inbound(id, conversation string) string {
	return fmt.Sprintf(`{"app_id":"A","message":{"id":%q,"conversation_id":%q}}`, id, conversation)
}

// heard registers a handler that sends the IDs of messages to a channel and then calls f.
func heard(receiver *webhook.Receiver, f func(ctx context.Context, id string) error) <-chan string {
	ids := make(chan string, 100)
	webhook.On(receiver, func(ctx context.Context, e *webhook.MessageInbound) error {
		ids <- e.Message.ID
		return f(ctx, e.Message.ID)
	})
	return ids
}

func fine(context.Context, string) error { return nil }

var errBroken = errors.New("broken for +46701234567")

// lockedBuffer is a buffer for logs of several goroutines.
type lockedBuffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

// seen returns the bucket of claims.
func (b *bench) seen(t *testing.T) jetstream.KeyValue {
	t.Helper()
	seen, err := b.js.KeyValue(t.Context(), "sinch_seen")
	require.NoError(t, err)
	return seen
}
