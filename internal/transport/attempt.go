package transport

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"
)

// begin returns the context of a request, its trace, and what ends it.
//
// If parent can be canceled, the context is one of package context, which ends together with its parent. [attempt] could only follow
// later, and package outbox cancels a request that must not leave when it has its connection, before it is written.
func begin(parent context.Context, timeout time.Duration, describes Attempt) (context.Context, *connTrace, func()) {
	if parent.Done() == nil {
		a := newAttempt(parent, timeout, describes)
		return a, &a.trace, a.end
	}
	limited, cancel := context.WithTimeoutCause(parent, timeout, ErrAttemptTimeout)
	t := &traced{}
	t.Context = t.trace.follow(limited, describes)
	return t, &t.trace, cancel
}

// traced is a context with a trace.
type traced struct {
	context.Context //nolint:containedctx // It is a context itself, and adds to this one.

	trace connTrace
}

// Value implements [context.Context].
func (t *traced) Value(key any) any {
	if key == (traceKey{}) {
		return &t.trace
	}
	return t.Context.Value(key)
}

// String implements [fmt.Stringer]: contexts are printed, and the trace is in use.
func (*traced) String() string { return "conversation.Attempt" }

// attempt is a traced context with a deadline, below a parent that cannot be canceled. It costs less than [context.WithTimeoutCause]: it
// shares a timer with other attempts, and keeps its children in a slice.
type attempt struct {
	traced

	deadline     time.Time
	done         chan struct{}
	timer        *time.Timer // its own, if it shares none
	queue        *queue      // of the attempts that share its timer; nil once it left
	before, next *attempt    // in the queue

	mu       sync.Mutex
	err      error           // nil while the attempt runs
	cause    context.Context //nolint:containedctx // It has the cause of err, if that differs from err.
	children []*func()
	first    [1]*func() // where children begins: net/http adds one child
}

func newAttempt(parent context.Context, timeout time.Duration, describes Attempt) *attempt {
	a := &attempt{deadline: time.Now().Add(timeout), done: make(chan struct{})}
	a.children = a.first[:0]
	a.Context = a.trace.follow(parent, describes)
	a.expireLater(timeout)
	return a
}

// Deadline implements [context.Context].
func (a *attempt) Deadline() (time.Time, bool) { return a.deadline, true }

// Done implements [context.Context].
func (a *attempt) Done() <-chan struct{} { return a.done }

// Err implements [context.Context].
func (a *attempt) Err() error {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.err
}

// Value implements [context.Context]. [context.Cause] finds the cause with a key of its own.
func (a *attempt) Value(key any) any {
	a.mu.Lock()
	cause := a.cause
	a.mu.Unlock()
	if cause != nil {
		if value := cause.Value(key); value != nil {
			return value
		}
	}
	return a.traced.Value(key)
}

// AfterFunc calls f when the attempt ends, unless stop is called before. Package context finds this method, and passes functions that
// do not block.
func (a *attempt) AfterFunc(f func()) (stop func() bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.err != nil {
		go f()
		return func() bool { return false }
	}
	child := &f
	a.children = append(a.children, child)
	return func() bool { return a.remove(child) }
}

func (a *attempt) remove(child *func()) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	i := slices.Index(a.children, child)
	if i < 0 {
		return false
	}
	a.children = slices.Delete(a.children, i, i+1)
	return true
}

// expire ends an attempt whose time ran out.
func (a *attempt) expire() { a.finish(context.DeadlineExceeded, ErrAttemptTimeout) }

// end ends the attempt after its reply was read.
func (a *attempt) end() {
	a.finish(context.Canceled, context.Canceled)
	a.leave()
}

// finish sets the error of the attempt and ends its children, unless it ended before.
func (a *attempt) finish(err, cause error) {
	a.mu.Lock()
	if a.err != nil {
		a.mu.Unlock()
		return
	}
	a.err = err
	if !errors.Is(err, cause) {
		known, cancel := context.WithCancelCause(context.Background())
		cancel(cause)
		a.cause = known
	}
	close(a.done)
	children := a.children
	a.children = nil
	a.mu.Unlock()
	for _, child := range children {
		(*child)()
	}
}
