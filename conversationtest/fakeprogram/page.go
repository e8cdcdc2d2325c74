package fakeprogram

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"syscall"
	"time"

	"github.com/sinchgo/conversation/conversationtest"
)

const (
	defaultPageAddr = "127.0.0.1:8788"
	noPage          = "off"
)

// pageServer serves the page.
type pageServer struct {
	http *http.Server // Nil if there is no page.
	url  string
}

// startPage serves the page on an address. If the default one is in use, by another fake for example, it is served on a free port.
func startPage(srv *conversationtest.Server, settings settings) (pageServer, error) {
	if settings.pageAddr == noPage {
		return pageServer{}, nil
	}
	listener, err := net.Listen("tcp", settings.pageAddr) //nolint:noctx // Listening does not block.
	if settings.pageAddrIsDefault && errors.Is(err, syscall.EADDRINUSE) {
		listener, err = net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // As above.
	}
	if err != nil {
		return pageServer{}, fmt.Errorf("cannot serve the page on %q: %w; use -ui with another address, or -ui off", settings.pageAddr, err)
	}
	started := pageServer{
		http: &http.Server{Handler: srv.UI(), ReadHeaderTimeout: time.Minute},
		url:  "http://" + reachable(listener.Addr()),
	}
	go func() { _ = started.http.Serve(listener) }() // It returns http.ErrServerClosed.
	return started, nil
}

// announce prints where the page is, and a command that sends a message to its phone.
func (p pageServer) announce(settings settings, stderr io.Writer) {
	if p.http == nil {
		return
	}
	logger := slog.New(slog.NewJSONHandler(stderr, nil))
	open := isOpen(settings.pageAddr)
	if settings.log == logJSON {
		logger.Info("the page is ready", "ui_url", p.url, "reachable_by_others", open)
		return
	}
	const command = `curl %s/_fake/send -d '{"channel": "SMS", "identity": "12025550123", "text": "Hello from your app"}'`
	fmt.Fprintf(stderr, "The phone is at %s\nSend a message to it: "+command+"\n", p.url, p.url)
	if open {
		fmt.Fprintf(stderr, "The page listens on %s: who reaches that address can read and change everything in the fake.\n", settings.pageAddr)
	}
}

// isOpen reports whether clients on other machines may reach an address.
func isOpen(addr string) bool {
	host, _, err := net.SplitHostPort(addr)
	if err != nil || host == "localhost" {
		return false
	}
	ip, err := netip.ParseAddr(host)
	return err != nil || !ip.Unmap().IsLoopback()
}

func (p pageServer) close() {
	if p.http != nil {
		_ = p.http.Close() // Only the listener's Close can fail.
	}
}
