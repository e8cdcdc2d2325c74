package relay_test

import (
	"context"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/relay"
)

// startEngine runs a NATS server on loopback until the test ends. change may modify its options.
func startEngine(tb testing.TB, changes ...func(*server.Options)) *server.Server {
	tb.Helper()
	options := &server.Options{
		Host: "127.0.0.1", Port: server.RANDOM_PORT, JetStream: true, StoreDir: tb.TempDir(), NoSigs: true, NoLog: true,
	}
	for _, change := range changes {
		change(options)
	}
	engine, err := server.NewServer(options)
	require.NoError(tb, err)
	tb.Cleanup(func() {
		engine.Shutdown()
		engine.WaitForShutdown()
	})
	engine.Start()
	require.True(tb, engine.ReadyForConnections(processPatience), "the engine did not start")
	return engine
}

// connectTo returns a connection to an engine, which is closed when the test ends.
func connectTo(tb testing.TB, address string) *nats.Conn {
	tb.Helper()
	nc, err := dial(address)
	require.NoError(tb, err)
	tb.Cleanup(nc.Close)
	return nc
}

// openAt returns a relay on the engine at an address.
func openAt(tb testing.TB, address string, opts ...relay.Option) *relay.Relay {
	tb.Helper()
	r, err := openPatiently(tb.Context(), connectTo(tb, address), opts...)
	require.NoError(tb, err)
	tb.Cleanup(r.Close)
	return r
}

// openPatiently retries Open, because a cluster that has lost a server does not answer for some seconds.
func openPatiently(ctx context.Context, nc *nats.Conn, opts ...relay.Option) (*relay.Relay, error) {
	for until := time.Now().Add(processPatience); ; {
		r, err := relay.Open(ctx, relay.Conn(nc), opts...)
		if err == nil || ctx.Err() != nil || time.Now().After(until) {
			return r, err
		}
	}
}

// eventually waits for a condition, for longer in a soak. There it checks less often, because a check may be expensive.
func eventually(t *testing.T, condition func() bool, what string) {
	t.Helper()
	require.Eventually(t, condition, time.Duration(volume(1, 15))*time.Minute, time.Duration(volume(100, 1000))*time.Millisecond, what)
}
