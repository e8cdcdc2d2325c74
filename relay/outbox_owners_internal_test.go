package relay

import (
	"context"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// ownedBy returns how many shards a worker owns in the shared record.
func ownedBy(t *testing.T, k *keeper) int {
	t.Helper()
	all, _, err := k.read(t.Context())
	require.NoError(t, err)
	return len(all.of(k.me))
}

func TestWorkersShareTheShardsAndTakeOverThoseOfADeadOne(t *testing.T) {
	t.Parallel()
	r, err := Open(t.Context(), inProcess{t}, WithWeakDurability())
	require.NoError(t, err)
	t.Cleanup(r.Close)
	join := func() *keeper { return newKeeper(r.paceBucket, newQueues(20, 8), func([]int) {}) }
	first, second := join(), join()
	require.NoError(t, first.tick(t.Context()))
	assert.Equal(t, shards, ownedBy(t, first))
	assert.False(t, first.queues.held[0].from.After(time.Now()), "nobody owned it before")
	require.NoError(t, second.tick(t.Context())) // announces itself
	require.NoError(t, first.tick(t.Context()))  // releases half
	require.NoError(t, second.tick(t.Context()))
	assert.Equal(t, shards/2, ownedBy(t, first))
	assert.Equal(t, shards/2, ownedBy(t, second))

	began := time.Now() // the first worker crashes
	require.Eventually(t, func() bool { return second.tick(t.Context()) == nil && ownedBy(t, second) == shards }, 10*time.Second, 50*time.Millisecond)
	assert.GreaterOrEqual(t, time.Since(began), heldFor+paceGuard, "only after the first has stopped, and a window of the rates")
	assert.False(t, first.valid(time.Now()))
	require.NoError(t, second.leave(t.Context()))
	assert.Zero(t, ownedBy(t, second))
}

func TestTheConsumersOfEarlierVersionsAreRemoved(t *testing.T) {
	t.Parallel()
	r, srv := abandoned(t)
	for _, name := range []string{"app-a", "app-b", "other"} {
		_, err := r.outboxStream.CreateConsumer(t.Context(), jetstream.ConsumerConfig{Durable: name, AckPolicy: jetstream.AckExplicitPolicy})
		require.NoError(t, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- r.Outbox().Run(ctx, srv.NewClient(t)) }()
	require.Eventually(t, func() bool {
		var left []string
		for name := range r.outboxStream.ConsumerNames(t.Context()).Name() {
			if name == "app-a" || name == "app-b" || name == "other" {
				left = append(left, name)
			}
		}
		return len(left) == 1 && left[0] == "other"
	}, 10*time.Second, 10*time.Millisecond)
	cancel()
	require.NoError(t, <-done)
}
