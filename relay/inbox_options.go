package relay

import (
	"errors"
	"time"
)

// InboxOption changes how [Inbox.Run] works.
type InboxOption func(*inboxConfig) error

type inboxConfig struct {
	inOrder     bool
	tries       int
	first, most time.Duration
	handlers    int
	lease       time.Duration
}

// deliveriesPerTry bounds how often a callback is handed out, in parts of the tries: one that ends each process that
// handles it has no failed try, and would come back without end.
const deliveriesPerTry = 10

// chooseInbox applies the options. All problems are reported together.
func chooseInbox(opts []InboxOption) (inboxConfig, error) {
	chosen := inboxConfig{tries: 10, first: time.Second, most: 10 * time.Minute, handlers: lanes, lease: 30 * time.Second}
	var problems []error
	for _, opt := range opts {
		if opt == nil {
			problems = append(problems, optionError("InboxOption", "is nil: leave it out"))
			continue
		}
		problems = append(problems, opt(&chosen))
	}
	return chosen, errors.Join(problems...)
}

// InOrder keeps the order of callbacks for each conversation, and for each contact where there is no conversation: in all
// processes together, one is handled after the other, in the order in which they were kept. Each conversation is in one of
// 64 lanes, and one that fails holds up its lane until it is handled or dead. All processes must say the same. The order
// is that in which callbacks come, which need not be that in which they were sent.
func InOrder() InboxOption {
	return func(c *inboxConfig) error {
		c.inOrder = true
		return nil
	}
}

// WithTries says how often a function may fail for a callback, until the callback is put with the dead letters. Default
// 10.
func WithTries(n int) InboxOption {
	return func(c *inboxConfig) error {
		if n < 1 {
			return optionError("WithTries", "is below 1")
		}
		c.tries = n
		return nil
	}
}

// WithBackoff says how long a callback waits after its function has failed: first after the first time, then twice as
// long each time, and most at most. Default 1 second and 10 minutes, which makes 9 minutes for the default of 10 tries.
func WithBackoff(first, most time.Duration) InboxOption {
	return func(c *inboxConfig) error {
		if first <= 0 || most < first {
			return optionError("WithBackoff", "needs a first wait above zero, and a longest one that is not below it")
		}
		c.first, c.most = first, most
		return nil
	}
}

// WithHandlers says how many callbacks are handled at the same time by this Run. Default 64, which is also the most that is
// of use with [InOrder].
func WithHandlers(n int) InboxOption {
	return func(c *inboxConfig) error {
		if n < 1 {
			return optionError("WithHandlers", "is below 1")
		}
		c.handlers = n
		return nil
	}
}

// WithLease says after what time a callback is handed to another process when the one that handled it has ended without
// a word, or cannot reach the engine. Functions may run for longer: the lease is renewed meanwhile. Default 30 seconds; at least a
// second. All processes should say the same.
func WithLease(d time.Duration) InboxOption {
	return func(c *inboxConfig) error {
		if d < time.Second {
			return optionError("WithLease", "is below a second")
		}
		c.lease = d
		return nil
	}
}

// backoff gives the wait after a number of failed tries.
func (c inboxConfig) backoff(tries int) time.Duration {
	wait := c.first
	for range tries - 1 {
		if wait >= c.most-wait {
			return c.most
		}
		wait *= 2
	}
	return wait
}
