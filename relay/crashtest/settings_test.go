//go:build crash && linux

package crashtest

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
	"github.com/sinchgo/conversation/relay"
)

// choice is the options of a process. What is 0 is not set.
type choice struct {
	retention, callbacks, sendLease, handlerLease time.Duration
	replicas                                      int
	prefix                                        string
}

// anyChoice returns random options. The first process remembers for at least an hour.
func anyChoice(random *rand.Rand, first bool) choice {
	of := func(all ...time.Duration) time.Duration { return all[random.IntN(len(all))] }
	c := choice{prefix: "Shop", sendLease: of(0, time.Second, 2*time.Second, time.Minute), handlerLease: of(0, time.Second, 2*time.Second, time.Minute)}
	if first {
		c.retention, c.callbacks = of(0, time.Hour, 24*time.Hour), of(0, time.Hour, 24*time.Hour)
		return c
	}
	c.prefix = []string{"Shop", "Shop", "Shop", "Shop", "Shop", "shop", "SHOP"}[random.IntN(7)]
	c.retention, c.callbacks = of(0, 12*time.Second, 14*time.Second, time.Minute, 48*time.Hour, 100*8760*time.Hour), of(0, time.Second, 2*time.Second, 48*time.Hour)
	c.replicas = []int{0, 1, 1, 3}[random.IntN(4)]
	return c
}

func (c choice) options() []relay.Option {
	opts := []relay.Option{relay.WithPrefix(c.prefix)}
	if c.retention > 0 {
		opts = append(opts, relay.WithRetention(c.retention))
	}
	if c.callbacks > 0 {
		opts = append(opts, relay.WithCallbackRetention(c.callbacks))
	}
	if c.replicas > 0 {
		opts = append(opts, relay.WithReplicas(c.replicas))
	}
	return opts
}

// run sends and handles with the leases of the choice until the context ends.
func (c choice) run(ctx context.Context, r *relay.Relay, client *conversation.Client, handled *tally) error {
	var outbox []relay.OutboxOption
	var inbox []relay.InboxOption
	if c.sendLease > 0 {
		outbox = append(outbox, relay.WithSendLease(c.sendLease))
	}
	if c.handlerLease > 0 {
		inbox = append(inbox, relay.WithHandlerLease(c.handlerLease))
	}
	ctx, cancel := context.WithCancel(ctx)
	var group sync.WaitGroup
	var sent, kept error
	group.Go(func() { sent = r.Outbox().Run(ctx, client, outbox...); cancel() })
	group.Go(func() { kept = r.Inbox().Run(ctx, newReceiver(handled.add), inbox...); cancel() })
	group.Wait()
	return errors.Join(sent, kept)
}

// TestProcessesThatDisagree opens a relay in two ways: a wrong pair is an *ArgumentError, and no process deletes what
// another keeps.
func TestProcessesThatDisagree(t *testing.T) {
	t.Parallel()
	rejected := 0
	rounds := eachRound(t, func(t *testing.T, random *rand.Rand) {
		t.Helper()
		if disagree(t, anyChoice(random, true), anyChoice(random, false)) {
			rejected++
		}
	})
	t.Logf("%d rounds, in %d of which the second process got an *ArgumentError", rounds, rejected)
}

// disagree reports whether the second choice was rejected.
func disagree(t *testing.T, first, second choice) bool {
	t.Helper()
	platform, folder, printed := newPlatform(t), filepath.Join(t.TempDir(), "relay"), &lines{}
	r, closeRelay, err := place{Folder: folder, Listen: true}.open(t.Context(), first.options()...)
	require.NoError(t, err)
	defer closeRelay()
	produceInto(t, r, printed, "settled-", 40)
	handled := newTally(printed)
	runUntilEnded(t, first, r, platform, handled, printed)
	produceInto(t, r, printed, "waiting-", 40)

	rejected := false
	other, closeOther, err := place{Folder: folder, Attach: true}.open(t.Context(), second.options()...)
	if err == nil {
		defer closeOther()
		assert.Equal(t, first.prefix, second.prefix)
		err = workBriefly(t, second, other, platform, handled)
	}
	if err != nil {
		argument, ok := errors.AsType[*conversation.ArgumentError](err)
		require.True(t, ok, "%+v: not an *ArgumentError: %v", second, err)
		require.NotEmpty(t, argument.Field)
		rejected = true
	}
	t.Logf("%+v, %+v: %v", first, second, err)

	runUntilEnded(t, first, r, platform, handled, printed)
	for _, id := range printed.of("enqueued") {
		require.NoError(t, enqueue(t.Context(), r, id))
	}
	for _, id := range printed.of("stored") {
		require.Equal(t, 200, callback(r.Inbox().Handler(newReceiver(handled.add)), id))
	}
	produceInto(t, r, printed, "last-", 10)
	runUntilEnded(t, first, r, platform, handled, printed)
	assert.Empty(t, sentTwice(platform), "an ID was forgotten")
	assert.Empty(t, moreThanOnce(handled.copy()), "a callback was forgotten")
	kept, err := r.Inbox().Replay(t.Context(), time.Now().Add(-time.Hour))
	require.NoError(t, err)
	assert.GreaterOrEqual(t, kept, len(printed.of("stored")), "callbacks were deleted")
	return rejected
}

// workBriefly runs the second process for longer than its shortest retention.
func workBriefly(t *testing.T, c choice, r *relay.Relay, platform *conversationtest.Server, handled *tally) error {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 15*time.Second)
	defer cancel()
	return c.run(ctx, r, platform.NewClient(t), handled)
}

// runUntilEnded runs the first process until all has ended.
func runUntilEnded(t *testing.T, c choice, r *relay.Relay, platform *conversationtest.Server, handled *tally, printed *lines) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	var group sync.WaitGroup
	group.Go(func() { assert.NoError(t, c.run(ctx, r, platform.NewClient(t), handled)) })
	defer group.Wait()
	defer cancel()
	ended := assert.Eventually(t, func() bool {
		lost, open, _ := states(t, r, printed.of("enqueued"))
		old, _ := missing(printed.of("stored"), handled.copy())
		return len(lost)+len(open)+len(old) == 0
	}, 2*endTime, 50*time.Millisecond)
	if !ended {
		lost, open, unknown := states(t, r, printed.of("enqueued"))
		old, _ := missing(printed.of("stored"), handled.copy())
		t.Logf("lost %s, open %s, unknown %d, not handled %s", strings.Join(lost, " "), fmt.Sprint(describe(t, r, open)), unknown, old)
	}
}
