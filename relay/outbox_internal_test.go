package relay

import (
	"context"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

// inProcess is an engine of a test of this package, which package embedded cannot give it.
type inProcess struct{ t *testing.T }

func (s inProcess) Connect(context.Context) (*Engine, error) {
	engine, err := server.NewServer(&server.Options{JetStream: true, StoreDir: s.t.TempDir(), DontListen: true, NoSigs: true, NoLog: true})
	require.NoError(s.t, err)
	engine.Start()
	require.True(s.t, engine.ReadyForConnections(10*time.Second))
	nc, err := nats.Connect("", nats.InProcessServer(engine))
	return &Engine{Conn: nc, Close: func() {
		nc.Close()
		engine.Shutdown()
		engine.WaitForShutdown()
	}}, err
}

// abandoned gives a relay with one entry that a worker noted to attempt before it died, and the fake that has the message
// or not.
func abandoned(t *testing.T, lease time.Duration) (*Relay, *conversationtest.Server) {
	t.Helper()
	r, err := Open(t.Context(), inProcess{t})
	require.NoError(t, err)
	t.Cleanup(r.Close)
	srv := conversationtest.NewServer(conversationtest.Config{})
	t.Cleanup(srv.Close)
	req := &conversation.SendMessageRequest{
		AppID: srv.AppID(), Message: conversation.Text("Hello"), Recipient: conversation.ToChannel(conversation.ChannelSMS, "15551230000"),
	}
	require.NoError(t, r.Outbox().Enqueue(t.Context(), req, Entry{ID: "a"}))
	consumer, err := r.js.CreateOrUpdateConsumer(t.Context(), r.names.outbox, jetstream.ConsumerConfig{
		Durable: consumerOf(srv.AppID()), FilterSubject: r.names.entriesOf(srv.AppID()), AckPolicy: jetstream.AckExplicitPolicy, AckWait: lease,
	})
	require.NoError(t, err)
	msg, err := consumer.Next()
	require.NoError(t, err)
	_, err = r.outbox.put(t.Context(), refOf(msg.Subject(), msg.Headers()), record{State: StateAttempting, Attempts: 1, By: "the dead"}, 0)
	require.NoError(t, err)
	return r, srv
}

func TestTheAttemptOfADeadWorkerBecomesUnknownAndIsNotSent(t *testing.T) {
	t.Parallel()
	r, srv := abandoned(t, time.Second)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- r.Outbox().Run(ctx, srv.NewClient(t), WithSendLease(time.Second)) }()
	for status, err := range r.Outbox().Watch(t.Context(), "a") {
		require.NoError(t, err)
		if status.State == StateUnknown {
			break
		}
		assert.Equal(t, StateAttempting, status.State)
	}
	cancel()
	require.NoError(t, <-done)
	assert.Empty(t, srv.Sent())
	require.NoError(t, r.Outbox().settleFromCallback(t.Context(), "a", "message-1"))
	status, err := r.Outbox().Get(t.Context(), "a")
	require.NoError(t, err)
	assert.Equal(t, StateAccepted, status.State)
	assert.Equal(t, "message-1", status.MessageID)
	assert.Empty(t, status.Reason)
}

func TestACallbackSettlesAnAttemptBeforeItsWorkerIsTakenForDead(t *testing.T) {
	t.Parallel()
	r, srv := abandoned(t, time.Second)
	require.NoError(t, r.Outbox().settleFromCallback(t.Context(), "a", "message-1"))
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- r.Outbox().Run(ctx, srv.NewClient(t), WithSendLease(time.Second)) }()
	require.Eventually(t, func() bool {
		n, err := r.outbox.depth(t.Context(), srv.AppID())
		return err == nil && n == 0
	}, 10*time.Second, 10*time.Millisecond)
	cancel()
	require.NoError(t, <-done)
	assert.Empty(t, srv.Sent())
	status, err := r.Outbox().Get(t.Context(), "a")
	require.NoError(t, err)
	assert.Equal(t, StateAccepted, status.State)
}

func TestACallbackOfAnUnknownIDChangesNothing(t *testing.T) {
	t.Parallel()
	r, _ := abandoned(t, time.Second)
	require.NoError(t, r.Outbox().settleFromCallback(t.Context(), "somebody else's", "message-1"))
	require.NoError(t, r.Outbox().settleFromCallback(t.Context(), "", "message-1"))
	_, err := r.Outbox().Get(t.Context(), "somebody else's")
	require.ErrorIs(t, err, ErrNoEntry)
}

func TestTwoWorkersThatFindTheSameAttemptAbandonedKeepItsMessage(t *testing.T) {
	t.Parallel()
	r, srv := abandoned(t, time.Minute)
	of := ref{id: "a", app: srv.AppID()}
	before, err := r.outbox.state(t.Context(), of)
	require.NoError(t, err)
	entry, err := lastOf(t.Context(), r.outboxStream, r.names.entry(kindEntry, of.app, of.id))
	require.NoError(t, err)
	for range 2 {
		a := &attempt{worker: &worker{outbox: r.outbox}, msg: handedOut{data: entry.Data}, of: of, seq: entry.Sequence}
		rec := before.record
		rec.State = StateUnknown
		require.NoError(t, a.toUnknown(t.Context(), rec, before.seq))
	}
	status, err := r.Outbox().Get(t.Context(), "a")
	require.NoError(t, err)
	assert.Equal(t, StateUnknown, status.State)
	counts, err := r.Outbox().Counts(t.Context())
	require.NoError(t, err)
	assert.Equal(t, map[State]int{StateUnknown: 1}, counts, "although the message was put aside again after the state")
	require.NoError(t, r.Outbox().Settle(t.Context(), "a", SettleResend), "the message is there")
}

// handedOut is a message of which only the data counts.
type handedOut struct {
	jetstream.Msg

	data []byte
}

func (m handedOut) Data() []byte { return m.data }

func (handedOut) Ack() error { return nil }
