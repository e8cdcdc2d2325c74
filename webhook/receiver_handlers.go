package webhook

import (
	"context"
	"fmt"
	"reflect"
	"sync"
)

// handlers are the registered handlers of a receiver.
type handlers struct {
	mu     sync.RWMutex
	byType map[reflect.Type]func(context.Context, Event) error
	other  func(context.Context, Event) error

	trackers []*Tracker // that follow the receiver
}

// On registers f for every event of type P; P is inferred from f:
//
//	webhook.On(receiver, func(ctx context.Context, event *webhook.MessageInbound) error { ... })
//
// f receives the request's context. If it returns an error or panics, Sinch redelivers the callback. Handlers may run
// concurrently, and may be registered while r is serving. On panics if P already has a handler.
func On[E any, P interface {
	*E
	Event
}](r *Receiver, f func(context.Context, P) error) {
	kind := reflect.TypeFor[P]()
	check(fmt.Sprintf("webhook: On(%s)", kind), r, f == nil)
	r.handlers.mu.Lock()
	defer r.handlers.mu.Unlock()
	if r.handlers.byType[kind] != nil {
		panic(fmt.Sprintf("webhook: On(%s): the type already has a handler", kind))
	}
	r.handlers.byType[kind] = func(ctx context.Context, event Event) error {
		typed, _ := event.(P) // the key of the map is its type
		return f(ctx, typed)
	}
}

// OnAny registers f for every event whose type has no handler registered with [On], including [*Unknown]. Without OnAny,
// such events are answered with 200 and dropped. OnAny panics if it was called before.
func OnAny(r *Receiver, f func(context.Context, Event) error) {
	check("webhook: OnAny", r, f == nil)
	r.handlers.mu.Lock()
	defer r.handlers.mu.Unlock()
	if r.handlers.other != nil {
		panic("webhook: OnAny: there is already a handler")
	}
	r.handlers.other = f
}

// check panics if the receiver or the function is nil.
func check(call string, r *Receiver, noFunction bool) {
	switch {
	case r == nil:
		panic(call + ": the receiver is nil: create it with NewReceiver")
	case noFunction:
		panic(call + ": the function is nil")
	}
}

// handle passes a delivery report to the trackers, and calls the handler of an event, if there is one.
func (h *handlers) handle(ctx context.Context, event Event) error {
	h.mu.RLock()
	f := h.byType[reflect.TypeOf(event)]
	if f == nil {
		f = h.other
	}
	trackers := h.trackers
	h.mu.RUnlock()
	if delivery, ok := event.(*MessageDelivery); ok && delivery != nil {
		for _, tracker := range trackers {
			tracker.record(delivery)
		}
	}
	if f == nil {
		return nil
	}
	return f(ctx, event)
}
