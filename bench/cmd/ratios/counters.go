package main

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"sync/atomic"
	"time"
)

// counted is what a server counted.
type counted struct{ connections, handshakes, used, requests int }

// String implements [fmt.Stringer].
func (c counted) String() string {
	return fmt.Sprintf("%d %d %d %d", c.connections, c.handshakes, c.used, c.requests)
}

func parseCounted(line string) (c counted) {
	_, err := fmt.Sscanf(line, "%d %d %d %d", &c.connections, &c.handshakes, &c.used, &c.requests)
	check(err)
	return c
}

// counters count what a server does.
type counters struct {
	connections atomic.Int64 // accepted
	handshakes  atomic.Int64 // of TLS, as far as the server's signature and the cost that comes with it
	used        atomic.Int64 // connections with at least one request
	requests    atomic.Int64
}

// take returns what was counted since the last call.
func (c *counters) take() counted {
	return counted{
		int(c.connections.Swap(0)), int(c.handshakes.Swap(0)), int(c.used.Swap(0)), int(c.requests.Swap(0)),
	}
}

type connKey struct{}

// server returns a server whose connections and requests are counted.
func (c *counters) server(handler http.Handler) *http.Server {
	return &http.Server{
		ReadHeaderTimeout: time.Minute,
		ConnContext: func(ctx context.Context, _ net.Conn) context.Context {
			c.connections.Add(1)
			return context.WithValue(ctx, connKey{}, new(atomic.Bool))
		},
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			c.requests.Add(1)
			if seen, _ := r.Context().Value(connKey{}).(*atomic.Bool); !seen.Swap(true) {
				c.used.Add(1)
			}
			handler.ServeHTTP(w, r)
		}),
	}
}

// handshakesOf counts the handshakes of a server.
func (c *counters) handshakesOf(config *tls.Config) {
	config.VerifyConnection = func(tls.ConnectionState) error { c.handshakes.Add(1); return nil }
}
