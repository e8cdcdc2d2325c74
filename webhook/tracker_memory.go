package webhook

import (
	"container/list"
	"slices"
	"time"

	"github.com/sinchgo/conversation"
)

// follow passes delivery reports to a tracker, unless it has them already.
func (h *handlers) follow(t *Tracker) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !slices.Contains(h.trackers, t) {
		h.trackers = append(slices.Clone(h.trackers), t) // handle reads the old slice without the lock
	}
}

// record remembers a report, and ends the waits that it is enough for.
func (t *Tracker) record(delivery *MessageDelivery) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed {
		return
	}
	report := delivery.MessageDeliveryReport
	t.recordFor(report.MessageID, report)
	if delivery.CorrelationID != report.MessageID {
		t.recordFor(delivery.CorrelationID, report)
	}
	t.forget()
}

// recordFor remembers a report under one of its ids.
func (t *Tracker) recordFor(id string, report conversation.MessageDeliveryReport) {
	if id == "" {
		return
	}
	element := t.known[id]
	if element == nil {
		element = t.oldest.PushBack(&deliveryState{id: id, report: report})
		t.known[id] = element
	}
	state := stateOf(element)
	if Fold(state.report.Status, report.Status) != state.report.Status {
		state.report = report
	}
	state.at = time.Now()
	t.oldest.MoveToBack(element)

	for w := range t.waits[id] {
		if w.isOver(state.report.Status) {
			w.done <- state.report
			t.drop(id, w)
		}
	}
}

// isOver reports whether a wait ends with a status.
func (w *deliveryWait) isOver(status conversation.DeliveryStatus) bool {
	return status.Rank() >= w.rank || status.Final()
}

// forget drops the states beyond the size and the age.
func (t *Tracker) forget() {
	for t.oldest.Len() > 0 {
		element := t.oldest.Front()
		state := stateOf(element)
		if t.oldest.Len() <= t.size && time.Since(state.at) <= t.age {
			return
		}
		t.oldest.Remove(element)
		delete(t.known, state.id)
	}
}

// add starts a wait, unless it is over already.
func (t *Tracker) add(id string, w *deliveryWait) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed {
		return ErrTrackerClosed
	}
	t.forget()
	if element := t.known[id]; element != nil {
		if state := stateOf(element); w.isOver(state.report.Status) {
			w.done <- state.report
			return nil
		}
	}
	if t.waits[id] == nil {
		t.waits[id] = map[*deliveryWait]struct{}{}
	}
	t.waits[id][w] = struct{}{}
	return nil
}

// remove ends a wait whose context has ended, and returns the last status of the message.
func (t *Tracker) remove(id string, w *deliveryWait) conversation.DeliveryStatus {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.drop(id, w)
	if element := t.known[id]; element != nil {
		return stateOf(element).report.Status
	}
	return ""
}

// drop removes a wait, and its id if it was the last one.
func (t *Tracker) drop(id string, w *deliveryWait) {
	delete(t.waits[id], w)
	if len(t.waits[id]) == 0 {
		delete(t.waits, id)
	}
}

// stateOf returns the state in an element of the list.
func stateOf(element *list.Element) *deliveryState {
	state, _ := element.Value.(*deliveryState) // nothing else is in the list
	return state
}
