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

// What is wrong with a callback that is rightly signed, or never came that far.
var (
	errNotPost       = errors.New("webhook: the method is not POST")
	errTooManyAtOnce = errors.New("webhook: as many functions run as WithMaxConcurrent allows")
	errInFlight      = errors.New("webhook: the function of another copy is running")
	errHandledBefore = errors.New("webhook: a copy was handled before")
)

// firstRead is the size of the buffer that a body is read into at first, in bytes, unless less was announced. Most callbacks
// fit.
const firstRead = 4 << 10

// retryAfter is how many seconds Sinch is asked to wait when a callback cannot be decided now.
const retryAfter = "5"

// Receiver is the [http.Handler] for the callbacks of an app. Make one with [NewReceiver], add functions with [On] and
// [OnAny], and mount it at the target of the webhook. It is safe for any number of goroutines.
//
// It answers:
//
//   - 200 when the function gave no error, when there is none, and when a copy was handled before
//   - 400 when the signature headers make no sense, or the body is no callback or could not be read
//   - 401 when the callback is not signed with one of the secrets, or was signed too long ago or in the future
//   - 405 when the method is not POST
//   - 413 when the body is larger than [WithMaxBody]
//   - 500 when the function failed or panicked
//   - 503 with Retry-After when it cannot be decided now: the body comes too slowly, too many functions run, another copy is
//     being handled, or the [Deduper] fails
//
// Sinch delivers a callback again after 500 and 503, and never after the others. The function is not run again for a
// callback that it handled without an error, as far as the memory of the [Deduper] goes; one that failed is run again.
// So a function must still bear to be run twice: the process may end between what it did and the answer.
type Receiver struct {
	settings settings
	slots    chan struct{} // holds one element for each function that runs
	handlers handlers
}

// NewReceiver makes a receiver. It needs the secret of the webhook ([WithSecret]), or [WithoutVerification]. All that is
// wrong with the options is reported together; a missing secret is [ErrNoSecret].
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

// answer is what becomes of a callback.
type answer struct {
	status int
	event  Event  // nil when it did not come so far
	reason error  // for the log
	stack  string // of a panic
}

// ServeHTTP implements [http.Handler].
func (r *Receiver) ServeHTTP(w http.ResponseWriter, req *http.Request) { r.serve(w, req, r.decide) }

// callback is a request whose signature was checked.
type callback struct {
	body   []byte
	header http.Header
	signed seal
}

// serve takes a callback through every step, answers it, and logs what became of it.
func (r *Receiver) serve(w http.ResponseWriter, req *http.Request, next func(context.Context, callback) answer) {
	result := r.receive(w, req, next)
	r.log(req.Context(), result)
	result.write(w)
}

// receive reads and verifies a callback, and leaves the rest to next.
func (r *Receiver) receive(w http.ResponseWriter, req *http.Request, next func(context.Context, callback) answer) answer {
	deadlines := http.NewResponseController(w)
	_ = deadlines.SetReadDeadline(time.Now().Add(r.settings.readTimeout)) // not every server can
	if req.Method != http.MethodPost {
		return answer{status: http.StatusMethodNotAllowed, reason: errNotPost}
	}
	body, err := r.read(w, req)
	if err != nil {
		return answer{status: readStatus(err), reason: err} // the deadline stays: the server may read on
	}
	_ = deadlines.SetReadDeadline(time.Time{})
	signed, err := r.verify(body, req.Header)
	if err != nil {
		return answer{status: verifyStatus(err), reason: err}
	}
	return next(req.Context(), callback{body: body, header: req.Header, signed: signed})
}

// decide runs the function of a callback.
func (r *Receiver) decide(ctx context.Context, c callback) answer {
	event, err := Parse(c.body)
	if err != nil {
		return answer{status: http.StatusBadRequest, reason: err}
	}
	return r.inSlot(event, func() answer { return r.once(ctx, c.signed, event) })
}

// inSlot calls f unless too many functions run. They are counted after the signature was checked, so that senders
// without one cannot take the place of Sinch.
func (r *Receiver) inSlot(event Event, f func() answer) answer {
	select {
	case r.slots <- struct{}{}:
		defer func() { <-r.slots }()
		return f()
	default:
		return answer{status: http.StatusServiceUnavailable, event: event, reason: errTooManyAtOnce}
	}
}

// read reads the body, never more than is allowed.
func (r *Receiver) read(w http.ResponseWriter, req *http.Request) ([]byte, error) {
	if req.ContentLength > r.settings.maxBody {
		return nil, &http.MaxBytesError{Limit: r.settings.maxBody}
	}
	first := min(firstRead, r.settings.maxBody+1)
	if req.ContentLength >= 0 {
		first = min(first, req.ContentLength+1) // one more, to find the end
	}
	return readAll(http.MaxBytesReader(w, req.Body, r.settings.maxBody), first, r.settings.maxBody)
}

// readAll is [io.ReadAll] with a buffer of a given size at first, which is never larger than the limit, nor more than twice
// as large as what came.
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

// verify gives the seal of a callback that was signed with one of the secrets; an empty one when nothing is verified.
func (r *Receiver) verify(body []byte, header http.Header) (seal, error) {
	if r.settings.unverified {
		return seal{}, nil
	}
	given, err := readSeal(header)
	if err != nil {
		return seal{}, err
	}
	fits := false
	for _, secret := range r.settings.secrets {
		fits = given.fits(body, secret()) || fits // all are tried, so that the time does not tell which one fits
	}
	if !fits {
		return seal{}, ErrBadSignature
	}
	return given, r.settings.window.check(given.at())
}

func verifyStatus(err error) int {
	if errors.Is(err, ErrMalformed) {
		return http.StatusBadRequest
	}
	return http.StatusUnauthorized
}

// once runs the function of an event unless a copy of the callback was handled or is being handled.
func (r *Receiver) once(ctx context.Context, signed seal, event Event) answer {
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
		return answer{status: http.StatusServiceUnavailable, event: event, reason: fmt.Errorf("webhook: Deduper.Begin gave %s", state)}
	}
	committed := false
	defer func() { r.done(context.WithoutCancel(ctx), signed.nonce, committed) }() // even if the function ends the goroutine
	result := r.run(ctx, event)
	committed = result.status == http.StatusOK
	return result
}

// run runs the function of an event.
func (r *Receiver) run(ctx context.Context, event Event) answer {
	return guard(http.StatusInternalServerError, event, func() error { return r.handlers.handle(ctx, event) })
}

// guard calls a function of the user. An error or a panic of it is answered with the status.
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

// done ends the flight of a nonce. What the function did stands if that fails.
func (r *Receiver) done(ctx context.Context, nonce string, committed bool) {
	if err := r.settings.deduper.Done(ctx, nonce, committed); err != nil {
		r.settings.logger.LogAttrs(ctx, slog.LevelError, "webhook: Deduper.Done failed",
			slog.Bool("committed", committed), slog.String("error", redact.OneLine(fmt.Sprint(err))))
	}
}

// write sends the status and its fixed text. Nothing else is told to whoever called.
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
