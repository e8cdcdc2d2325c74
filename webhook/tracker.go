package webhook

import (
	"container/list"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/internal/redact"
	"github.com/sinchgo/conversation/internal/wire"
)

// ErrTrackerClosed is returned by [Tracker.Wait] once the tracker is closed.
var ErrTrackerClosed = errors.New("webhook: the tracker is closed")

// Tracker waits for the delivery of messages. It remembers the delivery reports that a [Receiver] gets, so that it does not
// matter whether a report arrives before the response to the send, or after. Create it with [NewTracker]. It is safe for
// concurrent use.
//
// A tracker is in the memory of one process, and forgets when that ends. If several processes share the callbacks of an
// app, a report may reach another process than the one that waits: use the outbox of module relay there.
type Tracker struct {
	size int
	age  time.Duration

	mu     sync.Mutex
	closed bool
	known  map[string]*list.Element // of *deliveryState, by ID
	oldest list.List                // the elements of known; the state that changed longest ago is first
	waits  map[string]map[*deliveryWait]struct{}
}

// deliveryState is what the reports about an ID have come to.
type deliveryState struct {
	id     string
	report conversation.MessageDeliveryReport
	at     time.Time // of the last report
}

// deliveryWait is a running call of Wait.
type deliveryWait struct {
	rank int
	done chan conversation.MessageDeliveryReport // gets one report, or is closed with the tracker
}

// NewTracker returns a tracker that follows no receiver yet. By default it remembers the reports of the last hour about
// 100,000 IDs. It panics with a [*conversation.ArgumentError] if an option is not valid.
func NewTracker(opts ...TrackerOption) *Tracker {
	t := &Tracker{
		size: defaultTrackerSize, age: defaultTrackerAge,
		known: map[string]*list.Element{}, waits: map[string]map[*deliveryWait]struct{}{},
	}
	for i, opt := range opts {
		if opt == nil {
			panic(optionError(fmt.Sprintf("option %d", i), "is nil: leave it out"))
		}
		if err := opt(t); err != nil {
			panic(err)
		}
	}
	return t
}

// Follow passes the delivery reports that the receiver gets from now on to the tracker: those of its handler, and those
// of [Receiver.Handle], so that a receiver with an inbox of module relay can be followed too. The functions of [On] and
// [OnAny] run as before, after the tracker has the report; it counts even if they fail. Following a receiver twice is
// the same as once. A tracker may follow several receivers, and a receiver may be followed by several trackers. Follow
// panics if the receiver is nil.
func (t *Tracker) Follow(receiver *Receiver) {
	check("webhook: Tracker.Follow", receiver, false)
	receiver.handlers.follow(t)
}

// Wait waits until a message has one of the given statuses or a later one, and returns that report. The id is
// that of the message, which the send returns, or the correlation ID of the request, which is known before. Reports that
// arrived before Wait count too. Any number of calls may wait for the same id.
//
// Without a status, Wait waits for DELIVERED. Statuses have the order of [conversation.DeliveryStatus.Rank]; the lowest of
// those given counts. FAILED and READ end every wait, since no other outcome follows, so check the status of the report: a
// failure is not an error. SWITCHING_CHANNEL is not final: a message that falls back to another channel is waited for until
// it was delivered there or has failed on the last one. Reports can be duplicated and out of order, as for [Fold].
//
// Pass a context with a deadline: there may never be such a report. In particular, channels without read receipts, such as
// SMS, end with DELIVERED.
//
// A correlation ID should belong to one message: the reports of messages that share it are folded as if they were one. In an
// app of DISPATCH mode whose DispatchRetentionPolicy keeps messages for 0 days, the default, reports may not have it.
//
// Wait returns an error that matches ctx.Err() if the context ends first, [ErrTrackerClosed] if the tracker is closed,
// and a [*conversation.ArgumentError] if the id is empty or a status is not known.
func (t *Tracker) Wait(
	ctx context.Context, id string, until ...conversation.DeliveryStatus,
) (*conversation.MessageDeliveryReport, error) {
	if wire.IsBlank(id) {
		return nil, waitError("id", "is empty: pass the id of the message or its correlation id")
	}
	rank, err := lowestRank(until)
	if err != nil {
		return nil, err
	}
	w := &deliveryWait{rank: rank, done: make(chan conversation.MessageDeliveryReport, 1)}
	if err := t.add(id, w); err != nil {
		return nil, err
	}
	select {
	case report, ok := <-w.done:
		return w.result(report, ok)
	case <-ctx.Done():
	}
	last := t.remove(id, w)
	select {
	case report, ok := <-w.done: // just before it was removed
		return w.result(report, ok)
	default:
		return nil, fmt.Errorf("webhook: no report of the delivery, the last status is %q: %w", redact.OneLine(string(last)), ctx.Err())
	}
}

// result returns what came out of the channel.
func (*deliveryWait) result(report conversation.MessageDeliveryReport, ok bool) (*conversation.MessageDeliveryReport, error) {
	if !ok {
		return nil, ErrTrackerClosed
	}
	return &report, nil
}

// lowestRank returns the rank that a status must have to end a wait.
func lowestRank(until []conversation.DeliveryStatus) (int, error) {
	if len(until) == 0 {
		return conversation.DeliveryStatusDelivered.Rank(), nil
	}
	lowest := until[0].Rank()
	for i, status := range until {
		if status.Rank() == 0 {
			return 0, waitError(fmt.Sprintf("until[%d]", i),
				"is not a known status: pass constants such as DeliveryStatusDelivered, or none to wait for the delivery")
		}
		lowest = min(lowest, status.Rank())
	}
	return lowest, nil
}

func waitError(field, reason string) error {
	return &conversation.ArgumentError{Operation: "Tracker.Wait", Field: field, Reason: reason}
}

// Close ends all waits with [ErrTrackerClosed], those of later calls too, and forgets the reports. The receivers go on
// without the tracker. Close may be called more than once.
func (t *Tracker) Close() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed {
		return
	}
	t.closed = true
	for _, waiting := range t.waits {
		for w := range waiting {
			close(w.done)
		}
	}
	t.waits, t.known = nil, nil
	t.oldest.Init()
}

// String describes the tracker without its reports.
func (t *Tracker) String() string {
	return fmt.Sprintf("webhook.Tracker{size: %d, age: %s}", t.size, t.age)
}

// Format implements [fmt.Formatter], so that no verb reads the fields, which other goroutines write.
func (t *Tracker) Format(state fmt.State, verb rune) { redact.Print(state, verb, t.String()) }

// LogValue implements [slog.LogValuer].
func (t *Tracker) LogValue() slog.Value { return slog.StringValue(t.String()) }
