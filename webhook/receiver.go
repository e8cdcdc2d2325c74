package webhook

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"reflect"
	"runtime/debug"
	"time"

	"github.com/sinchgo/conversation/internal/redact"
)

// Reasons for responses, besides those of Verify and Parse.
var (
	errNotPost        = errors.New("webhook: the method is not POST")
	errTooManyRunning = errors.New("webhook: as many functions are running as WithMaxConcurrent allows")
	errInFlight       = errors.New("webhook: a duplicate is being handled")
	errHandledBefore  = errors.New("webhook: a duplicate was handled before")
)

// firstRead is the initial size of the buffer for a body, in bytes, unless Content-Length is smaller. Most callbacks fit.
const firstRead = 4 << 10

// retryAfter is the Retry-After header of a 503, in seconds.
const retryAfter = "5"

// Receiver is an [http.Handler] for the callbacks of an app. Create it with [NewReceiver], register handlers with [On] and
// [OnAny], and mount it at the target of the webhook. It is safe for concurrent use.
//
// It responds with:
//
//   - 200 if the handler returned nil, if no handler is registered, or if a duplicate was handled before
//   - 400 if the signature headers are malformed, or the body is not a callback or could not be read
//   - 401 if the callback is not signed with one of the secrets, is too old, or is dated in the future
//   - 405 if the method is not POST
//   - 413 if the body is larger than [WithMaxBody]
//   - 500 if the handler returned an error or panicked
//   - 503 with Retry-After if the callback cannot be handled now: the body arrives too slowly, too many handlers are running,
//     a duplicate is being handled, or the [Deduper] failed
//
// Sinch redelivers a callback after 500 and 503, and never after the others. The handler does not run again for a callback
// that it handled without an error, as long as the [Deduper] remembers it; it does run again after an error. Handlers must
// still be idempotent: the process may crash after a handler has run and before the response is written.
type Receiver struct {
	settings settings
	slots    chan struct{} // has an element for each function that is running
	handlers handlers
}

// NewReceiver returns a receiver. It requires the secret of the webhook ([WithSecret]), or [WithoutVerification].
//
// NewReceiver returns all errors of the options together: a [*conversation.ArgumentError] for each option that is not
// valid, and [ErrNoSecret] if there is no secret.
func NewReceiver(opts ...ReceiverOption) (*Receiver, error) {
	chosen, err := choose(opts)
	if err != nil {
		return nil, err
	}
	if chosen.deduper == nil {
		memory := NewNonceMemory(defaultNonces)
		memory.Now = chosen.window.now
		chosen.deduper = memory
	}
	return &Receiver{
		settings: chosen,
		slots:    make(chan struct{}, chosen.maxConcurrent),
		handlers: handlers{byType: map[reflect.Type]func(context.Context, Event) error{}},
	}, nil
}

// answer is the response to a callback, and the reason for it.
type answer struct {
	status int
	event  Event  // nil if the body was not parsed
	reason error  // nil if the callback was handled
	stack  string // the stack of a panic
}

// ServeHTTP implements [http.Handler].
func (r *Receiver) ServeHTTP(w http.ResponseWriter, req *http.Request) { r.serve(w, req, r.decide) }

// callback is a verified request.
type callback struct {
	body   []byte
	header http.Header
	signed signatureHeaders
}

// serve receives a callback, passes it to next, logs the outcome and writes the response.
func (r *Receiver) serve(w http.ResponseWriter, req *http.Request, next func(context.Context, callback) answer) {
	result := r.receive(w, req, next)
	r.log(req.Context(), result)
	result.write(w)
}

// receive reads and verifies a callback, and passes it to next.
func (r *Receiver) receive(w http.ResponseWriter, req *http.Request, next func(context.Context, callback) answer) answer {
	deadlines := http.NewResponseController(w)
	_ = deadlines.SetReadDeadline(time.Now().Add(r.settings.readTimeout)) // not every server supports it
	if req.Method != http.MethodPost {
		return answer{status: http.StatusMethodNotAllowed, reason: errNotPost}
	}
	body, err := r.read(w, req)
	if err != nil {
		return answer{status: readStatus(err), reason: err} // the deadline stays, because the server may read the rest
	}
	_ = deadlines.SetReadDeadline(time.Time{})
	signed, err := r.verify(body, req.Header)
	if err != nil {
		return answer{status: verifyStatus(err), reason: err}
	}
	return next(req.Context(), callback{body: body, header: req.Header, signed: signed})
}

// decide parses a callback and runs its handler.
func (r *Receiver) decide(ctx context.Context, c callback) answer {
	event, mistyped, err := parse(c.body)
	if err != nil {
		return answer{status: http.StatusBadRequest, reason: err}
	}
	r.logMistyped(ctx, event, mistyped)
	return r.inSlot(event, func() answer { return r.once(ctx, c.signed, event) })
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

// read reads the body, up to the limit.
func (r *Receiver) read(w http.ResponseWriter, req *http.Request) ([]byte, error) {
	if req.ContentLength > r.settings.maxBody {
		return nil, &http.MaxBytesError{Limit: r.settings.maxBody}
	}
	first := min(firstRead, r.settings.maxBody+1)
	if req.ContentLength >= 0 {
		first = min(first, req.ContentLength+1) // one more byte, to see the end
	}
	return readAll(http.MaxBytesReader(w, req.Body, r.settings.maxBody), first, r.settings.maxBody)
}

// readAll is [io.ReadAll] with a buffer of the initial size first. The buffer is never larger than limit+1, nor more than
// twice as large as the body.
func readAll(body io.Reader, first, limit int64) ([]byte, error) {
	buffer := make([]byte, 0, first)
	for {
		if len(buffer) == cap(buffer) {
			larger := make([]byte, len(buffer), min(2*int64(cap(buffer)), limit+1))
			copy(larger, buffer)
			buffer = larger
		}
		n, err := body.Read(buffer[len(buffer):cap(buffer)])
		buffer = buffer[:len(buffer)+n]
		if errors.Is(err, io.EOF) {
			return buffer, nil
		}
		if err != nil {
			return nil, err
		}
	}
}

func readStatus(err error) int {
	if _, tooLarge := errors.AsType[*http.MaxBytesError](err); tooLarge {
		return http.StatusRequestEntityTooLarge
	}
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return http.StatusServiceUnavailable
	}
	return http.StatusBadRequest
}

// verify returns the signature headers of a callback that was signed with one of the secrets. They are empty if the receiver
// does not verify.
func (r *Receiver) verify(body []byte, header http.Header) (signatureHeaders, error) {
	if r.settings.unverified {
		return signatureHeaders{}, nil
	}
	given, err := readSignatureHeaders(header)
	if err != nil {
		return signatureHeaders{}, err
	}
	matches := false
	for _, secret := range r.settings.secrets { // all of them, so that the time does not depend on which one matches
		matches = given.matches(body, secret()) || matches
	}
	if !matches {
		return signatureHeaders{}, ErrBadSignature
	}
	return given, r.settings.window.check(given.at())
}

func verifyStatus(err error) int {
	if errors.Is(err, ErrMalformed) {
		return http.StatusBadRequest
	}
	return http.StatusUnauthorized
}

// once runs the handler of an event unless a duplicate of the callback was handled or is being handled.
func (r *Receiver) once(ctx context.Context, signed signatureHeaders, event Event) answer {
	if r.settings.unverified {
		return r.run(ctx, event)
	}
	state, err := r.settings.deduper.Begin(ctx, signed.nonce, signed.at().Add(r.settings.window.maxAge))
	switch {
	case err != nil:
		return answer{status: http.StatusServiceUnavailable, event: event, reason: fmt.Errorf("webhook: Deduper.Begin: %w", err)}
	case state == StateCommitted:
		return answer{status: http.StatusOK, event: event, reason: errHandledBefore}
	case state == StateInFlight:
		return answer{status: http.StatusServiceUnavailable, event: event, reason: errInFlight}
	case state != StateNew:
		return answer{status: http.StatusServiceUnavailable, event: event, reason: fmt.Errorf("webhook: Deduper.Begin returned %s", state)}
	}
	committed := false
	defer func() { r.done(context.WithoutCancel(ctx), signed.nonce, committed) }() // even if the handler calls runtime.Goexit
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
				status: failed, event: event,
				reason: fmt.Errorf("webhook: the function panicked: %v", value), stack: string(debug.Stack()),
			}
		}
	}()
	if err := f(); err != nil {
		return answer{status: failed, event: event, reason: fmt.Errorf("webhook: the function failed: %w", err)}
	}
	return answer{status: http.StatusOK, event: event}
}

// done reports the end of a handler to the deduper. An error of the deduper is logged and does not change the response.
func (r *Receiver) done(ctx context.Context, nonce string, committed bool) {
	if err := r.settings.deduper.Done(ctx, nonce, committed); err != nil {
		r.settings.logger.LogAttrs(ctx, slog.LevelError, "webhook: Deduper.Done failed",
			slog.Bool("committed", committed), slog.String("error", redact.OneLine(fmt.Sprint(err))))
	}
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
