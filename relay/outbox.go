package relay

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/sinchgo/conversation"
)

// Outbox is a durable queue of messages to send. Get it from [Relay.Outbox].
//
// An entry is queued until a worker ([Outbox.Run]) picks it up. A worker records the attempt before the request and the
// result after it. An attempt left behind by a crashed worker is not resent: its entry becomes [StateUnknown]. Unknown
// entries are settled by a callback that carries their ID (through [Inbox.Run]), by the policy of [WithUnknown], or by
// hand ([Outbox.Settle]).
type Outbox struct {
	relay *Relay

	mu     sync.Mutex
	depths map[string]depth

	stored   atomic.Int64 // entries since the tally was last brought up to date
	counting atomic.Bool  // whether it is being brought up to date
}

// depth is the number of queued entries of an app.
type depth struct {
	n  int
	at time.Time
}

// depthLife is how long a depth is cached.
const depthLife = 200 * time.Millisecond

// waitForRoom waits while an app has as many queued entries as WithMaxDepth allows.
func (o *Outbox) waitForRoom(ctx context.Context, app string) error {
	most := o.relay.config.maxDepth
	if most == 0 {
		return nil
	}
	for {
		n, err := o.reserveRoom(ctx, app, most)
		if err != nil {
			return fmt.Errorf("the depth of the queue is unavailable: %w", err)
		}
		if n < most {
			return nil
		}
		if err := sleep(ctx, depthLife); err != nil {
			return fmt.Errorf("the app has %d queued entries, which is the maximum of WithMaxDepth: %w", n, err)
		}
	}
}

// reserveRoom returns the depth of an app, and adds one entry to it if there is room.
func (o *Outbox) reserveRoom(ctx context.Context, app string, most int) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	now := o.depths[app]
	if time.Since(now.at) > depthLife {
		n, err := o.depth(ctx, app)
		if err != nil {
			return 0, err
		}
		now = depth{n, time.Now()}
	}
	was := now.n
	if was < most {
		now.n++
	}
	o.depths[app] = now
	return was, nil
}

// depth returns the number of unsent entries of an app that are due.
func (o *Outbox) depth(ctx context.Context, app string) (int, error) {
	t, err := o.tally(ctx)
	if err != nil {
		return 0, err
	}
	n := 0
	for name, s := range t.Scopes {
		if of, _ := unscope(name); of == app {
			n += s.Marks[mark(StateQueued)] + s.Marks[mark(StateAttempting)]
		}
	}
	return n, nil
}

// agreeLease returns the lease that all workers use. While the engine is away, it tries again until the context ends.
func (o *Outbox) agreeLease(ctx context.Context, asked time.Duration) (time.Duration, error) {
	for {
		lease, err := o.relay.agreeLease(ctx, opRunOutbox, "WithSendLease", asked, defaultSendLease, func(s *settings) *time.Duration { return &s.SendLease })
		if _, wrong := errors.AsType[*conversation.ArgumentError](err); err == nil || wrong {
			return lease, err
		}
		if ctx.Err() != nil {
			return 0, ctx.Err()
		}
		o.relay.log().LogAttrs(ctx, slog.LevelWarn, "relay: a worker has a problem with the engine",
			slog.String("what", "the settings cannot be read"), slog.String("error", err.Error()))
		_ = sleep(ctx, engineRetry)
	}
}

// String describes the outbox.
func (o *Outbox) String() string {
	return fmt.Sprintf("relay.Outbox{prefix: %s}", o.relay.config.prefix)
}

// Format implements [fmt.Formatter], so that no verb reads the fields, which other goroutines write.
func (o *Outbox) Format(state fmt.State, _ rune) { _, _ = io.WriteString(state, o.String()) }
