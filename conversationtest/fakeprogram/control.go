package fakeprogram

import (
	"fmt"
	"net"
	"net/http"
	"strconv"
	"time"

	"github.com/sinchgo/conversation/conversationtest"
)

// logLimit is how many entries each log of the server keeps, since the program may serve for days.
const logLimit = 10_000

// controlServer serves the control API on a separate address.
type controlServer struct {
	http *http.Server // Nil if the server's own address serves it.
	url  string
}

// startControl serves the control API on an address, if there is one.
func startControl(srv *conversationtest.Server, addr string) (controlServer, error) {
	if addr == "" {
		return controlServer{url: srv.BaseURL() + controlPath}, nil
	}
	listener, err := net.Listen("tcp", addr) //nolint:noctx // Listening does not block.
	if err != nil {
		return controlServer{}, fmt.Errorf("cannot serve the control API on %q: %w", addr, err)
	}
	started := controlServer{
		http: &http.Server{Handler: srv.Control(), ReadHeaderTimeout: time.Minute},
		url:  "http://" + reachable(listener.Addr()) + controlPath,
	}
	go func() { _ = started.http.Serve(listener) }() // It returns http.ErrServerClosed.
	return started, nil
}

const controlPath = "/_fake"

// reachable returns the address that clients on this machine use.
func reachable(addr net.Addr) string {
	tcp, ok := addr.(*net.TCPAddr)
	if !ok || !tcp.IP.IsUnspecified() {
		return addr.String()
	}
	return net.JoinHostPort("127.0.0.1", strconv.Itoa(tcp.Port))
}

func (c controlServer) close() {
	if c.http != nil {
		_ = c.http.Close() // Only the listener's Close can fail.
	}
}
