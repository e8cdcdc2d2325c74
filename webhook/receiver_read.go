package webhook

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"time"
)

var (
	errReadBefore = fmt.Errorf("%w, such as a middleware or the binding of a framework: mount the receiver before it", newReason(ReasonReadBefore))
	errChanged    = fmt.Errorf("%w, such as a middleware: mount the receiver before it", newReason(ReasonChanged))
	errTooLarge   = newReason(ReasonTooLarge)
	errBrokeOff   = newReason(ReasonBrokeOff)
	errTooSlow    = newReason(ReasonTooSlow)
)

// The initial size of the buffer for a body, in bytes. Anybody can announce a large body, so a buffer for one grows as it arrives.
const (
	firstRead    = 4 << 10  // without Content-Length; most callbacks fit
	maxAnnounced = 16 << 10 // up to here, Content-Length is believed
)

// serve receives a callback, passes it to next, logs and observes the outcome, and writes the response.
func (r *Receiver) serve(w http.ResponseWriter, req *http.Request, operation string, next func(context.Context, callback) answer) {
	c := callback{header: req.Header, announced: req.ContentLength}
	result := r.observe(req.Context(), CallbackInfo{Operation: operation}, &c, func(ctx context.Context) answer {
		return r.receive(ctx, w, req, &c, next)
	})
	result.write(w)
}

// receive reads and verifies a callback, and passes it to next. What cannot be verified is answered before it is read.
func (r *Receiver) receive(
	ctx context.Context, w http.ResponseWriter, req *http.Request, c *callback, next func(context.Context, callback) answer,
) answer {
	deadlines := http.NewResponseController(w)
	_ = deadlines.SetReadDeadline(time.Now().Add(r.settings.readTimeout)) // not every server supports it
	if req.Method != http.MethodPost {
		return answer{status: http.StatusMethodNotAllowed, reason: errNotPost}
	}
	if !r.settings.unverified {
		signed, err := readSignatureHeaders(req.Header)
		if err != nil {
			return answer{status: verifyStatus(err), reason: err}
		}
		c.signed = signed
	}
	if err := r.read(w, req, c); err != nil {
		return answer{status: readStatus(err), reason: err} // the deadline stays, because the server may read the rest
	}
	_ = deadlines.SetReadDeadline(time.Time{})
	if failed, ok := r.verify(ctx, c); !ok {
		return failed
	}
	return next(ctx, *c)
}

// read reads the body, up to the limit.
func (r *Receiver) read(w http.ResponseWriter, req *http.Request, c *callback) error {
	limit := r.settings.maxBody
	if c.announced > limit {
		return fmt.Errorf("%w: %w", errTooLarge, &http.MaxBytesError{Limit: limit})
	}
	first := min(firstRead, limit+1)
	if c.announced >= 0 {
		first = min(maxAnnounced, c.announced+1) // one more byte, to see the end
	}
	body := req.Body
	if body == nil {
		body = http.NoBody
	}
	var err error
	c.read = true
	c.body, err = readAll(http.MaxBytesReader(w, body, limit), first, limit)
	switch {
	case errors.Is(err, http.ErrBodyReadAfterClose):
		return fmt.Errorf("%w: it was closed", errReadBefore)
	case err != nil:
		return brokeOff(err)
	case int64(len(c.body)) < c.announced:
		return fmt.Errorf("%w: %d of %d bytes are left", errReadBefore, len(c.body), c.announced)
	case len(c.body) == 0 && len(presentHeaders(c.header)) > 0:
		return fmt.Errorf("%w: a signed callback is not empty", errReadBefore)
	default:
		return nil
	}
}

// brokeOff returns the reason for which a body could not be read. It has no address of the client.
func brokeOff(err error) error {
	if _, tooLarge := errors.AsType[*http.MaxBytesError](err); tooLarge {
		return fmt.Errorf("%w: %w", errTooLarge, err)
	}
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return errTooSlow
	}
	if network, ok := errors.AsType[*net.OpError](err); ok {
		return fmt.Errorf("%w: %w", errBrokeOff, network.Err)
	}
	return fmt.Errorf("%w: %w", errBrokeOff, err)
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
			return buffer, err
		}
	}
}

// readStatus returns the status for a body that was not read. One that broke off may have been signed, so it is delivered
// again.
func readStatus(err error) int {
	if errors.Is(err, errTooLarge) {
		return http.StatusRequestEntityTooLarge
	}
	if errors.Is(err, errReadBefore) {
		return http.StatusInternalServerError
	}
	return http.StatusServiceUnavailable
}
