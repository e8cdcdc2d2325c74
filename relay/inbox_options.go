package relay

import "time"

// InboxOption configures [Inbox.Run].
type InboxOption func(*inboxConfig) error

type inboxConfig struct {
	inOrder     bool
	tries       int
	first, most time.Duration
	handlers    int
	lease       time.Duration
}

const (
	defaultTries = 10
	// deliveriesPerTry limits how often a callback is delivered to a worker, as a multiple of the tries: a callback that
	// crashes every process that handles it has no failed try, and would be delivered forever.
	deliveriesPerTry    = 10
	defaultHandlerLease = 30 * time.Second
	defaultFirstWait    = time.Second
	defaultLongestWait  = 10 * time.Minute
)

func defaultInboxConfig() inboxConfig {
	return inboxConfig{
		tries: defaultTries, first: defaultFirstWait, most: defaultLongestWait, handlers: lanes, lease: defaultHandlerLease,
	}
}

// WithInOrder handles the callbacks of a conversation one after the other, in the order in which they arrived, across all
// processes. Callbacks without a conversation are ordered by contact or, in dispatch mode, by channel identity. Each
// conversation belongs to one of 64 lanes; a callback that fails blocks its lane until it is handled or becomes a dead
// letter. All processes must agree on this option. Sinch may deliver callbacks in a different order than it sent them.
func WithInOrder() InboxOption {
	return func(c *inboxConfig) error {
		c.inOrder = true
		return nil
	}
}

// WithTries sets how often a handler may fail for a callback before the callback becomes a dead letter. Default 10.
func WithTries(n int) InboxOption {
	return func(c *inboxConfig) error {
		if n < 1 {
			return argumentError(opRunInbox, "WithTries", "is below 1")
		}
		c.tries = n
		return nil
	}
}

// WithBackoff sets the wait before a failed callback is retried: first after the first failure, doubled after each further
// one, at most longest. Default 1 second and 10 minutes, which is about 9 minutes in all for the default of 10 tries.
func WithBackoff(first, longest time.Duration) InboxOption {
	return func(c *inboxConfig) error {
		if first <= 0 || longest < first {
			return argumentError(opRunInbox, "WithBackoff", "requires a first wait above 0 and a longest wait that is not below it")
		}
		c.first, c.most = first, longest
		return nil
	}
}

// WithHandlers sets the maximum number of callbacks that this Run handles concurrently. Default 64, which is also the
// maximum that has an effect with [WithInOrder].
func WithHandlers(n int) InboxOption {
	return func(c *inboxConfig) error {
		if n < 1 {
			return argumentError(opRunInbox, "WithHandlers", "is below 1")
		}
		c.handlers = n
		return nil
	}
}

// WithHandlerLease sets when a callback is delivered to another process because the one that handles it has crashed or
// cannot reach the engine. A handler may run for longer: its lease is renewed while it runs. Default 30 seconds, minimum 1
// second. All processes should use the same value.
func WithHandlerLease(d time.Duration) InboxOption {
	return func(c *inboxConfig) error {
		if d < time.Second {
			return argumentError(opRunInbox, "WithHandlerLease", "is below 1 second")
		}
		c.lease = d
		return nil
	}
}

// backoff returns the wait after a number of failed tries.
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
