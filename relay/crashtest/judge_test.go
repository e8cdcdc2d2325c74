//go:build crash && linux

package crashtest

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/conversationtest"
	"github.com/sinchgo/conversation/relay"
)

const (
	// endTime is how long every entry and callback may take to end after the restart.
	endTime = time.Minute
	// fresh is the number of entries and callbacks after the restart.
	fresh = 400
)

// verdict is what a power cut cost.
type verdict struct {
	enqueued, stored, unknown  int
	lostEntries, lostCallbacks []string // acknowledged and gone
	twice                      []string // entries that Sinch accepted more than once
	handledTwice               int
	stuck, unhandled           []string
	ended                      time.Duration // when all had ended
}

func (v verdict) String() string {
	return fmt.Sprintf("enqueued %d, stored %d: lost entries %d, lost callbacks %d, sent twice %d, handled twice %d, unknown %d, stuck %d, unhandled %d, all ended after %s",
		v.enqueued, v.stored, len(v.lostEntries), len(v.lostCallbacks), len(v.twice), v.handledTwice, v.unknown, len(v.stuck), len(v.unhandled), v.ended.Round(time.Millisecond))
}

func (v *verdict) add(other verdict) {
	v.enqueued, v.stored, v.unknown, v.handledTwice = v.enqueued+other.enqueued, v.stored+other.stored, v.unknown+other.unknown, v.handledTwice+other.handledTwice
	v.lostEntries, v.lostCallbacks = append(v.lostEntries, other.lostEntries...), append(v.lostCallbacks, other.lostCallbacks...)
	v.twice, v.stuck, v.unhandled = append(v.twice, other.twice...), append(v.stuck, other.stuck...), append(v.unhandled, other.unhandled...)
	v.ended = max(v.ended, other.ended)
}

// tally counts by ID, from several goroutines.
type tally struct {
	mu sync.Mutex
	of map[string]int
}

func (c *tally) add(id string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.of[id]++
}

func (c *tally) copy() map[string]int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return maps.Clone(c.of)
}

// recoverAndJudge opens the relay, adds new work, runs until everything has ended, and compares.
func recoverAndJudge(t *testing.T, platform *conversationtest.Server, folder string, every time.Duration, printed *lines) verdict {
	t.Helper()
	r, err := relay.Open(t.Context(), source(folder, every))
	require.NoError(t, err)
	defer r.Close()
	handled := &tally{of: make(map[string]int)}
	for _, id := range printed.of("handled") {
		handled.add(id)
	}
	receiver := newReceiver(handled.add)
	entries, callbacks := printed.of("enqueued"), printed.of("stored")
	v := verdict{enqueued: len(entries), stored: len(callbacks)}
	for n := range fresh {
		id := fmt.Sprintf("fresh-%d", n)
		require.NoError(t, enqueue(t.Context(), r, platform.AppID(), id))
		entries = append(entries, id)
		require.Equal(t, 200, callback(r.Inbox().Handler(receiver), id))
		callbacks = append(callbacks, id)
	}
	ctx, stop := context.WithCancel(t.Context())
	var group sync.WaitGroup
	group.Go(func() { assert.NoError(t, handle(ctx, r, receiver)) })
	group.Go(func() { assert.NoError(t, send(ctx, r, platform.NewClient(t))) })
	started := time.Now()
	for time.Since(started) < endTime {
		v.lostEntries, v.stuck, v.unknown = states(t, r, entries)
		v.lostCallbacks, v.unhandled = missing(callbacks, handled.copy())
		if len(v.stuck)+len(v.unhandled) == 0 {
			if every > 0 || len(v.lostCallbacks) == 0 || time.Since(started) > 10*time.Second {
				break
			}
		}
		wait(t, 50*time.Millisecond)
	}
	v.ended = time.Since(started)
	wait(t, 2*lease) // what is to be sent twice would be sent by then
	stop()
	group.Wait()
	v.twice = sentTwice(platform)
	for _, n := range handled.copy() {
		if n > 1 {
			v.handledTwice++
		}
	}
	return v
}

// states returns the entries that the outbox does not know, those that have not ended, and the number of unknown ones.
func states(t *testing.T, r *relay.Relay, ids []string) (lost, open []string, unknown int) {
	t.Helper()
	for _, id := range ids {
		status, err := r.Outbox().Get(t.Context(), id)
		switch {
		case errors.Is(err, relay.ErrNoEntry):
			lost = append(lost, id)
		case err != nil:
			require.NoError(t, err)
		case status.State == relay.StateUnknown:
			unknown++
		case status.State == relay.StateQueued, status.State == relay.StateAttempting:
			open = append(open, id)
		}
	}
	return lost, open, unknown
}

// missing returns the callbacks that were not handled: those of before the restart, which may be lost, and new ones.
func missing(ids []string, handled map[string]int) (old, recent []string) {
	for _, id := range ids {
		switch {
		case handled[id] > 0:
		case len(id) > 5 && id[:5] == "fresh":
			recent = append(recent, id)
		default:
			old = append(old, id)
		}
	}
	return old, recent
}

func sentTwice(platform *conversationtest.Server) []string {
	sent := make(map[string]int)
	for _, m := range platform.Sent() {
		sent[m.Request.CorrelationID]++
	}
	twice := slices.Collect(maps.Keys(sent))
	return slices.DeleteFunc(twice, func(id string) bool { return sent[id] < 2 })
}
