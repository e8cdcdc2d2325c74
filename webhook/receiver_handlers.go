package webhook

import (
	"context"
	"fmt"
	"reflect"
	"sync"
)

// handlers are the functions of a receiver.
type handlers struct {
	mu     sync.RWMutex
	byType map[reflect.Type]func(context.Context, Event) error
	other  func(context.Context, Event) error
}

// On has the receiver call a function for every event of one type, which follows from the function:
//
//	webhook.On(receiver, func(ctx context.Context, event *webhook.MessageInbound) error { ... })
//
// The context is that of the request. When the function gives an error or panics, Sinch delivers the callback again.
// Functions run at the same time as each other, and may be added while the receiver serves. On panics if the type has a
// function already.
func On[E any, P interface {
	*E
	Event
}](r *Receiver, f func(context.Context, P) error) {
	kind := reflect.TypeFor[P]()
	check(fmt.Sprintf("webhook: On(%s)", kind), r, f == nil)
	r.handlers.mu.Lock()
	defer r.handlers.mu.Unlock()
	if r.handlers.byType[kind] != nil {
		panic(fmt.Sprintf("webhook: On(%s): the type has a function already", kind))
	}
	r.handlers.byType[kind] = func(ctx context.Context, event Event) error {
		typed, _ := event.(P) // the key of the map is its type
		return f(ctx, typed)
	}
}

// OnAny has the receiver call a function for every event whose type has none by [On], [*Unknown] among them. Without it,
// they are answered 200 and dropped. OnAny panics if it was called before.
func OnAny(r *Receiver, f func(context.Context, Event) error) {
	check("webhook: OnAny", r, f == nil)
	r.handlers.mu.Lock()
	defer r.handlers.mu.Unlock()
	if r.handlers.other != nil {
		panic("webhook: OnAny: there is a function already")
	}
	r.handlers.other = f
}

// check panics for a receiver or a function that is nil.
func check(call string, r *Receiver, noFunction bool) {
	switch {
	case r == nil:
		panic(call + ": the receiver is nil: make it with NewReceiver")
	case noFunction:
		panic(call + ": the function is nil")
	}
}

// handle calls the function for an event, if there is one.
func (h *handlers) handle(ctx context.Context, event Event) error {
	h.mu.RLock()
	f := h.byType[reflect.TypeOf(event)]
	if f == nil {
		f = h.other
	}
	h.mu.RUnlock()
	if f == nil {
		return nil
	}
	return f(ctx, event)
}
