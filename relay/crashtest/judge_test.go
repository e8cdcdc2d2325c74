//go:build crash && linux

package crashtest

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
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
	// missingTime is how long callbacks are waited for that may be lost.
	missingTime = 10 * time.Second
	// freshPrefix begins the IDs after the restart.
	freshPrefix = "fresh-"
)

// verdict is what a round cost.
type verdict struct {
	enqueued, stored, unknown  int
	lostEntries, lostCallbacks []string // acknowledged and gone
	twice                      []string // entries that Sinch accepted more than once
	handledTwice               []string
	stuck, unhandled           []string      // neither ended nor on record; the callbacks are those after the restart
	ended                      time.Duration // when all had ended
}

func (v verdict) String() string {
	return fmt.Sprintf("enqueued %d, stored %d: lost entries %d, lost callbacks %d, sent twice %d, handled twice %d, unknown %d, stuck %d, unhandled %d, all ended after %s",
		v.enqueued, v.stored, len(v.lostEntries), len(v.lostCallbacks), len(v.twice), len(v.handledTwice), v.unknown, len(v.stuck), len(v.unhandled),
		v.ended.Round(time.Millisecond))
}

// plus returns the sum of two verdicts.
func (v verdict) plus(other verdict) verdict {
	v.enqueued, v.stored, v.unknown = v.enqueued+other.enqueued, v.stored+other.stored, v.unknown+other.unknown
	v.lostEntries, v.lostCallbacks = append(v.lostEntries, other.lostEntries...), append(v.lostCallbacks, other.lostCallbacks...)
	v.twice, v.handledTwice = append(v.twice, other.twice...), append(v.handledTwice, other.handledTwice...)
	v.stuck, v.unhandled = append(v.stuck, other.stuck...), append(v.unhandled, other.unhandled...)
	v.ended = max(v.ended, other.ended)
	return v
}

// assertNothingStuck is what every round promises.
func (v verdict) assertNothingStuck(t *testing.T) {
	t.Helper()
	assert.Empty(t, v.stuck, "neither settled nor unknown a minute after the restart")
	assert.Empty(t, v.unhandled, "callbacks after the restart that nobody handled")
}

// assertNothingLost is what a round on a durable engine promises.
func (v verdict) assertNothingLost(t *testing.T) {
	t.Helper()
	v.assertNothingStuck(t)
	assert.Empty(t, v.lostEntries, "lost entries")
	assert.Empty(t, v.lostCallbacks, "lost callbacks")
	assert.Empty(t, v.twice, "sent twice")
}

// tally counts by ID, from several goroutines.
type tally struct {
	mu sync.Mutex
	of map[string]int
}

// newTally begins with what children have handled.
func newTally(printed *lines) *tally {
	c := &tally{of: make(map[string]int)}
	for _, id := range printed.of("handled") {
		c.of[id]++
	}
	return c
}

func (c *tally) add(_ context.Context, id string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.of[id]++
}

func (c *tally) copy() map[string]int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return maps.Clone(c.of)
}

// judge opens the relay, adds new work, runs until everything has ended, and compares.
func judge(t *testing.T, platform *conversationtest.Server, at place, printed *lines, fresh int) verdict {
	t.Helper()
	r, closeRelay, err := at.open(t.Context())
	require.NoError(t, err)
	defer closeRelay()
	handled := newTally(printed)
	receiver := newReceiver(handled.add)
	entries, callbacks := printed.of("enqueued"), printed.of("stored")
	v := verdict{enqueued: len(entries), stored: len(callbacks)}
	for n := range fresh {
		id := fmt.Sprint(freshPrefix, n)
		require.NoError(t, enqueue(t.Context(), r, id))
		entries = append(entries, id)
		require.Equal(t, 200, callback(r.Inbox().Handler(receiver), id))
		callbacks = append(callbacks, id)
	}
	ctx, stop := context.WithCancel(t.Context())
	var group sync.WaitGroup
	group.Go(func() { assert.NoError(t, handle(ctx, r, receiver)) })
	group.Go(func() { assert.NoError(t, send(ctx, r, platform.NewClient(t))) })
	started := time.Now()
	v.stuck = entries
	for time.Since(started) < endTime {
		_, v.stuck, _ = states(t, r, v.stuck)
		v.lostCallbacks, v.unhandled = missing(callbacks, handled.copy())
		if len(v.stuck)+len(v.unhandled) == 0 && (len(v.lostCallbacks) == 0 || at.Weak && time.Since(started) > missingTime) {
			break
		}
		wait(t, 50*time.Millisecond)
	}
	v.ended = time.Since(started)
	wait(t, 2*lease) // what is to be sent twice would be sent by then
	v.lostEntries, v.stuck, v.unknown = states(t, r, entries)
	v.stuck = describe(t, r, v.stuck)
	stop()
	group.Wait()
	v.twice = sentTwice(platform)
	v.handledTwice = moreThanOnce(handled.copy())
	return v
}

// describe adds the state of each entry that is stuck.
func describe(t *testing.T, r *relay.Relay, ids []string) []string {
	t.Helper()
	var described []string
	for _, id := range ids {
		status, err := r.Outbox().Get(t.Context(), id)
		require.NoError(t, err)
		described = append(described, fmt.Sprintf("%s %s: %s", id, status.State, status.Reason))
	}
	return described
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
		case strings.HasPrefix(id, freshPrefix):
			recent = append(recent, id)
		default:
			old = append(old, id)
		}
	}
	return old, recent
}

// sentTwice returns the entries that several requests of the platforms were accepted for.
func sentTwice(platforms ...*conversationtest.Server) []string {
	sent := make(map[string]int)
	for _, platform := range platforms {
		for _, m := range platform.Sent() {
			sent[m.Request.CorrelationID]++
		}
	}
	return moreThanOnce(sent)
}

func moreThanOnce(count map[string]int) []string {
	ids := slices.Sorted(maps.Keys(count))
	return slices.DeleteFunc(ids, func(id string) bool { return count[id] < 2 })
}
