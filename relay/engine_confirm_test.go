package relay_test

import (
	"context"
	"errors"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/conversationtest"
	"github.com/sinchgo/conversation/relay"
	"github.com/sinchgo/conversation/relay/embedded"
)

var errDisk = errors.New("the disk fails")

// brokenDisk is a disk that fails while it is set, and counts how often.
type brokenDisk struct {
	atomic.Bool

	failures atomic.Int64
}

// failingDisk returns a relay whose engine acknowledges everything, but whose disk fails while failing is set.
func failingDisk(t *testing.T) (r *relay.Relay, failing *brokenDisk) {
	t.Helper()
	failing = &brokenDisk{}
	r, err := relay.Open(t.Context(), sourceFunc(func(ctx context.Context) (*relay.Engine, error) {
		made, err := embedded.Dir(t.TempDir()).Connect(ctx)
		if err == nil {
			made.Confirm = func(context.Context) error {
				if failing.Load() {
					failing.failures.Add(1)
					return errDisk
				}
				return nil
			}
		}
		return made, err
	}))
	require.NoError(t, err)
	t.Cleanup(r.Close)
	return r, failing
}

func TestNothingIsAcknowledgedThatIsNotOnTheDisk(t *testing.T) {
	t.Parallel()
	r, failing := failingDisk(t)
	failing.Store(true)
	require.ErrorIs(t, r.Outbox().Enqueue(t.Context(), message("app"), relay.Entry{ID: "a"}), errDisk)
	b := &bench{Relay: r, receiver: newReceiver(t)}
	assert.Equal(t, http.StatusServiceUnavailable, b.post(t.Context(), inbound("M", "C"), "nonce"))

	failing.Store(false)
	require.NoError(t, r.Outbox().Enqueue(t.Context(), message("app"), relay.Entry{ID: "a"}), "the same message again")
}

func TestNothingIsSentWhoseAttemptIsNotOnTheDisk(t *testing.T) {
	t.Parallel()
	r, failing := failingDisk(t)
	srv := conversationtest.NewServer(conversationtest.Config{})
	t.Cleanup(srv.Close)
	require.NoError(t, r.Outbox().Enqueue(t.Context(), message(srv.AppID()), relay.Entry{ID: "a"}))
	failing.Store(true)
	work(t, r, srv.NewClient(t))
	require.Eventually(t, func() bool {
		status, err := r.Outbox().Get(t.Context(), "a")
		return err == nil && status.State == relay.StateQueued && failing.failures.Load() > 0
	}, 20*time.Second, 10*time.Millisecond)
	assert.Empty(t, srv.Sent())

	failing.Store(false)
	inState(t, r, "a", relay.StateAccepted)
	assert.Len(t, srv.Sent(), 1)
}
