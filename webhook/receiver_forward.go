package webhook

import (
	"context"
	"errors"
	"net/http"
)

// errNoEvent says that [Receiver.Handle] got nothing to handle.
var errNoEvent = errors.New("webhook: Handle: the event is nil: pass what Parse gave")

// Forward gives a handler that checks callbacks as the receiver does, and hands their bytes to f in place of the functions of
// [On] and [OnAny]. It is for those who keep callbacks first, in a queue or a table, and handle them later with
// [Parse] and [Receiver.Handle]. The body is f's to keep. The header is that of the request, and only to be read.
//
// It answers 200 when f gives no error. When f fails or panics it answers 503 with Retry-After, so that Sinch delivers the
// callback again. All else is as [Receiver] says: the limits, the log, and the 503 when more functions run than
// [WithMaxConcurrent] allows, which counts those of all handlers of the receiver. Two things are not done: bodies are not parsed,
// so that none that Sinch signed is refused; and copies are not told apart, so that f gets each of them. Forward panics if f
// is nil.
func (r *Receiver) Forward(f func(ctx context.Context, body []byte, header http.Header) error) http.Handler {
	check("webhook: Forward", r, f == nil)
	next := func(ctx context.Context, c callback) answer {
		return r.inSlot(nil, func() answer {
			return guard(http.StatusServiceUnavailable, nil, func() error { return f(ctx, c.body, c.header) })
		})
	}
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) { r.serve(w, req, next) })
}

// Handle runs the function for an event, for those who verified its callback and kept it elsewhere: see
// [Receiver.Forward]. It gives the error of the function, wrapped; a panic becomes an error. An event without a function is no
// error. What became of the event is logged as that of a callback is, with the status that it would have been answered with.
// Handle checks no signature, does not tell copies apart, and is not bound by [WithMaxConcurrent].
func (r *Receiver) Handle(ctx context.Context, event Event) error {
	if event == nil {
		return errNoEvent
	}
	result := r.run(ctx, event)
	r.log(ctx, result)
	return result.reason
}
