package relay

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/sinchgo/conversation/outbox"
	"github.com/sinchgo/conversation/webhook"
)

var (
	errNoReturn = errors.New("relay: the handler ended its goroutine")
	errSettle   = errors.New("relay: the entry of the outbox could not be settled")
)

// delivery is a callback that the engine has delivered.
type delivery struct {
	*inboxRun
	message   jetstream.Msg
	key       string
	sequence  uint64 // in the stream
	delivered uint64 // deliveries, including this one
}

// handle processes a callback. When it returns, the callback is acknowledged or will be redelivered.
func (run *inboxRun) handle(ctx context.Context, message jetstream.Msg) {
	message = plainOf(message)
	d := &delivery{inboxRun: run, message: message, key: keyOf(message.Data(), message.Headers())}
	if meta, err := message.Metadata(); err == nil {
		d.sequence, d.delivered = meta.Sequence.Stream, meta.NumDelivered
	}
	if !d.acquireSlot(ctx) {
		d.nakLater(ctx, ctx.Err())
		return
	}
	defer func() { <-run.slots }()
	event, err := webhook.Parse(message.Data())
	if err != nil {
		d.deadLetter(ctx, err.Error(), 0)
		return
	}
	if most := uint64(deliveriesPerTry * run.config.tries); d.delivered > most { //nolint:gosec // Above zero.
		d.deadLetter(ctx, fmt.Sprintf("it was delivered %d times and never handled: each process crashed, or could not reach the engine", most), 0)
		return
	}
	d.claimAndRun(ctx, event)
}

// acquireSlot waits until one more callback may be handled.
func (d *delivery) acquireSlot(ctx context.Context) bool {
	ticker := time.NewTicker(d.config.lease / beats)
	defer ticker.Stop()
	for {
		select {
		case d.slots <- struct{}{}:
			return true
		case <-ticker.C:
			d.inProgress()
		case <-ctx.Done():
			return false
		}
	}
}

// claimAndRun runs the handler unless it has run for a duplicate. While one runs, it waits.
func (d *delivery) claimAndRun(ctx context.Context, event webhook.Event) {
	var expired uint64
	for {
		early, err := d.early(ctx)
		switch {
		case err != nil:
			d.nakLater(ctx, err)
			return
		case early > 0:
			d.logAck(ctx, d.message.NakWithDelay(early))
			return
		}
		worker := fmt.Sprintf("%s.%d.%d", d.name, d.sequence, d.delivered)
		c, found, err := d.inbox.claim(ctx, d.key, worker, d.config.lease, expired)
		switch {
		case err != nil:
			d.nakLater(ctx, err)
			return
		case c != nil:
			d.runHandler(ctx, c, event)
			return
		case found.State == claimDone:
			d.logAck(ctx, d.message.Ack())
			return
		case found.State == claimDead:
			d.deadLetter(ctx, found.Reason, found.Tries)
			return
		}
		if expired, err = d.inbox.awaitClaimEnd(ctx, d.key, d.config.lease, d.inProgress); err != nil || ctx.Err() != nil {
			d.nakLater(ctx, errors.Join(err, ctx.Err()))
			return
		}
	}
}

// early returns how long a callback that failed in this process has yet to wait. If the clock of the engine is set forward, it
// redelivers all that wait immediately.
func (d *delivery) early(ctx context.Context) (time.Duration, error) {
	if d.delivered < 2 {
		return 0, nil
	}
	found, revision, err := d.inbox.claimOf(ctx, d.key)
	if err != nil || found.State != claimFailed || found.Tries == 0 {
		return 0, err
	}
	waited := d.inbox.failed.since(d.key, revision)
	if waited == 0 { // it failed in another process
		return 0, nil
	}
	return d.config.backoff(found.Tries) - waited, nil
}

// runHandler runs the handler under a claim, and records the result before it acknowledges the callback.
func (d *delivery) runHandler(ctx context.Context, c *claim, event webhook.Event) {
	err := d.callHandler(ctx, c, event)
	state, reason := claimDone, ""
	switch {
	case err == nil:
	case ctx.Err() != nil, errors.Is(err, errSettle): // not a failure of the handler
		state = claimFailed
	default:
		state, reason = d.failed(ctx, c, err)
	}
	endErr := c.end(ctx, state, reason)
	if errors.Is(endErr, errHandled) {
		state, endErr = claimDone, nil
	}
	if endErr != nil {
		d.inbox.relay.log().LogAttrs(ctx, slog.LevelError, "relay: the result of a handler could not be recorded: it may run again",
			slog.Uint64("seq", d.sequence), slog.Bool("failed", err != nil), slog.String("error", outbox.Redact(endErr.Error())))
		d.nakLater(ctx, endErr)
		return
	}
	switch {
	case state == claimDone:
		d.logAck(ctx, d.message.Ack())
	case state == claimDead:
		d.deadLetter(ctx, reason, c.tries)
	case reason == "":
		d.nakLater(ctx, err)
	default:
		d.inbox.failed.since(d.key, c.revision) // remembers when
		d.logAck(ctx, d.message.NakWithDelay(d.config.backoff(c.tries)))
	}
}

// failed counts a failure of the handler.
func (d *delivery) failed(ctx context.Context, c *claim, err error) (claimState, string) {
	c.tries++
	reason := outbox.Redact(err.Error())
	d.inbox.relay.log().LogAttrs(ctx, slog.LevelWarn, "relay: a handler failed",
		slog.Uint64("seq", d.sequence), slog.Int("tries", c.tries), slog.String("reason", reason))
	if c.tries >= d.config.tries {
		return claimDead, reason
	}
	return claimFailed, reason
}

// callHandler calls the handler, and renews the delivery and the claim meanwhile. If the claim is lost nevertheless, it
// cancels the context of the handler.
func (d *delivery) callHandler(ctx context.Context, c *claim, event webhook.Event) error {
	inner, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	done, result := make(chan struct{}), errNoReturn
	go func() {
		defer close(done)
		result = d.settleAndHandle(inner, event)
	}()
	ticker := time.NewTicker(d.config.lease / beats)
	defer ticker.Stop()
	for {
		select {
		case <-done:
			return result
		case <-ticker.C:
			d.inProgress()
			if err := c.renew(context.WithoutCancel(ctx)); errors.Is(err, errClaimLost) {
				cancel(errClaimLost)
			}
		}
	}
}

// settleAndHandle settles the entry that the callback reports on, and calls the handler.
func (d *delivery) settleAndHandle(ctx context.Context, event webhook.Event) error {
	if said := outbox.ReportOf(event); said.ID != "" {
		if err := d.fold(ctx, said); err != nil {
			return fmt.Errorf("%w: %w", errSettle, err)
		}
	}
	return d.receiver.Handle(ctx, event)
}

// deadLetter adds the callback to the dead letters.
func (d *delivery) deadLetter(ctx context.Context, reason string, tries int) {
	keeping := context.WithoutCancel(ctx)
	if err := d.inbox.relay.addDeadLetter(keeping, originInbox, d.key, reason, tries, d.message.Data(), d.message.Headers()); err != nil {
		d.nakLater(ctx, err)
		return
	}
	d.inbox.relay.log().LogAttrs(ctx, slog.LevelError, "relay: a callback became a dead letter",
		slog.Uint64("seq", d.sequence), slog.Int("tries", tries), slog.String("reason", outbox.Redact(reason)))
	d.logAck(ctx, d.message.Ack())
}

// nakLater returns a callback to the queue that has not failed. The delay matters when Run ends: without it, readers
// that are about to stop would pass the callback to each other.
func (d *delivery) nakLater(ctx context.Context, err error) {
	if ctx.Err() == nil {
		d.inbox.relay.log().LogAttrs(ctx, slog.LevelWarn, "relay: a callback cannot be handled now and will be redelivered",
			slog.Uint64("seq", d.sequence), slog.String("error", outbox.Redact(err.Error())))
	}
	d.logAck(ctx, d.message.NakWithDelay(awayWait))
}

// inProgress extends the delivery of the callback.
func (d *delivery) inProgress() { _ = d.message.InProgress() } // the next one follows

// logAck logs that the engine did not get an acknowledgement. The callback is then redelivered, and its recorded state
// decides.
func (d *delivery) logAck(ctx context.Context, err error) {
	if err != nil {
		d.inbox.relay.log().LogAttrs(ctx, slog.LevelDebug, "relay: a callback could not be acknowledged",
			slog.Uint64("seq", d.sequence), slog.String("error", outbox.Redact(err.Error())))
	}
}
