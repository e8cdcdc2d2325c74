package transport

import (
	"math"
	"net/http"
	"sync"
	"time"
)

// times are the time limits of the connections of an Own.
type times struct {
	idle        time.Duration // how long an unused connection is kept
	pingAfter   time.Duration // silence of an HTTP/2 connection before it is pinged
	pingTimeout time.Duration // how long it may take to answer
}

// Load balancers close idle connections after 60 s or more. With these pings, a connection that was lost without a trace
// is left within 15 s.
var defaultTimes = times{idle: 30 * time.Second, pingAfter: 10 * time.Second, pingTimeout: 5 * time.Second}

// maxClockLead is how far the wall clock may run ahead of the monotonic one between two requests. A suspended machine
// stops the monotonic clock only.
const maxClockLead = 5 * time.Second

// Own is the transport of clients that were created without an http.Client. Before a request it closes the idle
// connections if the server may have closed them while this process was frozen and did not notice.
type Own struct {
	transport *http.Transport
	clock     func() instant
	idle      time.Duration
	gates     sync.Map // of hosts

	mu       sync.Mutex // held while connections are closed, so that no request gets one of them
	lastUsed instant
}

// shared is the Own of all clients.
var shared struct {
	mu   sync.Mutex
	from *http.Transport
	own  *Own
}

// Shared returns the transport that all clients without an http.Client share: an Own made from [http.DefaultTransport], or
// http.DefaultTransport itself if the program has replaced it with another type.
func Shared() http.RoundTripper {
	from, ok := http.DefaultTransport.(*http.Transport)
	if !ok {
		return http.DefaultTransport
	}
	shared.mu.Lock()
	defer shared.mu.Unlock()
	if shared.from != from {
		shared.from, shared.own = from, New(from)
	}
	return shared.own
}

// New returns an Own with the settings of a transport, such as its proxy and TLS configuration.
func New(from *http.Transport) *Own { return newOwn(from, defaultTimes) }

func newOwn(from *http.Transport, limit times) *Own {
	own := from.Clone()
	own.MaxIdleConns = 0                  // As many connections are kept as were in use:
	own.MaxIdleConnsPerHost = math.MaxInt // a limit closes some of them after each burst.
	if own.IdleConnTimeout <= 0 || own.IdleConnTimeout > limit.idle {
		own.IdleConnTimeout = limit.idle
	}
	if own.HTTP2 == nil {
		own.HTTP2 = &http.HTTP2Config{}
	}
	if own.HTTP2.SendPingTimeout == 0 {
		own.HTTP2.SendPingTimeout = limit.pingAfter
	}
	if own.HTTP2.PingTimeout == 0 {
		own.HTTP2.PingTimeout = limit.pingTimeout
	}
	return &Own{transport: own, clock: systemClock, idle: own.IdleConnTimeout, lastUsed: systemClock()}
}

// RoundTrip implements [http.RoundTripper].
func (o *Own) RoundTrip(req *http.Request) (*http.Response, error) {
	o.closeStale()
	if trace, ok := req.Context().Value(traceKey{}).(*connTrace); ok {
		if err := o.gateOf(req).enter(req.Context(), trace); err != nil {
			closeBody(req)
			return nil, err
		}
		defer trace.leave(false)
	}
	resp, err := o.transport.RoundTrip(req)
	o.closeStale() // The process may have been frozen during the request, with other connections idle.
	return resp, err
}

// CloseIdleConnections closes the connections that no request uses.
func (o *Own) CloseIdleConnections() { o.transport.CloseIdleConnections() }

// closeStale closes the idle connections if the process has not used any for as long as one may be idle, or if the machine
// was suspended. The timers of the connections, and what they have received, may not have been processed since.
func (o *Own) closeStale() {
	o.mu.Lock()
	defer o.mu.Unlock()
	now := o.clock()
	quiet, lead := now.since(o.lastUsed)
	if quiet >= o.idle || lead > maxClockLead {
		o.transport.CloseIdleConnections()
	}
	o.lastUsed = now
}

// instant is a moment by two clocks.
type instant struct {
	wall      time.Time
	monotonic time.Duration
}

var processStart = time.Now()

func systemClock() instant {
	now := time.Now()
	return instant{wall: now.Round(0), monotonic: now.Sub(processStart)}
}

// since returns the time since an earlier moment by the monotonic clock, and by how much more the wall clock has advanced.
func (i instant) since(earlier instant) (elapsed, lead time.Duration) {
	elapsed = i.monotonic - earlier.monotonic
	return elapsed, i.wall.Sub(earlier.wall) - elapsed
}
