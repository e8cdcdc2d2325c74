package relay_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
	"github.com/sinchgo/conversation/relay"
)

func TestEnqueueAllWaitsForRoom(t *testing.T) {
	t.Parallel()
	const most = 20
	r := open(t, relay.WithMaxDepth(most))
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	stored := 0
	for _, err := range r.Outbox().EnqueueAll(ctx, offer(numbered("app", "m", 60))) {
		if err == nil {
			stored++
			continue
		}
		require.ErrorIs(t, err, context.DeadlineExceeded)
	}
	assert.InDelta(t, most, stored, most-1, "the depth is read five times a second")
	counts, err := r.Outbox().Counts(t.Context())
	require.NoError(t, err)
	assert.Equal(t, stored, counts[relay.StateQueued])

	srv := conversationtest.NewServer(conversationtest.Config{AppID: "app"})
	defer srv.Close()
	work(t, r, srv.NewClient(t))
	requireResults(t, r, numbered("app", "m", 60))
}

func TestAFailingDiskFailsTheEntriesOfEnqueueAll(t *testing.T) {
	t.Parallel()
	r, failing := failingDisk(t)
	failing.Store(true)
	all := numbered("app", "m", 100)
	all[4] = offered{request: nil, entry: relay.Entry{ID: "nil"}}
	for e, err := range r.Outbox().EnqueueAll(t.Context(), offer(all)) {
		_, isArgument := errors.AsType[*conversation.ArgumentError](err)
		assert.NotEqual(t, isArgument, errors.Is(err, errDisk), e.ID)
	}
	assert.EqualValues(t, 1, failing.failures.Load(), "one confirmation for all")
	failing.Store(false)
	all[4] = offered{request: message("app"), entry: relay.Entry{ID: "five"}}
	requireResults(t, r, all)
}
