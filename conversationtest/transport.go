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

// idleConnections keeps connections for bursts.
const idleConnections = 128

// connectedHeader tells the server that the client has met the faults of connecting already. No ledger shows it.
const connectedHeader = "Conversationtest-Connected"

// idleCloser is a transport that keeps connections.
type idleCloser interface {
	http.RoundTripper
	CloseIdleConnections()
}

// Transport gives the way to the server, for an http.Client. In memory it is the only one: it makes the requests without
// a socket, and has no other servers. On a socket any transport will do; this one can meet faults of connecting, such as
// FaultRefuse. Close ends it.
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
	if fault := t.server.faults.connect(req); fault.Kind != 0 && ctx.Err() == nil {
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

// failToConnect is the error of a fault of connecting: the one that package net has for it.
func (s *Server) failToConnect(ctx context.Context, f Fault, u *url.URL) error {
	s.tasks.Pause(ctx, f.Delay)
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

// traceOf gives the hooks of a context. Those for getting a connection can be called, whether they are set or not.
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

// hostPort names the server that a request goes to.
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
		_ = req.Body.Close() // There is no one to tell.
	}
}
