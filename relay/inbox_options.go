package relay

import "time"

// InboxOption configures [Inbox.Run].
type InboxOption func(*inboxConfig) error

type inboxConfig struct {
	inOrder     bool
	tries       int
	first, most time.Duration
	handlers    int
	lease       time.Duration // 0 if not set
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
		tries: defaultTries, first: defaultFirstWait, most: defaultLongestWait, handlers: lanes,
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

// WithTries sets how often a handler may fail for a callback before the callback becomes a dead letter, 1 to 1,000,000.
// Default 10.
func WithTries(n int) InboxOption {
	return func(c *inboxConfig) error {
		if n < 1 || n > maxTries {
			return argumentError(opRunInbox, "WithTries", "is not 1 to 1,000,000")
		}
		c.tries = n
		return nil
	}
}

// WithBackoff sets the wait before a failed callback is retried: first after the first failure, doubled after each further
// one, at most longest, which is at most 30 days (720h). Default 1 second and 10 minutes, which is about 9 minutes in all for
// the default of 10 tries.
func WithBackoff(first, longest time.Duration) InboxOption {
	return func(c *inboxConfig) error {
		if first <= 0 || longest < first {
			return argumentError(opRunInbox, "WithBackoff", "requires a first wait above 0 and a longest wait that is not below it")
		}
		c.first, c.most = first, longest
		return checkDuration(opRunInbox, "WithBackoff", longest, first, maxBackoff)
	}
}

// WithHandlers sets the maximum number of callbacks that this Run handles concurrently, 1 to 10,000. Default 64, which is also
// the maximum that has an effect with [WithInOrder].
func WithHandlers(n int) InboxOption {
	return func(c *inboxConfig) error {
		if n < 1 || n > maxConcurrency {
			return argumentError(opRunInbox, "WithHandlers", "is not 1 to 10,000")
		}
		c.handlers = n
		return nil
	}
}

// WithHandlerLease sets when a callback is delivered to another process because the one that handles it has crashed or
// cannot reach the engine, 1 second to 24 hours. A handler may run for longer: its lease is renewed while it runs. Without it,
// Run uses the lease that is stored with the relay, at first 30 seconds. All processes use the longest lease that one of them
// asked for: a shorter one needs [WithLowerSettings].
func WithHandlerLease(d time.Duration) InboxOption {
	return func(c *inboxConfig) error {
		c.lease = d
		return checkDuration(opRunInbox, "WithHandlerLease", d, minLease, maxLease)
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
