package transport

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"
)

// maxDialing is how many requests may wait for a connection to one host at a time.
const maxDialing = 4

// gatePatience is how long a request waits at most for those that came before it. Their connections may hang.
const gatePatience = 5 * time.Second

// gate stops a burst of requests from opening a connection each. net/http opens one for every request that finds no free stream of
// HTTP/2, though a connection has a hundred streams or more. A host that uses HTTP/1.1 needs all of them: its first connection opens
// its gate for good.
type gate struct {
	patience time.Duration

	mu      sync.Mutex
	open    bool
	dialing int
	waiting []chan struct{} // each is closed when its request is counted in dialing
}

// gateOf returns the gate of the host of a request.
func (o *Own) gateOf(req *http.Request) *gate {
	known, ok := o.gates.Load(req.URL.Host)
	if !ok {
		known, _ = o.gates.LoadOrStore(req.URL.Host, &gate{patience: gatePatience})
	}
	return known.(*gate) //nolint:errcheck,forcetypeassert // There are no others.
}

// enter waits until few requests are waiting for a connection. Then the request of the trace is one of them, until it has its
// connection or leaves.
func (g *gate) enter(ctx context.Context, trace *connTrace) error {
	g.mu.Lock()
	if g.open {
		g.mu.Unlock()
		return nil
	}
	if g.dialing < maxDialing {
		g.dialing++
		g.mu.Unlock()
		trace.gate.Store(g)
		return nil
	}
	turn := make(chan struct{})
	g.waiting = append(g.waiting, turn)
	g.mu.Unlock()

	trace.wanted.Store(true)
	timer := time.NewTimer(g.patience)
	defer timer.Stop()
	select {
	case <-turn:
	case <-timer.C:
		if g.withdraw(turn) {
			return nil
		}
	case <-ctx.Done():
		if g.withdraw(turn) {
			return context.Cause(ctx)
		}
	}
	trace.gate.Store(g)
	return nil
}

// withdraw removes a request that waits, and reports whether its turn had not come.
func (g *gate) withdraw(turn chan struct{}) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	i := slices.Index(g.waiting, turn)
	if i >= 0 {
		g.waiting = slices.Delete(g.waiting, i, i+1)
	}
	return i >= 0
}

// leave lets the next request through the gate that this one has entered, if it has. If the connection uses HTTP/1.1, it opens the
// gate for good.
func (t *connTrace) leave(http1 bool) {
	g := t.gate.Swap(nil)
	if g == nil {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.dialing--
	g.open = g.open || http1
	next := len(g.waiting)
	if !g.open {
		next = min(next, maxDialing-g.dialing)
	}
	g.dialing += next
	for _, turn := range g.waiting[:next] {
		close(turn)
	}
	g.waiting = g.waiting[next:]
}

// isHTTP1 reports whether a connection does not use HTTP/2.
func isHTTP1(conn net.Conn) bool {
	secure, ok := conn.(*tls.Conn)
	return !ok || secure.ConnectionState().NegotiatedProtocol != "h2"
}

func closeBody(req *http.Request) {
	if req.Body != nil {
		_ = req.Body.Close()
	}
}
