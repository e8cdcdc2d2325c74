package pgconversation

import (
	"time"

	"github.com/sinchgo/conversation"
)

// defaultTries is how often a function may fail for a callback. By River's default schedule that lasts about 4 hours.
const defaultTries = 10

// InboxOption configures [NewInbox].
type InboxOption func(*Inbox) error

func inboxError(option, reason string) error {
	return &conversation.ArgumentError{Operation: opInbox, Field: option, Reason: reason}
}

// WithTries sets how often a function may fail for a callback before the callback is dead, 1 to 1,000. It is the maximum of attempts of its
// River job, which also counts attempts whose process crashed. Default 10, which by River's default schedule lasts about 4 hours.
func WithTries(n int) InboxOption {
	return func(i *Inbox) error {
		if n < 1 || n > 1000 {
			return inboxError("WithTries", "is not 1 to 1,000")
		}
		i.opts.MaxAttempts = n
		return nil
	}
}

// WithQueue sets River's queue for callbacks, named as [Entry].Queue is. With a queue for them alone, they do not wait for messages. Default
// [river.QueueDefault].
func WithQueue(name string) InboxOption {
	return func(i *Inbox) error {
		if !isQueue(name) {
			return inboxError("WithQueue", notAQueue+", or leave the option out for River's default queue")
		}
		i.opts.Queue = name
		return nil
	}
}

// WithHandlerTimeout sets when the context of a function ends, above 0. RescueStuckJobsAfter of [river.Config] should be longer. Default
// JobTimeout of [river.Config], which is 1 minute by default.
func WithHandlerTimeout(d time.Duration) InboxOption {
	return func(i *Inbox) error {
		if d <= 0 {
			return inboxError("WithHandlerTimeout", "is not above 0: a job without a timeout is not worked again after its process crashed")
		}
		i.timeout = d
		return nil
	}
}
