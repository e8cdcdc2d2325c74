package relay_test

import (
	"context"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/relay"
	"github.com/sinchgo/conversation/relay/embedded"
)

func TestOpenCreatesStreamsAndFindsThemAgain(t *testing.T) {
	t.Parallel()
	path := t.TempDir()
	for range 2 {
		r, err := relay.Open(t.Context(), embedded.Dir(path))
		require.NoError(t, err)
		r.Close()
	}
}

func TestOpenRejectsWhatCannotWork(t *testing.T) {
	t.Parallel()
	_, err := relay.Open(t.Context(), nil)
	require.ErrorContains(t, err, "source is nil")
	_, err = relay.Open(t.Context(), relay.Conn(nil))
	require.ErrorContains(t, err, "Conn has a nil connection")
	_, err = relay.Open(t.Context(), sourceFunc(func(context.Context) (*relay.Engine, error) { return &relay.Engine{}, nil }))
	require.ErrorContains(t, err, "returned no connection")
	_, err = relay.Open(t.Context(), embedded.Dir(t.TempDir()), relay.WithReplicas(3))
	require.ErrorContains(t, err, "single server")
}

func TestOpenReportsAllInvalidOptions(t *testing.T) {
	t.Parallel()
	_, err := relay.Open(t.Context(), embedded.Dir(t.TempDir()), nil, relay.WithPrefix("a.b"), relay.WithReplicas(0), relay.WithRetention(0),
		relay.WithCallbackRetention(time.Millisecond), relay.WithMaxDepth(0), relay.WithLogger(nil))
	for _, name := range []string{"option 0 is nil", "WithPrefix", "WithReplicas", "WithRetention", "WithCallbackRetention", "WithMaxDepth", "WithLogger"} {
		assert.ErrorContains(t, err, name)
	}
}

func TestOpenReportsThatTheServerHasNoJetStream(t *testing.T) {
	t.Parallel()
	plain, err := server.NewServer(&server.Options{DontListen: true, NoSigs: true, NoLog: true})
	require.NoError(t, err)
	plain.Start()
	defer plain.Shutdown()
	nc, err := nats.Connect("", nats.InProcessServer(plain))
	require.NoError(t, err)
	_, err = relay.Open(t.Context(), relay.Conn(nc), relay.WithSyncedServer())
	require.ErrorContains(t, err, "no JetStream")
	nc.Close()
	_, err = relay.Open(t.Context(), relay.Conn(nc), relay.WithSyncedServer())
	require.ErrorContains(t, err, "the connection to NATS is closed")
}
