package conversationtest

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/sinchgo/conversation"
)

// CallbackConfig configures how events are delivered to webhooks. In the zero value every field has its default.
type CallbackConfig struct {
	// MaxAttempts is the number of attempts after which a callback is given up. Zero: 5.
	MaxAttempts int

	// RetryDelay is the time from a failed first attempt to the second. It doubles with each attempt, up to an hour.
	// Zero: 5 seconds.
	RetryDelay time.Duration

	// Timeout is how long an attempt may take. Zero: 10 seconds.
	Timeout time.Duration

	// Rate is the limit of attempts for an app in any second, including those that fail. Zero: 25. Negative: no limit.
	Rate int

	// SignAgain signs each attempt anew, with another nonce and time. By default every attempt has the headers of the
	// first.
	SignAgain bool

	// Parallel delivers the callbacks of a webhook concurrently. By default each waits until the previous one is answered,
	// so that they arrive in the order of the events, except for those that are retried.
	Parallel bool

	// Duplicate is the fraction of callbacks, from 0 to 1, that is delivered twice, with the same nonce unless SignAgain is
	// set.
	Duplicate float64

	// Reorder delays each callback by a random time shorter than this, so that the callbacks of events that are closer
	// together may arrive in another order.
	Reorder time.Duration

	// Seed seeds the random choices of Duplicate and Reorder.
	Seed uint64
}

func (c CallbackConfig) withDefaults() CallbackConfig {
	defaults := c
	if defaults.MaxAttempts <= 0 {
		defaults.MaxAttempts = 5
	}
	if defaults.RetryDelay <= 0 {
		defaults.RetryDelay = 5 * time.Second
	}
	if defaults.Timeout <= 0 {
		defaults.Timeout = 10 * time.Second
	}
	if defaults.Rate == 0 {
		defaults.Rate = 25
	}
	return defaults
}

// Callback is the delivery of an event to a webhook or to the callback URL of a send. Its header and body are shared:
// do not modify them.
type Callback struct {
	// WebhookID is the id of the webhook. It is empty for a callback URL.
	WebhookID string

	// Trigger is the trigger that the event matches.
	Trigger conversation.WebhookTrigger

	// Target is the URL of the webhook, or the callback URL.
	Target string

	// Body is the JSON that is posted.
	Body json.RawMessage

	// Duplicate reports whether this is the second delivery of an event, because of CallbackConfig.Duplicate or
	// DuplicateCallbacks.
	Duplicate bool

	// Resent is the number of the callback that this one delivers again, because of ResendCallback, and Signature is its
	// signature. The first of Callbacks has the number 1. Zero: it is the first delivery.
	Resent    int
	Signature Signature

	// Header holds the headers of the last attempt, with the signature if there is a secret: that of the webhook, or
	// that of the app's CallbackSettings for a callback URL. The access token of a webhook with client credentials is
	// left out.
	Header http.Header

	// Time is when the last attempt began, by Config.Clock.
	Time time.Time

	// Attempts is the number of attempts so far.
	Attempts int

	// Status is the status code that the last attempt was answered with, 0 if there was no answer.
	Status int

	// Failure describes why the last attempt failed. It is empty before the first attempt and after a 2xx answer.
	Failure string

	// Delivered reports whether an attempt was answered with 2xx.
	Delivered bool

	// GivenUp reports whether the last attempt has failed, and no other follows.
	GivenUp bool

	// History holds the attempts that are over, oldest first: the last 20.
	History []CallbackAttempt

	number int            // Its number in the ledger.
	to     *storedWebhook // The webhook as it was when the event happened.
}

// Callbacks returns every callback so far in the order of the events, including those that still wait. An event has a
// callback for each webhook that is registered for its trigger, or one for the callback URL of its message.
func (s *Server) Callbacks() []Callback { return s.current().callbacks.all() }

// WaitForCallbacks waits until every callback is delivered or given up, and every report of a script is sent. It
// returns an error if ctx ends first or the server is closed. Do not call it from a handler of Handle: it would wait for
// itself.
func (s *Server) WaitForCallbacks(ctx context.Context) error {
	if err := s.current().callbacks.workers.Wait(ctx); err != nil {
		return fmt.Errorf("conversationtest: callbacks are not delivered: %w", err)
	}
	return nil
}

// DuplicateCallbacks delivers the next count callbacks twice, in addition to those that CallbackConfig.Duplicate picks.
func (s *Server) DuplicateCallbacks(count int) { s.current().callbacks.duplicate(count) }
