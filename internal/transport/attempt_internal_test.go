package transport

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var errStop = errors.New("stop")

// limited is how an attempt and the context that it replaces are created.
var limited = map[string]func(context.Context, time.Duration) (context.Context, func()){
	"an attempt": func(parent context.Context, timeout time.Duration) (context.Context, func()) {
		ctx, _, end := begin(parent, timeout, Attempt{})
		return ctx, end
	},
	"context.WithTimeoutCause": func(parent context.Context, timeout time.Duration) (context.Context, func()) {
		return context.WithTimeoutCause(parent, timeout, ErrAttemptTimeout)
	},
}

func TestAnAttemptEndsAsTheContextThatItReplaces(t *testing.T) {
	t.Parallel()
	type key struct{}
	ends := map[string]struct {
		parent func(context.Context) (context.Context, func())
		end    bool // the owner ends it after a second
		after  time.Duration
		err    error
		cause  error
	}{
		"by its time":                 {nil, false, time.Minute, context.DeadlineExceeded, ErrAttemptTimeout},
		"by its owner":                {nil, true, time.Second, context.Canceled, context.Canceled},
		"by the deadline of the call": {deadlineIn(time.Second), false, time.Second, context.DeadlineExceeded, context.DeadlineExceeded},
		"by a cancellation":           {canceledIn(time.Second, context.Canceled), false, time.Second, context.Canceled, context.Canceled},
		"by a cause":                  {canceledIn(time.Second, errStop), false, time.Second, context.Canceled, errStop},
		"before it began":             {canceledIn(0, errStop), false, 0, context.Canceled, errStop},
		"its call could end later":    {deadlineIn(time.Hour), false, time.Minute, context.DeadlineExceeded, ErrAttemptTimeout},
	}
	for name, test := range ends {
		for kind, create := range limited {
			t.Run(name+" "+kind, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					parent := context.WithValue(context.WithoutCancel(t.Context()), key{}, "value")
					if test.parent != nil {
						var stop func()
						parent, stop = test.parent(parent)
						defer stop()
					}
					began := time.Now()
					ctx, end := create(parent, time.Minute)
					defer end()
					if test.end {
						time.AfterFunc(time.Second, end)
					}
					child, stopChild := context.WithCancel(ctx)
					defer stopChild()
					grandchild, stopGrandchild := context.WithCancel(context.WithValue(ctx, key{}, "other"))
					defer stopGrandchild()
					called := make(chan struct{})
					context.AfterFunc(ctx, func() { close(called) })
					if test.after > 0 {
						stop := context.AfterFunc(ctx, func() { t.Error("it was stopped") })
						assert.True(t, stop())
						assert.False(t, stop())
						require.NoError(t, ctx.Err())
						require.NoError(t, child.Err())
					}

					<-ctx.Done()
					<-called
					assert.Equal(t, test.after, time.Since(began))
					synctest.Wait()
					for _, ended := range []context.Context{ctx, child, grandchild} {
						assert.Equal(t, test.err, ended.Err())
						assert.Equal(t, test.cause, context.Cause(ended))
					}
					late, stopLate := context.WithCancel(ctx)
					defer stopLate()
					assert.Equal(t, test.cause, context.Cause(late))
					assert.Equal(t, "value", ctx.Value(key{}))
					deadline, ok := ctx.Deadline()
					assert.True(t, ok)
					earliest := began.Add(time.Minute)
					if parents, ok := parent.Deadline(); ok && parents.Before(earliest) {
						earliest = parents
					}
					assert.Equal(t, earliest, deadline)

					end() // a second time, and after another end
					assert.Equal(t, test.err, ctx.Err())
				})
			})
		}
	}
}

func deadlineIn(d time.Duration) func(context.Context) (context.Context, func()) {
	return func(ctx context.Context) (context.Context, func()) { return context.WithTimeout(ctx, d) }
}

func canceledIn(d time.Duration, cause error) func(context.Context) (context.Context, func()) {
	return func(ctx context.Context) (context.Context, func()) {
		ctx, cancel := context.WithCancelCause(ctx)
		if d == 0 {
			cancel(cause)
			return ctx, func() {}
		}
		timer := time.AfterFunc(d, func() { cancel(cause) })
		return ctx, func() { timer.Stop(); cancel(nil) }
	}
}

// package outbox cancels a request when it has its connection, and relies on it that nothing is written then.
func TestAnAttemptEndsTogetherWithItsCall(t *testing.T) {
	t.Parallel()
	for kind, create := range limited {
		parent, cancel := context.WithCancelCause(t.Context())
		ctx, end := create(parent, time.Minute)
		child, stop := context.WithCancel(ctx)
		below, stopBelow := context.WithTimeout(context.WithValue(ctx, errStop, "value"), time.Minute)
		cancel(errStop)
		for _, ended := range []context.Context{ctx, child, below} {
			select {
			case <-ended.Done():
			default:
				t.Error(kind, "is not done")
			}
		}
		stopBelow()
		assert.Equal(t, errStop, context.Cause(ctx), kind)
		assert.Equal(t, context.Canceled, ctx.Err(), kind)
		assert.Equal(t, errStop, context.Cause(child), kind)
		end()
		stop()
	}
}

// By the clock of the system, attempts share a timer. In a bubble of synctest they do not.
func TestAttemptsThatShareATimerExpireInTime(t *testing.T) {
	t.Parallel()
	const timeout = 301 * time.Millisecond // no other test has it
	began := time.Now()
	var all []*attempt
	for range 20 {
		a := newAttempt(context.WithoutCancel(t.Context()), timeout, Attempt{})
		assert.Nil(t, a.timer)
		all = append(all, a)
	}
	for _, a := range all[:10] {
		a.end()
	}
	for _, a := range all[10:] {
		<-a.Done()
		assert.Equal(t, context.DeadlineExceeded, a.Err())
		assert.Equal(t, ErrAttemptTimeout, context.Cause(a))
		a.end()
	}
	assert.GreaterOrEqual(t, time.Since(began), timeout)
	for _, a := range all[:10] {
		assert.Equal(t, context.Canceled, a.Err())
	}
	require.Eventually(t, func() bool {
		queues.Lock()
		defer queues.Unlock()
		return queues.of[timeout] == nil
	}, time.Minute, time.Millisecond)

	synctest.Test(t, func(t *testing.T) {
		a := newAttempt(context.WithoutCancel(t.Context()), timeout, Attempt{})
		defer a.end()
		assert.Nil(t, a.queue)
		assert.NotNil(t, a.timer)
	})
}

func TestAQueueExpiresWhatIsDueAndNothingElse(t *testing.T) {
	t.Parallel()
	start := time.Now()
	q := &queue{timeout: time.Hour} // its timer never fires in this test
	var all []*attempt
	for i := range 10 {
		a := &attempt{deadline: start.Add(time.Duration(i) * time.Second)}
		q.push(a)
		all = append(all, a)
	}
	for _, left := range []int{0, 4, 9} {
		all[left].leave()
		all[left].leave() // again: nothing happens
	}
	at := func(seconds int) []*attempt { return q.due(start.Add(time.Duration(seconds) * time.Second)) }
	assert.Equal(t, []*attempt{all[1], all[2]}, at(2))
	assert.Empty(t, at(2))
	late := &attempt{deadline: start.Add(time.Minute)}
	q.push(late)
	assert.Equal(t, []*attempt{all[3], all[5], all[6], all[7], all[8]}, at(59))
	assert.Equal(t, []*attempt{late}, at(60))
	assert.Nil(t, q.first)
	assert.Nil(t, q.last)
}

func TestAttemptsBeginAndEndConcurrently(t *testing.T) {
	t.Parallel()
	var workers sync.WaitGroup
	for worker := range 8 {
		workers.Go(func() {
			for i := range 200 {
				a := newAttempt(context.WithoutCancel(t.Context()), time.Duration(1+i%3)*time.Millisecond, Attempt{})
				child, stop := context.WithCancel(a)
				switch (worker + i) % 3 {
				case 0:
					<-child.Done()
				case 1:
					stop()
				}
				a.end()
				<-a.Done()
				<-child.Done()
				assert.Error(t, child.Err())
				stop()
			}
		})
	}
	workers.Wait()
}
