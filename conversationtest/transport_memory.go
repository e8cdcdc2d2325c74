package conversationtest

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strconv"
	"strings"
)

// memoryTransport reaches a server in memory: a request is answered in the goroutine that makes it. The client sees what
// it would see with package net/http.
type memoryTransport struct {
	server *Server
	host   string
	conn   net.Conn // For traces. Its other end is not read.
}

func (s *Server) startInMemory() {
	host := strings.ToLower(newUUID()) + ".invalid" // A reserved domain, which DNS never has (RFC 6761).
	s.baseURL = "https://" + host
	conn, _ := net.Pipe()
	s.transport = &memoryTransport{server: s, host: host, conn: conn}
}

// CloseIdleConnections does nothing.
func (*memoryTransport) CloseIdleConnections() {}

// RoundTrip implements [http.RoundTripper].
func (t *memoryTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	defer closeBody(req)
	ctx := req.Context()
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	trace := traceOf(ctx)
	trace.GetConn(hostPort(req.URL))
	if err := t.connect(req); err != nil {
		return nil, err
	}
	trace.GotConn(httptrace.GotConnInfo{Conn: t.conn})
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}

	body := newSentBody(req, t.server.tasks)
	defer body.release()
	arrived, err := arrival(req, body)
	if err != nil {
		return nil, err
	}
	peer := &memoryPeer{header: http.Header{}}
	t.server.attend(peer, arrived, true)
	if trace.WroteRequest != nil {
		trace.WroteRequest(httptrace.WroteRequestInfo{Err: body.err})
	}
	switch {
	case ctx.Err() != nil && (peer.status == 0 || body.err != nil):
		return nil, context.Cause(ctx)
	case body.err != nil:
		return nil, body.err
	case peer.status == 0:
		return nil, peer.end
	}
	if trace.GotFirstResponseByte != nil {
		trace.GotFirstResponseByte()
	}
	return peer.response(req, t.server.tasks), nil
}

// connect returns an error where dialing would.
func (t *memoryTransport) connect(req *http.Request) error {
	ctx := req.Context()
	if fault := t.server.current().faults.connect(req); fault.Kind != 0 {
		return t.server.failToConnect(ctx, fault, req.URL)
	}
	if !strings.EqualFold(req.URL.Hostname(), t.host) {
		return t.server.failToConnect(ctx, Fault{Kind: FaultUnknownHost}, req.URL)
	}
	if t.server.tasks.Over() {
		return t.server.failToConnect(ctx, Fault{Kind: FaultRefuse}, req.URL)
	}
	return nil
}

// arrival returns a request of a client as the server receives it.
func arrival(req *http.Request, body io.Reader) (*http.Request, error) {
	target, err := url.ParseRequestURI(req.URL.RequestURI())
	if err != nil {
		return nil, err
	}
	header := req.Header.Clone()
	if _, set := header["User-Agent"]; !set {
		header.Set("User-Agent", "Go-http-client/1.1")
	}
	if asksForGzip(req) {
		header.Set("Accept-Encoding", "gzip")
	}
	arrived := &http.Request{
		Method: req.Method, URL: target, RequestURI: req.URL.RequestURI(), Header: header,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Body: http.MaxBytesReader(nil, io.NopCloser(body), maxBytes(target.Path)),
		Host: req.Host, ContentLength: sentLength(req),
	}
	if arrived.Method == "" {
		arrived.Method = http.MethodGet
	}
	if arrived.Host == "" {
		arrived.Host = req.URL.Host
	}
	if arrived.ContentLength > 0 || arrived.ContentLength == 0 && sendsBody(arrived.Method) {
		header.Set("Content-Length", strconv.FormatInt(arrived.ContentLength, 10))
	}
	return arrived.WithContext(endingWith{req.Context()}), nil //nolint:contextcheck // It is derived from the context of the request.
}

func sentLength(req *http.Request) int64 {
	switch {
	case req.Body == nil || req.Body == http.NoBody:
		return 0
	case req.ContentLength == 0:
		return -1
	default:
		return req.ContentLength
	}
}

// sendsBody reports whether requests with the method have a Content-Length even without a body.
func sendsBody(method string) bool {
	return method == http.MethodPost || method == http.MethodPut || method == http.MethodPatch
}

// asksForGzip reports whether package net/http would ask for gzip, and unpack the answer.
func asksForGzip(req *http.Request) bool {
	return req.Header.Get("Accept-Encoding") == "" && req.Header.Get("Range") == "" && req.Method != http.MethodHead
}

// endingWith is the client's context without its values, which are not sent with a request.
type endingWith struct {
	context.Context //nolint:containedctx // It is a context.
}

// Value implements [context.Context].
func (endingWith) Value(any) any { return nil }
