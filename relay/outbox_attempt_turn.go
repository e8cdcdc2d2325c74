package relay

import (
	"context"
	"errors"
	"time"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/outbox"
)

const (
	// gateWait limits how long a request waits for another turn while it holds a connection.
	gateWait = 200 * time.Millisecond
	// turnWait is the wait for another turn before a request.
	turnWait = 20 * time.Millisecond
)

// Reasons of a request that did not leave.
var (
	errNoTurn = errors.New("relay: the connection took longer than the turn of the request, so nothing was sent")
	errPaused = errors.New("relay: its app or group was paused, so nothing was sent")
	errLate   = errors.New("relay: the time after which it is not sent was reached, so nothing was sent")
)

// heldBack reports whether a request did not leave for a reason of this worker.
func heldBack(failure error) bool {
	return errors.Is(failure, errNoTurn) || errors.Is(failure, errPaused) || errors.Is(failure, errLate)
}

// awaitTurn waits for the turn, or for another if it is over. The timeout of the request does not run yet. After half
// a lease, before others presume the attempt dead, the request is not sent.
func (a *attempt) awaitTurn(ctx context.Context) {
	w := a.worker
	if !time.Now().Before(a.turn.until) {
		w.queues.delay(a.entry.queue, 1)
		defer w.queues.delay(a.entry.queue, -1)
	}
	for time.Since(a.began) < w.lease/2 && a.stopped() == nil {
		now := time.Now()
		if now.Before(a.turn.until) && w.valid(now) {
			_ = sleep(ctx, time.Until(a.turn.from))
			return
		}
		app, group := w.queues.turnOf(a.entry)
		if group.Sub(now) > gateWait {
			return // others of the app need not wait for it
		}
		if wait := later(app, group).Sub(now); wait > 0 {
			_ = sleep(ctx, min(wait, beatEvery))
			continue
		}
		turn, ok := w.queues.book(a.entry, gateWait, w.pace.pick)
		if !ok && w.valid(now) {
			turn, ok = a.reserve(ctx)
		}
		if ok {
			a.turn = turn
			continue
		}
		_ = sleep(ctx, turnWait)
	}
}

// reserve reserves a slot of the project for this attempt, in its app's turn.
func (a *attempt) reserve(ctx context.Context) (slot, bool) {
	slots, _, err := a.worker.pace.reserve(ctx, 1)
	if err != nil || len(slots) == 0 {
		return slot{}, false
	}
	return a.worker.queues.book(a.entry, gateWait, func(from, _ time.Time) (slot, bool) {
		s := slots[0]
		s.from = later(s.from, from)
		return s, s.until.Sub(s.from) >= paceLeast
	})
}

// gate is called with the connection of a request. It waits until the request may leave, or returns why it must not.
func (a *attempt) gate() error {
	w := a.worker
	if !time.Now().Before(a.turn.until) {
		turn, ok := w.queues.book(a.entry, gateWait, w.pace.pick)
		if !ok {
			return errNoTurn
		}
		a.turn = turn
		time.Sleep(time.Until(turn.from))
	}
	if now := time.Now(); !now.Before(a.turn.until) || !w.valid(now) {
		return errNoTurn
	}
	return a.stopped()
}

// stopped returns why the request must not leave any more, whatever its turn.
func (a *attempt) stopped() error {
	switch {
	case a.worker.queues.halted(a.entry):
		return errPaused
	case a.late():
		return errLate
	}
	return nil
}

// send sends the request. If its turn is over when the token and the connection are there, and another does not follow soon, it does
// not leave. A panic becomes its error.
func (a *attempt) send(ctx context.Context, req *conversation.SendMessageRequest) (*conversation.SendMessageResponse, error) {
	if !time.Now().Before(a.turn.until) {
		return nil, errNoTurn
	}
	if err := a.stopped(); err != nil {
		return nil, err
	}
	return outbox.Send(ctx, a.worker.client, req, a.gate)
}
