package relay

import (
	"context"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

// inProcess is an engine for tests of this package, which cannot import package embedded.
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

// abandoned returns a relay with one entry that a worker attempted before it crashed, and a fake that has not received
// the message.
func abandoned(t *testing.T, lease time.Duration) (*Relay, *conversationtest.Server) {
	t.Helper()
	r, err := Open(t.Context(), inProcess{t}, WithWeakDurability())
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

// handedOut is a message with data only.
type handedOut struct {
	jetstream.Msg

	data []byte
}

func (m handedOut) Data() []byte { return m.data }

func (handedOut) Ack() error { return nil }
