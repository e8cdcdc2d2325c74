package webhook

import (
	"context"
	"errors"
	"net/http"
)

// errNoEvent is returned by [Receiver.Handle] if the event is nil.
var errNoEvent = errors.New("webhook: Handle: the event is nil: pass the one that Parse returned")

// Forward returns a handler that verifies callbacks as the receiver does, and passes their bytes to f instead of calling
// the handlers of [On] and [OnAny]. It is for programs that store callbacks first, in a queue or a table, and handle them
// later with [Parse] and [Receiver.Handle]; see [PartitionKey]. f may keep the body. The header is that of the request, and
// f must not change it.
//
// The handler responds with 200 if f returns nil. If f returns an error or panics, it responds with 503 and Retry-After, so
// that Sinch redelivers the callback. All else is as for [Receiver]: the limits, the log, and the 503 when more functions
// are running than [WithMaxConcurrent] allows, which counts those of all handlers of the receiver. There are two
// differences. Bodies are not parsed, so nothing that Sinch signed is rejected, except that [WithAppSecrets] needs an app_id.
// Callbacks are not deduplicated, so f gets every duplicate; they share a [DeduperKey]. Forward panics if f is nil.
func (r *Receiver) Forward(f func(ctx context.Context, body []byte, header http.Header) error) http.Handler {
	check("webhook: Forward", r, f == nil)
	next := func(ctx context.Context, c callback) answer {
		result := r.inSlot(nil, func() answer {
			return guard(http.StatusServiceUnavailable, nil, func() error { return f(ctx, c.body, c.header) })
		})
		if len(r.settings.observers) > 0 {
			result.trigger = triggerOf(c.body)
		}
		return result
	}
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) { r.serve(w, req, operationForward, next) })
}

// Handle runs the handler of an event whose callback was verified and stored before: see [Receiver.Forward]. It returns the
// error of the handler, wrapped; a panic becomes an error. If the event has no handler, Handle returns nil. It logs the
// outcome with the status code that the callback would have been answered with. Handle does not verify signatures, does not
// deduplicate, and ignores [WithMaxConcurrent].
func (r *Receiver) Handle(ctx context.Context, event Event) error {
	if event == nil {
		return errNoEvent
	}
	info := CallbackInfo{Operation: operationHandle, Trigger: event.Trigger()}
	result := r.observe(ctx, info, nil, func(ctx context.Context) answer {
		return r.run(r.parsed(ctx, operationHandle, event), event)
	})
	return result.reason
}
