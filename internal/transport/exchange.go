// Package transport makes a single HTTP request and reads its reply, and reports whether a failed request can have left
// this machine.
package transport

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"time"
)

// Request is one attempt of a call.
type Request struct {
	Method     string
	URL        string
	Header     http.Header
	Body       []byte        // nil for none
	Timeout    time.Duration // from connecting to the last byte of the reply
	MaxBytes   int64         // size limit of the reply
	Replayable bool          // net/http may send the request again by itself
	Recover    bool          // a panic is a failure
	Attempt    Attempt       // what the context of the request describes
}

// Reply is an HTTP response, read as far as possible.
type Reply struct {
	Status   int
	Header   http.Header
	Body     []byte
	Problem  string // why the body is incomplete or unreadable
	Cause    error  // the network error behind Problem, if there is one
	Replayed bool   // net/http sent the request before; this is the reply to the last time
}

// RequestID returns the id that the server assigned to the request, or "".
func (r *Reply) RequestID() string { return RequestID(r.Header) }

// RequestID returns the id of a request from the headers of its reply, or "".
func RequestID(header http.Header) string {
	if id := header.Get("X-Request-Id"); id != "" {
		return id
	}
	return header.Get("X-Correlation-Id")
}

// OK reports whether the status is a 2xx.
func (r *Reply) OK() bool { return isOK(r.Status) }

// Failure is the result of a request without a reply.
type Failure struct {
	Err     error
	NotSent bool // it is proven that nothing was sent
}

// Exchange makes one request and reads its reply.
func Exchange(ctx context.Context, client Doer, send *Request) (_ *Reply, failed *Failure) {
	ctx, trace, end := begin(ctx, send.Timeout, send.Attempt)
	defer end()
	defer func() {
		if !send.Recover {
			return
		}
		if value := recover(); value != nil {
			failed = &Failure{Err: Recovered(value), NotSent: trace.notSent()}
		}
	}()
	req, err := http.NewRequestWithContext(ctx, send.Method, send.URL, bodyReader(send.Body))
	if err != nil {
		return nil, &Failure{Err: WithoutURL(err), NotSent: true}
	}
	req.Header = send.Header
	if !send.Replayable {
		req.GetBody = nil
	}

	resp, err := client.Do(req)
	if err != nil {
		return nil, &Failure{Err: AttemptCause(ctx, WithoutURL(err)), NotSent: trace.notSent() || refusedUnread(err)}
	}
	dropUpgrade(resp) // it may be of middleware
	defer func() { _ = resp.Body.Close() }()
	got := read(ctx, resp, send.MaxBytes)
	got.Replayed = trace.tries.Load() > 1
	return got, nil
}

// bodyReader returns nil without a body, so that no Content-Length is sent.
func bodyReader(body []byte) io.Reader {
	if body == nil {
		return nil
	}
	return bytes.NewReader(body)
}

// MaxErrorBytes is the size limit of a reply that is not a 2xx.
const MaxErrorBytes = 1 << 20

// read reads the reply to its end or its limit. A connection is reused only if its reply was read to the end.
func read(ctx context.Context, resp *http.Response, limit int64) *Reply {
	got := &Reply{Status: resp.StatusCode, Header: resp.Header}
	if !isOK(resp.StatusCode) {
		limit = min(limit, MaxErrorBytes)
	}
	body, err := readAll(resp, limit+1)
	if err == nil && int64(len(body)) > limit && decompressor(got.Header, body) != nil {
		var more []byte
		more, err = io.ReadAll(io.LimitReader(resp.Body, compressionOverhead))
		body = append(body, more...)
	}
	got.Body = body
	if err != nil {
		got.Cause = AttemptCause(ctx, err)
		got.Problem = brokenOff(got.Cause)
	}
	got.decompress(limit)
	if int64(len(got.Body)) > limit {
		got.Body = got.Body[:limit]
		got.Problem, got.Cause = "the reply is larger than the limit: raise it with WithMaxResponseBytes if it is meant to be", nil
	}
	return got
}

// brokenOff describes a reply that was not read to its end. If the caller ended the call, it does not blame the server.
func brokenOff(cause error) string {
	switch {
	case errors.Is(cause, context.Canceled):
		return "the call was cancelled while the reply was read: " + context.Canceled.Error()
	case errors.Is(cause, context.DeadlineExceeded):
		return "the time was up while the reply was read: " + context.DeadlineExceeded.Error()
	default:
		return "the reply broke off"
	}
}

// readAll reads a body to its end or limit, into a buffer of the right size if the length is known.
func readAll(resp *http.Response, limit int64) ([]byte, error) {
	body := io.LimitReader(resp.Body, limit)
	if resp.ContentLength < 0 {
		return io.ReadAll(body)
	}
	// One byte more than needed, to read the end. A false length costs at most MaxErrorBytes.
	buf := make([]byte, 0, min(resp.ContentLength, limit, MaxErrorBytes)+1)
	for {
		n, err := body.Read(buf[len(buf):cap(buf)])
		buf = buf[:len(buf)+n]
		if err == io.EOF { // not a wrapped one, as in io.ReadAll
			return buf, nil
		}
		if err != nil {
			return buf, err
		}
		if len(buf) == cap(buf) {
			buf = slices.Grow(buf, bytes.MinRead)
		}
	}
}

func isOK(status int) bool { return status >= 200 && status < 300 }
