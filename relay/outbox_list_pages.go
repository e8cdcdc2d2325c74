package relay

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// round returns the entries of the messages in a range of the stream. It reports whether the caller asks for more.
func (l *listing) round(ctx context.Context, begin, end uint64, yield func(*Status, error) bool) (bool, error) {
	if begin > end {
		return true, nil
	}
	if err := l.start(ctx, begin, end); err != nil {
		return false, err
	}
	for {
		page, err := l.page(ctx, end)
		if err != nil || len(page) == 0 {
			return true, err
		}
		if more, err := l.yield(ctx, page, yield); err != nil || !more {
			return false, err
		}
	}
}

// yield returns the entries of messages that are in the state to be listed.
func (l *listing) yield(ctx context.Context, page []*jetstream.RawStreamMsg, yield func(*Status, error) bool) (bool, error) {
	statuses := make([]*Status, len(page))
	if err := each(len(page), func(i int) (err error) {
		statuses[i], err = l.status(ctx, page[i])
		return err
	}); err != nil {
		return false, err
	}
	for i, status := range statuses {
		if status == nil || l.params.State != "" && status.State != l.params.State || l.returned(page[i]) {
			continue
		}
		status.PageToken = pageToken(page[i].Sequence)
		if !yield(status, nil) {
			return false, nil
		}
	}
	return true, nil
}

// returned reports whether the entry of a message was returned when it was not due, and remembers it if it is not due.
func (l *listing) returned(msg *jetstream.RawStreamMsg) bool {
	entry := refOf(msg.Subject, nil).key()
	if l.outbox.relay.names.kindOf(msg.Subject) == kindLater && time.Until(dueAt(msg)) < dueSoon {
		l.soon[entry] = true
		return false
	}
	return msg.Header.Get(schedulerHeader) != "" && l.soon[entry]
}

// status returns the status of the entry of a message, or nil if it has another message that is listed, or began later than the list.
func (l *listing) status(ctx context.Context, msg *jetstream.RawStreamMsg) (*Status, error) {
	o, of := l.outbox, refOf(msg.Subject, msg.Header)
	k := o.relay.names.kindOf(msg.Subject)
	if msg.Sequence > l.upTo && !began(msg, l.upTo) {
		return nil, nil //nolint:nilnil // Not an entry of this list.
	}
	if k == kindState {
		s, err := readState(msg)
		if err != nil {
			return nil, err
		}
		return l.ofRecord(ctx, s)
	}
	s, err := o.state(ctx, of)
	switch {
	case err != nil:
		return nil, err
	case k.isAside() && asideKinds[s.State] == k:
		return l.ofRecord(ctx, s)
	case k.isAside():
		return nil, nil //nolint:nilnil // Left of an earlier state.
	case s.seq < msg.Sequence:
		return queuedStatus(s, of, msg.Time), nil
	case s.State == StateQueued || s.State == StateAttempting:
		return s.status(), nil
	}
	return nil, nil //nolint:nilnil // A worker is about to remove it.
}

// ofRecord returns the status of a record, or nil if the entry has a message in the queue that determines it.
func (l *listing) ofRecord(ctx context.Context, s stored) (*Status, error) {
	if s.State == StateAccepted || s.State == StateCancelled || s.State == StateExpired {
		return s.status(), nil
	}
	open := s.State == StateQueued || s.State == StateAttempting
	queued, err := lastOf(ctx, l.outbox.relay.outboxStream, l.outbox.relay.names.entry(kindEntry, s.ref))
	if err != nil || queued != nil && (open || queued.Sequence > s.seq) {
		return nil, err
	}
	if open { // its message is lost, or was removed just now
		now, err := l.outbox.state(ctx, s.ref)
		if err != nil || now.seq != s.seq {
			return nil, err
		}
	}
	return s.status(), nil
}

// began reports whether the entry of a message was there when the stream ended at a message.
func began(msg *jetstream.RawStreamMsg, upTo uint64) bool {
	return msg.Header.Get(schedulerHeader) != "" || slices.ContainsFunc(trailOf(msg.Header), func(s step) bool { return s.seq <= upTo })
}

// attempting returns the entries that are being sent.
func (l *listing) attempting(ctx context.Context, t *tally, after uint64, yield func(*Status, error) bool) error {
	for _, seq := range slices.Sorted(slices.Values(t.Trying)) {
		if seq <= after {
			continue
		}
		msg, err := l.outbox.relay.outboxStream.GetMsg(ctx, seq)
		if errors.Is(err, jetstream.ErrMsgNotFound) {
			continue
		}
		if err != nil {
			return err
		}
		if of := refOf(msg.Subject, nil); l.outbox.relay.names.kindOf(msg.Subject) != kindState || !l.params.selects(of.app, of.group) {
			continue
		}
		s, err := readState(msg)
		if err != nil {
			return err
		}
		if s.State != StateAttempting {
			continue
		}
		status := s.status()
		status.PageToken = pageToken(seq)
		if !yield(status, nil) {
			return nil
		}
	}
	return nil
}

// each calls do for 0 to n-1, some of them concurrently, and returns an error of one of them.
func each(n int, do func(int) error) error {
	var mu sync.Mutex
	var failed error
	slots := make(chan struct{}, frontCalls)
	var calls sync.WaitGroup
	for i := range n {
		slots <- struct{}{}
		calls.Go(func() {
			defer func() { <-slots }()
			if err := do(i); err != nil {
				mu.Lock()
				defer mu.Unlock()
				failed = err
			}
		})
	}
	calls.Wait()
	return failed
}
