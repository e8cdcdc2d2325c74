package webhook

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"reflect"
	"runtime/debug"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/internal/redact"
)

// Reasons for responses, besides those of Verify and Parse.
var (
	errNotPost          = newReason(ReasonNotPost)
	errTooManyRunning   = newReason(ReasonTooManyRunning)
	errInFlight         = newReason(ReasonInFlight)
	errHandledBefore    = newReason(ReasonHandledBefore)
	errAnotherApp       = newReason(ReasonAnotherApp)
	errDeduper          = newReason(ReasonDeduper)
	errFunctionFailed   = newReason(ReasonFunctionFailed)
	errFunctionPanicked = newReason(ReasonFunctionPanicked)
)

// retryAfter is the Retry-After header of a 503, in seconds.
const retryAfter = "5"

// Receiver is an [http.Handler] for the callbacks of an app. Create it with [NewReceiver], register handlers with [On] and
// [OnAny], and mount it at the target of the webhook. It is safe for concurrent use.
//
// It responds with:
//
//   - 200 if the handler returned nil, if no handler is registered, or if a duplicate was handled before
//   - 400 if the signature headers are malformed, or the body is not a callback
//   - 401 if the callback is not signed with one of the secrets
//   - 405 if the method is not POST
//   - 413 if the body is larger than [WithMaxBody]
//   - 500 if the handler returned an error or panicked, or if something read or changed the body before the receiver, such
//     as a middleware or the binding of a framework
//   - 503 with Retry-After if the callback cannot be handled now: it is signed, but too old or dated in the future, so a
//     clock is wrong; the body breaks off or arrives too slowly; too many handlers are running; a duplicate is being
//     handled; or the [Deduper] or the function of [WithAppSecrets] failed
//
// A request with another method, with missing or malformed signature headers or with a Content-Length above [WithMaxBody] is
// answered before its body is read.
//
// Sinch redelivers a callback after 500 and 503; consider it lost after 4xx, since no document says that it is redelivered.
// The handler does not run again for a callback that it handled without an error, as long as the [Deduper] remembers its
// body; it does run again after an error. Handlers must still be idempotent: the process may crash after a handler has run
// and before the response is written.
type Receiver struct {
	settings settings
	slots    chan struct{} // has an element for each function that is running
	handlers handlers
}

// NewReceiver returns a receiver. It requires the secret of the webhook ([WithSecret]), the secrets of several apps
// ([WithAppSecrets]), or [WithoutVerification].
//
// NewReceiver returns all errors of the options together: a [*conversation.ArgumentError] for each option that is not
// valid, and [ErrNoSecret] if there is no secret.
func NewReceiver(opts ...ReceiverOption) (*Receiver, error) {
	chosen, err := choose(opts)
	if err != nil {
		return nil, err
	}
	if chosen.deduper == nil {
		chosen.deduper = NewMemoryDeduper(defaultKeys)
	}
	return &Receiver{
		settings: chosen,
		slots:    make(chan struct{}, chosen.maxConcurrent),
		handlers: handlers{byType: map[reflect.Type]func(context.Context, Event) error{}},
	}, nil
}

// answer is the response to a callback, and the reason for it.
type answer struct {
	status  int
	event   Event                       // nil if the body was not parsed
	trigger conversation.WebhookTrigger // the trigger of a body that was forwarded, for observers
	reason  error                       // nil if the callback was handled
	stack   string                      // the stack of a panic
	failed  bool                        // whether a function or the deduper of the user failed
}

// ServeHTTP implements [http.Handler].
func (r *Receiver) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	r.serve(w, req, operationServe, r.decide)
}

// callback is a request. Its fields are set as it passes the checks.
type callback struct {
	header    http.Header
	announced int64 // Content-Length, or -1
	body      []byte
	read      bool // whether the body was read, at least in part
	signed    signatureHeaders
	appID     string // whose secrets the signature was checked with; empty without WithAppSecrets
}

// decide parses a callback and runs its handler.
func (r *Receiver) decide(ctx context.Context, c callback) answer {
	event, mistyped, err := parse(c.body)
	if err != nil {
		return answer{status: http.StatusBadRequest, reason: err}
	}
	if c.appID != "" && event.Meta().AppID != c.appID {
		return answer{status: http.StatusBadRequest, reason: errAnotherApp}
	}
	r.logMistyped(ctx, event, mistyped)
	ctx = r.parsed(ctx, operationServe, event)
	return r.inSlot(event, func() answer { return r.once(ctx, c, event) })
}

// inSlot calls f unless too many functions are running. It is called after the signature was verified, so that requests
// without a signature use no slots.
func (r *Receiver) inSlot(event Event, f func() answer) answer {
	select {
	case r.slots <- struct{}{}:
		defer func() { <-r.slots }()
		return f()
	default:
		return answer{status: http.StatusServiceUnavailable, event: event, reason: errTooManyRunning}
	}
}

// once runs the handler of an event unless a duplicate of the callback was handled or is being handled.
func (r *Receiver) once(ctx context.Context, c callback, event Event) answer {
	if r.settings.unverified {
		return r.run(ctx, event)
	}
	key := DeduperKey(c.body)
	var state State
	err := caught(func() (err error) {
		state, err = r.settings.deduper.Begin(ctx, key, c.signed.at().Add(r.settings.window.maxAge))
		return err
	})
	switch {
	case err != nil:
		return answer{status: http.StatusServiceUnavailable, event: event, failed: true, reason: fmt.Errorf("%w.Begin: %w", errDeduper, err)}
	case state == StateCommitted:
		return answer{status: http.StatusOK, event: event, reason: errHandledBefore}
	case state == StateInFlight:
		return answer{status: http.StatusServiceUnavailable, event: event, reason: errInFlight}
	case state != StateNew:
		return answer{status: http.StatusServiceUnavailable, event: event, failed: true, reason: fmt.Errorf("%w.Begin returned %s", errDeduper, state)}
	}
	committed := false
	defer func() { r.done(context.WithoutCancel(ctx), key, committed) }() // even if the handler calls runtime.Goexit
	result := r.run(ctx, event)
	committed = result.status == http.StatusOK
	return result
}

// run runs the handler of an event.
func (r *Receiver) run(ctx context.Context, event Event) answer {
	return guard(http.StatusInternalServerError, event, func() error { return r.handlers.handle(ctx, event) })
}

// guard calls a function of the user. If it returns an error or panics, the status of the answer is failed.
func guard(failed int, event Event, f func() error) (result answer) {
	defer func() {
		if value := recover(); value != nil {
			result = answer{
				status: failed, event: event, failed: true,
				reason: fmt.Errorf("%w: %v", errFunctionPanicked, value), stack: string(debug.Stack()),
			}
		}
	}()
	if err := f(); err != nil {
		return answer{status: failed, event: event, failed: true, reason: fmt.Errorf("%w: %w", errFunctionFailed, err)}
	}
	return answer{status: http.StatusOK, event: event}
}

// done reports the end of a handler to the deduper. An error of the deduper is logged and does not change the response.
func (r *Receiver) done(ctx context.Context, key string, committed bool) {
	if err := caught(func() error { return r.settings.deduper.Done(ctx, key, committed) }); err != nil {
		r.settings.logger.LogAttrs(ctx, slog.LevelError, "webhook: Deduper.Done failed",
			slog.Bool("committed", committed), slog.String("error", redact.OneLine(fmt.Sprint(err))))
	}
}

// caught calls f, and turns a panic into an error.
func caught(f func() error) (err error) {
	defer func() {
		if value := recover(); value != nil {
			err = fmt.Errorf("it panicked: %v", value)
		}
	}()
	return f()
}

// write writes the response: the status and its standard text, so that the sender learns nothing else.
func (a answer) write(w http.ResponseWriter) {
	switch a.status {
	case http.StatusOK:
		w.WriteHeader(a.status)
		return
	case http.StatusMethodNotAllowed:
		w.Header().Set("Allow", http.MethodPost)
	case http.StatusServiceUnavailable:
		w.Header().Set("Retry-After", retryAfter)
	}
	http.Error(w, http.StatusText(a.status), a.status)
}
