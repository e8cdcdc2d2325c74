package relay

import (
	"context"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
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
func abandoned(t *testing.T) (*Relay, *conversationtest.Server) {
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
	_, err = r.outbox.put(t.Context(), ref{id: "a", app: srv.AppID()}, record{State: StateAttempting, Attempts: 1, By: "the dead"}, 0, trail{{1, mark(StateQueued)}})
	require.NoError(t, err)
	return r, srv
}
