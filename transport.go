package conversation

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
)

// idleConnectionsPerHost keeps connections for bursts, since a client talks to one host.
const idleConnectionsPerHost = 128

// transport gives the base transport, and what makes requests over it: as the caller's own http.Client would.
func (c *config) transport() (http.RoundTripper, doer, error) {
	hc := &http.Client{}
	if c.httpClient != nil {
		*hc = *c.httpClient
	}
	base := hc.Transport
	if c.httpClient == nil {
		base = newTransport()
	}
	if base == nil {
		base = http.DefaultTransport
	}

	var chain http.RoundTripper = neverReplayed{base}
	for _, wrap := range slices.Backward(c.middleware) {
		if chain = wrap(chain); chain == nil {
			return nil, nil, optionError("WithMiddleware", "gave nil for a transport: return an http.RoundTripper")
		}
	}
	return base, newDoer(hc, chain), nil
}

// newTransport is the transport of a client that was given none.
func newTransport() http.RoundTripper {
	shared, ok := http.DefaultTransport.(*http.Transport)
	if !ok {
		return http.DefaultTransport
	}
	own := shared.Clone()
	own.MaxIdleConns = idleConnectionsPerHost
	own.MaxIdleConnsPerHost = idleConnectionsPerHost
	return own
}

// followNone keeps redirects unfollowed: net/http would send body and credentials to another port or subdomain.
func followNone(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// neverReplayed takes away the headers that make net/http repeat a request by itself, whoever set them.
type neverReplayed struct{ next http.RoundTripper }

func (t neverReplayed) RoundTrip(req *http.Request) (*http.Response, error) {
	for _, name := range []string{"Idempotency-Key", "X-Idempotency-Key"} {
		if _, set := req.Header[name]; set {
			req = req.Clone(req.Context())
			req.Header.Del(name)
		}
	}
	return t.next.RoundTrip(req)
}

// readableRedirects drops a Location that is no URL, which would make net/http hide the reply behind an error.
type readableRedirects struct{ next http.RoundTripper }

func (t readableRedirects) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := t.next.RoundTrip(req)
	if err != nil || resp == nil {
		return resp, err
	}
	if location := resp.Header.Get("Location"); location != "" {
		if _, err := req.URL.Parse(location); err != nil {
			resp.Header.Del("Location")
		}
	}
	return resp, nil
}

// reply is an HTTP response that was read as far as it could be.
type reply struct {
	status   int
	header   http.Header
	body     []byte
	problem  string // why the body is not whole
	cause    error  // the network error behind problem, if one is
	replayed bool   // net/http had sent the request before, and this answers the last of its tries
}

// sendError is a request that got no reply.
type sendError struct {
	err     error
	notSent bool
}

// errAttemptTimeout is why an attempt ended before its context did.
var errAttemptTimeout = &attemptTimeoutError{}

type attemptTimeoutError struct{}

func (*attemptTimeoutError) Error() string { return "timeout: no reply within the time of one attempt" }

func (*attemptTimeoutError) Timeout() bool { return true }

func (*attemptTimeoutError) Is(target error) bool { return target == context.DeadlineExceeded }

// exchange makes one request and reads its reply.
func (c *Client) exchange(ctx context.Context, run *progress, body []byte, header http.Header) (*reply, *sendError) {
	ctx, cancel := context.WithTimeoutCause(ctx, run.cfg.timeout, errAttemptTimeout)
	defer cancel()

	var trace connTrace
	req, err := http.NewRequestWithContext(trace.follow(ctx), run.call.method, run.url, bodyReader(body))
	if err != nil {
		return nil, &sendError{err: withoutURL(err), notSent: true}
	}
	req.Header = header
	if !run.call.replayable(run.cfg.retry) {
		req.GetBody = nil
	}

	resp, err := c.http.Do(req)
	if err != nil {
		return nil, &sendError{err: attemptCause(ctx, withoutURL(err)), notSent: trace.notSent() || refusedUnread(err)}
	}
	defer func() { _ = resp.Body.Close() }()
	got := c.read(ctx, resp)
	got.replayed = trace.tries.Load() > 1
	return got, nil
}

// bodyReader is nil for no body, so that no Content-Length is sent where none belongs.
func bodyReader(body []byte) io.Reader {
	if body == nil {
		return nil
	}
	return bytes.NewReader(body)
}

// maxErrorBytes bounds the body of a reply that is not a 2xx.
const maxErrorBytes = 1 << 20

// read takes in the reply to its end or its limit. A connection whose reply was read to the end is used again.
func (c *Client) read(ctx context.Context, resp *http.Response) *reply {
	got := &reply{status: resp.StatusCode, header: resp.Header}
	limit := c.maxResponseBytes
	if outcomeOfStatus(resp.StatusCode) != OutcomeAccepted {
		limit = min(limit, maxErrorBytes)
	}
	body, err := readAll(resp, limit+1)
	switch {
	case err != nil:
		got.problem = "the reply broke off"
		got.cause = attemptCause(ctx, err)
	case int64(len(body)) > limit:
		body = body[:limit]
		got.problem = "the reply is larger than the limit: raise it with WithMaxResponseBytes if it is meant to be"
	}
	got.body = body
	return got
}

// readAll reads a body to its end or limit, into a buffer of the right size if the reply says how long it is.
func readAll(resp *http.Response, limit int64) ([]byte, error) {
	body := io.LimitReader(resp.Body, limit)
	if resp.ContentLength < 0 {
		return io.ReadAll(body)
	}
	// One byte more than needed, to see the end; not more than a lie about the length may cost.
	text := make([]byte, 0, min(resp.ContentLength, limit, maxErrorBytes)+1)
	for {
		n, err := body.Read(text[len(text):cap(text)])
		text = text[:len(text)+n]
		if err == io.EOF { // not a wrapped one, as in io.ReadAll
			return text, nil
		}
		if err != nil {
			return text, err
		}
		if len(text) == cap(text) {
			text = slices.Grow(text, bytes.MinRead)
		}
	}
}

// withoutURL takes the URL, which holds ids, off an error of net/http.
func withoutURL(err error) error {
	for {
		wrapped, ok := errors.AsType[*url.Error](err)
		if !ok {
			return err
		}
		err = wrapped.Err
	}
}

// attemptCause makes the error of a context that ended say so: as errAttemptTimeout when it was the attempt's time that
// ran out, else as the context's own error.
func attemptCause(ctx context.Context, err error) error {
	switch {
	case ctx.Err() == nil:
		return err
	case errors.Is(context.Cause(ctx), errAttemptTimeout):
		return errAttemptTimeout
	default:
		return contextError(ctx)
	}
}

// contextError is the error of a context that ended, with the cause that its owner gave.
func contextError(ctx context.Context) error {
	if cause := context.Cause(ctx); !errors.Is(cause, ctx.Err()) {
		return fmt.Errorf("%w: %w", ctx.Err(), cause)
	}
	return ctx.Err()
}
