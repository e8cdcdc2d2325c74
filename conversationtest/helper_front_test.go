package conversationtest_test

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

// wireFault is a fault that a front injects into one request.
type wireFault int

const (
	wireNone wireFault = iota

	// HTTP/1.1, on a reused connection.
	wireCutWriting  // A few bytes are read, and the connection is closed.
	wireHangWriting // A few bytes are read, and then nothing until the client leaves.
	wireCut         // The request is handled, and the connection is closed. HTTP/2 too.
	wireHalf        // The request is handled, and the connection is closed after half of the answer's body.

	// HTTP/2.
	wireGoAway        // GOAWAY: the request is not handled.
	wireGoAwayLate    // The request is handled, and GOAWAY is the only answer.
	wireGoAwayKept    // GOAWAY, and this request is still answered.
	wireRefused       // REFUSED_STREAM: the request is not handled.
	wireProtocolError // The request is handled, and the stream is reset.
	wireInternalError
	wireCancelHalf // The request is handled, and the stream is reset after half of the answer's body.
)

// front serves HTTP on in-memory pipes to an http.Transport, and passes the requests on to a fake.
type front struct {
	next   http.RoundTripper
	base   string // The URL of the fake.
	client *http.Transport
	closed chan struct{}

	mu       sync.Mutex
	fault    wireFault
	skip     int // Requests before the one that the fault happens to.
	requests int
}

// newFront returns a front for one version of HTTP.
func newFront(t *testing.T, next http.RoundTripper, base string, useHTTP2 bool) *front {
	t.Helper()
	f := &front{next: next, base: base, closed: make(chan struct{})}
	serve := f.serveHTTP1
	f.client = &http.Transport{Protocols: new(http.Protocols)}
	f.client.Protocols.SetHTTP1(!useHTTP2)
	f.client.Protocols.SetUnencryptedHTTP2(useHTTP2)
	if useHTTP2 {
		serve = f.serveHTTP2
	}
	f.client.DialContext = func(context.Context, string, string) (net.Conn, error) {
		near, far := net.Pipe()
		go serve(far)
		return near, nil
	}
	t.Cleanup(func() {
		close(f.closed)
		f.client.CloseIdleConnections()
	})
	return f
}

// newClient returns a client that sends its requests through the front.
func (f *front) newClient(t *testing.T, srv *conversationtest.Server, opts ...conversation.Option) *conversation.Client {
	t.Helper()
	client, err := conversation.NewClient(srv.ProjectID(), append([]conversation.Option{
		conversation.WithBasicAuth(srv.KeyID(), srv.KeySecret()),
		conversation.WithBaseURL("http://127.0.0.1"), // Dialing returns a pipe for any address.
		conversation.WithHTTPClient(&http.Client{Transport: f.client}),
	}, opts...)...)
	require.NoError(t, err)
	return client
}

// plan injects a fault into the request after the next skip ones.
func (f *front) plan(fault wireFault, skip int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.fault, f.skip, f.requests = fault, skip, 0
}

// seen returns the number of requests since plan was called.
func (f *front) seen() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.requests
}

// meet counts a request and returns its fault.
func (f *front) meet() wireFault {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.requests++
	if f.requests != f.skip+1 {
		return wireNone
	}
	return f.fault
}

// handle passes a request to the fake and reads the whole answer.
func (f *front) handle(ctx context.Context, method, path string, header http.Header, body io.Reader) (*http.Response, []byte, error) {
	req, err := http.NewRequestWithContext(ctx, method, f.base+path, body)
	if err != nil {
		return nil, nil, err
	}
	req.Header = header.Clone()
	req.Header.Del("Accept-Encoding")
	resp, err := f.next.RoundTrip(req)
	if err != nil {
		return nil, nil, err
	}
	defer func() { _ = resp.Body.Close() }()
	answer, err := io.ReadAll(resp.Body)
	return resp, answer, err
}

// serveHTTP1 answers the requests of a connection, one after the other.
func (f *front) serveHTTP1(conn net.Conn) {
	ctx, leave := context.WithCancel(context.Background())
	reader := bufio.NewReaderSize(conn, 16) // Small, so that the client's write ends only when the request has been read.
	await := func() <-chan struct{} {       // Waits for a request, or for the client to leave.
		began := make(chan struct{})
		go func() {
			defer close(began)
			if _, err := reader.Peek(1); err != nil {
				leave()
			}
		}()
		return began
	}
	next := await()
	defer func() { <-next }() // After the connection is closed by the next defer.
	defer func() { _ = conn.Close() }()
	for {
		if <-next; ctx.Err() != nil {
			return
		}
		fault := f.meet()
		switch fault {
		case wireCutWriting:
			return
		case wireHangWriting:
			<-f.closed
			return
		default:
		}
		req, err := http.ReadRequest(reader)
		if err != nil {
			return
		}
		body, err := io.ReadAll(req.Body)
		next = await()
		if err != nil || !f.answerHTTP1(ctx, conn, req, body, fault) {
			return
		}
	}
}

// answerHTTP1 answers a request, and reports whether the connection stays open.
func (f *front) answerHTTP1(ctx context.Context, conn net.Conn, req *http.Request, body []byte, fault wireFault) bool {
	resp, answer, err := f.handle(ctx, req.Method, req.URL.RequestURI(), req.Header, bodyOf(body)) //nolint:bodyclose // It was read.
	if err != nil || fault == wireCut {
		return false
	}
	resp.Body = bodyOf(answer)
	resp.ContentLength = int64(len(answer))
	if fault == wireHalf {
		resp.Body = bodyOf(answer[:len(answer)/2])
	}
	return resp.Write(conn) == nil && fault == wireNone // Write fails for half a body.
}
