package relay_test

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/relay"
	"github.com/sinchgo/conversation/relay/embedded"
)

func TestDurabilityIsStatedOrSeen(t *testing.T) {
	t.Parallel()
	conn := func(t *testing.T) relay.Source { t.Helper(); return relay.Conn(connection(t)) }
	dir := func(opts ...embedded.Option) func(t *testing.T) relay.Source {
		return func(t *testing.T) relay.Source { t.Helper(); return embedded.Dir(t.TempDir(), opts...) }
	}
	attach := func(opts ...embedded.Option) func(t *testing.T) relay.Source {
		return func(t *testing.T) relay.Source {
			t.Helper()
			path := t.TempDir()
			owner, err := embedded.Dir(path, append(opts, embedded.WithListen("127.0.0.1:0"))...).Connect(t.Context())
			require.NoError(t, err)
			t.Cleanup(owner.Close)
			return embedded.Attach(path)
		}
	}
	lazily := embedded.WithSyncEvery(time.Second)
	for name, test := range map[string]struct {
		source func(t *testing.T) relay.Source
		opts   []relay.Option
		field  string // of the error
		log    string
	}{
		"a server":                         {conn, nil, "WithSyncedServer", ""},
		"a server that syncs":              {conn, []relay.Option{relay.WithSyncedServer()}, "", ""},
		"a weak server":                    {conn, []relay.Option{relay.WithWeakDurability()}, "", "level=WARN"},
		"a server that syncs, if not weak": {conn, []relay.Option{relay.WithSyncedServer(), relay.WithWeakDurability()}, "", ""},
		"a server with one replica":        {conn, []relay.Option{relay.WithReplicas(1)}, "WithSyncedServer", ""},
		"embedded":                         {dir(), nil, "", ""},
		"embedded, weak if need be":        {dir(), []relay.Option{relay.WithWeakDurability()}, "", ""},
		"embedded, lazily":                 {dir(lazily), nil, "WithWeakDurability", ""},
		"embedded, lazily, misstated":      {dir(lazily), []relay.Option{relay.WithSyncedServer()}, "WithWeakDurability", ""},
		"embedded, lazily, accepted":       {dir(lazily), []relay.Option{relay.WithWeakDurability()}, "", "level=WARN"},
		"attached":                         {attach(), nil, "", ""},
		"attached, lazily":                 {attach(lazily), nil, "WithWeakDurability", ""},
		"attached, lazily, accepted":       {attach(lazily), []relay.Option{relay.WithWeakDurability()}, "", "level=WARN"},
		"a source that does not know":      {unstated, nil, "WithSyncedServer", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			source := test.source(t)
			for range 2 { // at every start
				var log lockedBuffer
				logger := relay.WithLogger(slog.New(slog.NewTextHandler(&log, nil)))
				r, err := relay.Open(t.Context(), source, append(test.opts, logger)...)
				if test.field != "" {
					argument := argumentOf(err, test.field)
					require.NotNil(t, argument, "%v", err)
					assert.Equal(t, "relay.Open", argument.Operation)
					assert.Contains(t, err.Error(), "WithWeakDurability")
					continue
				}
				require.NoError(t, err)
				assert.Equal(t, test.log != "", strings.Contains(log.String(), "durability is weak"), log.String())
				assert.Contains(t, log.String(), test.log)
				r.Close()
			}
		})
	}
}

// unstated is an embedded engine by a source that does not state its durability.
func unstated(t *testing.T) relay.Source {
	t.Helper()
	return sourceFunc(func(ctx context.Context) (*relay.Engine, error) {
		made, err := embedded.Dir(t.TempDir()).Connect(ctx)
		if err == nil {
			made.Durability = relay.DurabilityUnknown
		}
		return made, err
	})
}

func TestARejectedDurabilityStoresNothing(t *testing.T) {
	t.Parallel()
	nc := connection(t)
	_, err := relay.Open(t.Context(), relay.Conn(nc))
	require.ErrorContains(t, err, "WithSyncedServer or WithWeakDurability is required")
	_, err = relay.Open(t.Context(), relay.Conn(nc), relay.WithExisting())
	require.ErrorIs(t, err, relay.ErrNoRelay, "tools need neither option")
	_, err = relay.Open(t.Context(), relay.Conn(nc), relay.WithSyncedServer())
	require.NoError(t, err)
	_, err = relay.Open(t.Context(), relay.Conn(nc), relay.WithExisting())
	require.NoError(t, err)
}

func TestReplicasAreDurableWithoutAnOption(t *testing.T) { //nolint:paralleltest // It needs the machine.
	servers := startCluster(t)
	nc := connectTo(t, servers.address())
	_, err := relay.Open(t.Context(), relay.Conn(nc), relay.WithReplicas(1))
	require.NotNil(t, argumentOf(err, "WithSyncedServer"), "%v", err)
	for _, opts := range [][]relay.Option{{relay.WithReplicas(2)}, nil, {relay.WithReplicas(1)}} { // the last one keeps the three
		var log lockedBuffer
		_, err := relay.Open(t.Context(), relay.Conn(nc), append(opts, relay.WithLogger(slog.New(slog.NewTextHandler(&log, nil))))...)
		require.NoError(t, err)
		assert.NotContains(t, log.String(), "weak")
	}
	_, err = relay.Open(t.Context(), relay.Conn(nc), relay.WithReplicas(1), relay.WithLowerSettings())
	require.NotNil(t, argumentOf(err, "WithSyncedServer"), "%v", err)
}

func TestReplicasNeedACluster(t *testing.T) {
	t.Parallel()
	_, err := relay.Open(t.Context(), relay.Conn(connection(t)), relay.WithReplicas(3))
	require.NotNil(t, argumentOf(err, "WithReplicas"), "%v", err)
}
