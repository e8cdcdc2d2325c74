package relay_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/relay"
)

// operator pauses, resumes and cancels while others enqueue and send.
type operator struct {
	soak *outboxSoak

	mu        sync.Mutex
	cancelled map[string]time.Time // when Cancel returned nil
	late      int                  // calls of Cancel for entries that were not queued
	pauses    []pauseTime
}

// pauseTime is when a part was paused: from the return of Pause to the call of Resume.
type pauseTime struct {
	part        relay.Scope
	from, until time.Time
}

// run works until most messages are sent.
func (o *operator) run(t *testing.T) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	var all sync.WaitGroup
	all.Go(func() { o.cancelSome(ctx, t) })
	all.Go(func() {
		o.pauseSome(t, 3500*time.Millisecond) // longer than a pause may take to be effective
		for soaking && ctx.Err() == nil {
			o.pauseSome(t, rand.N(4*time.Second))
		}
	})
	o.soak.sends.await(t.Context(), o.soak.mostSent())
	cancel()
	all.Wait()
	t.Logf("%d pauses, %d entries cancelled, %d were not queued", len(o.pauses), len(o.cancelled), o.late)
}

// pauseSome pauses everything for a moment, and then a group, and meanwhile apps and groups of apps.
func (o *operator) pauseSome(t *testing.T, length time.Duration) {
	t.Helper()
	o.pause(t, relay.Scope{}, rand.N(500*time.Millisecond))
	group := campaigns[1+rand.IntN(2)]
	others := slices.DeleteFunc(slices.Clone(campaigns), func(name string) bool { return name == group })
	over := make(chan struct{})
	var both sync.WaitGroup
	both.Go(func() {
		defer close(over)
		o.pause(t, relay.Scope{Group: group}, length)
	})
	for open := true; open && t.Context().Err() == nil; {
		part := relay.Scope{App: o.soak.appIDs[rand.IntN(len(o.soak.appIDs))], Group: others[rand.IntN(len(others))]}
		o.pause(t, part, rand.N(500*time.Millisecond))
		select {
		case <-over:
			open = false
		case <-time.After(rand.N(300 * time.Millisecond)):
		}
	}
	both.Wait()
}

// pause pauses a part for some time.
func (o *operator) pause(t *testing.T, part relay.Scope, length time.Duration) {
	t.Helper()
	outbox := o.soak.relay.Outbox()
	if !insist(t, func(ctx context.Context) error { return outbox.Pause(ctx, part) }) {
		return
	}
	from := time.Now()
	select {
	case <-time.After(length):
	case <-t.Context().Done():
	}
	until := time.Now()
	insist(t, func(ctx context.Context) error { return outbox.Resume(ctx, part) })
	o.mu.Lock()
	defer o.mu.Unlock()
	o.pauses = append(o.pauses, pauseTime{part: part, from: from, until: until})
}

// insist retries a call while the engine is away, and reports whether it succeeded.
func insist(t *testing.T, call func(context.Context) error) bool {
	t.Helper()
	for t.Context().Err() == nil {
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		err := call(ctx)
		cancel()
		if err == nil {
			return true
		}
		if _, wrong := errors.AsType[*conversation.ArgumentError](err); wrong {
			return assert.NoError(t, err)
		}
	}
	return false
}

// cancelSome cancels random entries, at most one in ten.
func (o *operator) cancelSome(ctx context.Context, t *testing.T) {
	t.Helper()
	for len(o.cancelled) < o.soak.messages/10 && ctx.Err() == nil {
		o.cancel(t, idOf(rand.IntN(o.soak.messages)))
		select {
		case <-ctx.Done():
		case <-time.After(rand.N(10 * time.Millisecond)):
		}
	}
}

func (o *operator) cancel(t *testing.T, id string) {
	t.Helper()
	queued := false
	known := insist(t, func(ctx context.Context) error {
		err := o.soak.relay.Outbox().Cancel(ctx, id)
		if errors.Is(err, relay.ErrNotQueued) || errors.Is(err, relay.ErrNoEntry) {
			return nil
		}
		queued = err == nil
		return err
	})
	o.mu.Lock()
	defer o.mu.Unlock()
	if !known || !queued {
		o.late++
		return
	}
	if o.cancelled[id].IsZero() {
		o.cancelled[id] = time.Now()
		o.soak.sends.add()
	}
}
