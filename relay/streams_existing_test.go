package relay_test

import (
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/relay"
)

func TestWithExistingCreatesAndChangesNothing(t *testing.T) {
	t.Parallel()
	nc := connection(t)
	_, err := relay.Open(t.Context(), relay.Conn(nc), relay.WithExisting(), relay.WithPrefix("other"))
	require.ErrorIs(t, err, relay.ErrNoRelay)
	require.ErrorContains(t, err, `"other"`)

	_, err = relay.Open(t.Context(), relay.Conn(nc), relay.WithWeakDurability(), relay.WithCallbackRetention(time.Hour), relay.WithRetention(2*time.Hour))
	require.NoError(t, err)
	r, err := relay.Open(t.Context(), relay.Conn(nc), relay.WithExisting())
	require.NoError(t, err)
	require.NoError(t, r.Outbox().Enqueue(t.Context(), textOf("A"), relay.Entry{ID: "one"}))
	note(t, nc, "A", "one", relay.StateUnknown)
	require.NoError(t, r.Outbox().Settle(t.Context(), "one", relay.SettleDrop))

	js, err := jetstream.New(nc)
	require.NoError(t, err)
	assert.Equal(t, [2]time.Duration{2 * time.Hour, time.Hour}, ages(t, js), "those of the program that created the relay")
}
