package conversationtest

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/sinchgo/conversation"
)

// CallbackConfig says how events are delivered to webhooks. In the zero value every field has its default.
type CallbackConfig struct {
	// MaxAttempts is how often a callback is tried before it is given up. Zero: 5.
	MaxAttempts int

	// RetryDelay is the time from a failed first attempt to the second. It doubles with each attempt, up to an hour.
	// Zero: 5 seconds.
	RetryDelay time.Duration

	// Timeout is how long an attempt may take. Zero: 10 seconds.
	Timeout time.Duration

	// Rate is the most callbacks of an app in any second, attempts that fail included. Zero: 25. Below zero: no limit.
	Rate int

	// SignAgain gives each attempt a new nonce, time and signature. By default a callback keeps its first.
	SignAgain bool

	// Parallel lets the callbacks of a webhook run at the same time. By default each waits for the one before to be
	// answered, so that they arrive in the order of the events, save those that are tried again.
	Parallel bool

	// Duplicate is the part of callbacks, from 0 to 1, that is delivered twice, with the same nonce unless SignAgain is set.
	Duplicate float64

	// Reorder holds each callback back for a random time shorter than this, so that callbacks of events that are closer
	// together may arrive in another order.
	Reorder time.Duration

	// Seed chooses which callbacks Duplicate and Reorder pick.
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

// Callback is an event on its way to a webhook. Its header and body are shared: read it, do not change it.
type Callback struct {
	// WebhookID is the id of the webhook.
	WebhookID string

	// Trigger is the kind of event.
	Trigger conversation.WebhookTrigger

	// Target is the URL that is called.
	Target string

	// Body is the JSON that is posted.
	Body json.RawMessage

	// Duplicate says that this is the second delivery of a callback that Config or DuplicateCallbacks asks for.
	Duplicate bool

	// Header is the header of the last attempt, with the signature if the webhook has a secret.
	Header http.Header

	// Time is when the last attempt began, by Config.Clock.
	Time time.Time

	// Attempts is how often the callback was tried so far.
	Attempts int

	// Status is the status code of the last attempt, 0 when there was no answer.
	Status int

	// Failure says why the last attempt failed. It is empty before the first and after one that was answered with 2xx.
	Failure string

	// Delivered says that an attempt was answered with 2xx.
	Delivered bool
}

// Callbacks gives every callback so far, in the order of the events, those that still wait included. An event has one for
// each webhook that its trigger is asked for by.
func (s *Server) Callbacks() []Callback { return s.callbacks.all() }

// WaitForCallbacks waits until every callback is delivered or given up, and every report of Config.Script is made. It is
// an error of the context when that ends first, and an error when the server is closed. Do not call it from a handler of
// Handle: it would wait for itself.
func (s *Server) WaitForCallbacks(ctx context.Context) error {
	if err := s.callbacks.workers.Wait(ctx); err != nil {
		return fmt.Errorf("conversationtest: callbacks are not delivered: %w", err)
	}
	return nil
}

// DuplicateCallbacks lets the next count callbacks be delivered twice, in addition to those that Config asks for.
func (s *Server) DuplicateCallbacks(count int) { s.callbacks.duplicate(count) }
