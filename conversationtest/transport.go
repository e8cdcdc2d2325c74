package conversationtest

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"os"
	"syscall"
)

// idleConnections is how many connections are kept for bursts.
const idleConnections = 128

// connectedHeader marks requests of clients to which faults of connecting have happened already, if any. The ledger
// does not record it.
const connectedHeader = "Conversationtest-Connected"

// idleCloser is a transport that keeps connections.
type idleCloser interface {
	http.RoundTripper
	CloseIdleConnections()
}

// Transport returns a transport to the server, for an http.Client. In memory it is the only one: it needs no socket,
// and reaches no other server. A server on a socket can be reached by any transport; with this one, faults of
// connecting such as FaultRefuse happen. Close ends it.
func (s *Server) Transport() http.RoundTripper { return s.transport }

// socketTransport reaches a server on a socket.
type socketTransport struct {
	server *Server
	next   *http.Transport
}

func newSocketTransport(s *Server) *socketTransport {
	return &socketTransport{server: s, next: &http.Transport{
		MaxIdleConns:        idleConnections,
		MaxIdleConnsPerHost: idleConnections,
	}}
}

// RoundTrip implements [http.RoundTripper].
func (t *socketTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	ctx := req.Context()
	if fault := t.server.current().faults.connect(req); fault.Kind != 0 && ctx.Err() == nil {
		closeBody(req)
		traceOf(ctx).GetConn(hostPort(req.URL))
		return nil, t.server.failToConnect(ctx, fault, req.URL)
	}
	marked := *req
	marked.Header = req.Header.Clone()
	marked.Header.Set(connectedHeader, "yes")
	resp, err := t.next.RoundTrip(&marked)
	if resp != nil {
		resp.Request = req
	}
	return resp, err
}

// CloseIdleConnections closes the connections that no request uses.
func (t *socketTransport) CloseIdleConnections() { t.next.CloseIdleConnections() }

// failToConnect returns the error that package net returns for a fault of connecting, after its delay.
func (s *Server) failToConnect(ctx context.Context, f Fault, u *url.URL) error {
	s.tasks.Pause(ctx, s.current().clock, f.Delay)
	if f.Kind == FaultConnectHang {
		s.tasks.Hang(ctx)
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	switch f.Kind {
	case FaultUnknownHost:
		return &net.OpError{Op: "dial", Net: "tcp", Err: &net.DNSError{Err: "no such host", Name: u.Hostname(), IsNotFound: true}}
	case FaultBadCertificate:
		return &tls.CertificateVerificationError{Err: x509.UnknownAuthorityError{}}
	default:
		return &net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}
	}
}

// traceOf returns the hooks of a context. GetConn and GotConn are never nil.
func traceOf(ctx context.Context) httptrace.ClientTrace {
	var hooks httptrace.ClientTrace
	if set := httptrace.ContextClientTrace(ctx); set != nil {
		hooks = *set
	}
	if hooks.GetConn == nil {
		hooks.GetConn = func(string) {}
	}
	if hooks.GotConn == nil {
		hooks.GotConn = func(httptrace.GotConnInfo) {}
	}
	return hooks
}

// hostPort returns the host and port of a URL.
func hostPort(u *url.URL) string {
	port := u.Port()
	switch {
	case port != "":
	case u.Scheme == "https":
		port = "443"
	default:
		port = "80"
	}
	return net.JoinHostPort(u.Hostname(), port)
}

func closeBody(req *http.Request) {
	if req.Body != nil {
		_ = req.Body.Close() // There is nobody to report the error to.
	}
}
