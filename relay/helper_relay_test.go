package relay_test

import (
	"context"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/relay"
	"github.com/sinchgo/conversation/relay/embedded"
)

// open returns a relay on a new embedded engine.
func open(t *testing.T, opts ...relay.Option) *relay.Relay {
	t.Helper()
	r, err := relay.Open(t.Context(), embedded.Dir(t.TempDir()), opts...)
	require.NoError(t, err)
	t.Cleanup(r.Close)
	return r
}

// engine returns a relay and its engine.
func engine(t *testing.T) (*relay.Relay, jetstream.JetStream) {
	t.Helper()
	var js jetstream.JetStream
	r, err := relay.Open(t.Context(), sourceFunc(func(ctx context.Context) (*relay.Engine, error) {
		made, err := embedded.Dir(t.TempDir()).Connect(ctx)
		if err == nil {
			js, err = jetstream.New(made.Conn)
		}
		return made, err
	}))
	require.NoError(t, err)
	t.Cleanup(r.Close)
	return r, js
}

type sourceFunc func(context.Context) (*relay.Engine, error)

func (f sourceFunc) Connect(ctx context.Context) (*relay.Engine, error) { return f(ctx) }

// connection returns a connection to a new engine.
func connection(t *testing.T) *nats.Conn {
	t.Helper()
	made, err := embedded.Dir(t.TempDir(), embedded.WithSyncEvery(time.Minute)).Connect(t.Context())
	require.NoError(t, err)
	t.Cleanup(made.Close)
	return made.Conn
}
