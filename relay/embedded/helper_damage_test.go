package embedded_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/conversationtest"
	"github.com/sinchgo/conversation/relay"
	"github.com/sinchgo/conversation/webhook"
)

// runUntil runs workers until a condition holds.
func runUntil(t *testing.T, r *relay.Relay, srv *conversationtest.Server, receiver *webhook.Receiver, done func() bool) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	var group sync.WaitGroup
	group.Go(func() { assert.NoError(t, r.Outbox().Run(ctx, srv.NewClient(t), relay.WithRates(800, 800))) })
	group.Go(func() { assert.NoError(t, r.Inbox().Run(ctx, receiver)) })
	require.Eventually(t, done, 20*time.Second, 10*time.Millisecond)
	stop()
	group.Wait()
}

// settled reports whether the first n entries are accepted.
func settled(t *testing.T, r *relay.Relay, n int) bool {
	t.Helper()
	for i := range n {
		status, err := r.Outbox().Get(t.Context(), fmt.Sprintf("order-%d", i))
		require.NoError(t, err)
		if status.State != relay.StateAccepted {
			return false
		}
	}
	return true
}
