package transport

import (
	"context"
	"io"
	"math"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// call makes a GET and reads the reply.
func call(ctx context.Context, transport http.RoundTripper, url string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	resp, err := transport.RoundTrip(req)
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, resp.Body)
	_ = resp.Body.Close()
	return err
}

// counted starts a server that counts its connections.
func counted(t *testing.T) (url string, connections chan net.Conn) {
	t.Helper()
	connections = make(chan net.Conn, 100)
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	server.Config.ConnState = func(conn net.Conn, state http.ConnState) {
		if state == http.StateNew {
			connections <- conn
		}
	}
	server.Start()
	t.Cleanup(server.Close)
	return server.URL, connections
}

func TestConnectionsArePingedAndLeftWhenIdle(t *testing.T) {
	t.Parallel()
	own := newOwn(&http.Transport{}, defaultTimes)
	assert.Equal(t, 10*time.Second, own.transport.HTTP2.SendPingTimeout)
	assert.Equal(t, 5*time.Second, own.transport.HTTP2.PingTimeout)
	assert.Equal(t, 30*time.Second, own.transport.IdleConnTimeout)
	assert.Equal(t, 30*time.Second, own.idle)
	assert.Zero(t, own.transport.MaxIdleConns, "no limit")
	assert.Equal(t, math.MaxInt, own.transport.MaxIdleConnsPerHost)
}

func TestSettingsOfTheDefaultTransportAreKept(t *testing.T) {
	t.Parallel()
	from := &http.Transport{
		Proxy: http.ProxyFromEnvironment, MaxConnsPerHost: 7, IdleConnTimeout: time.Second,
		HTTP2: &http.HTTP2Config{SendPingTimeout: time.Minute, MaxReadFrameSize: 1 << 20},
	}
	own := newOwn(from, defaultTimes)
	assert.NotNil(t, own.transport.Proxy)
	assert.Equal(t, 7, own.transport.MaxConnsPerHost)
	assert.Equal(t, time.Second, own.transport.IdleConnTimeout, "a shorter one is kept")
	assert.Equal(t, time.Second, own.idle)
	assert.Equal(t, &http.HTTP2Config{SendPingTimeout: time.Minute, PingTimeout: 5 * time.Second, MaxReadFrameSize: 1 << 20}, own.transport.HTTP2)
	assert.Equal(t, &http.HTTP2Config{SendPingTimeout: time.Minute, MaxReadFrameSize: 1 << 20}, from.HTTP2, "it is not changed")
}

func TestAReplacedDefaultTransportIsUsed(t *testing.T) { //nolint:paralleltest // It replaces http.DefaultTransport.
	before := http.DefaultTransport
	t.Cleanup(func() { http.DefaultTransport = before })
	first := Shared()
	assert.IsType(t, &Own{}, first)
	assert.Same(t, first, Shared())

	http.DefaultTransport = &http.Transport{IdleConnTimeout: time.Second}
	second, ok := Shared().(*Own)
	require.True(t, ok)
	assert.NotSame(t, first, second)
	assert.Equal(t, time.Second, second.transport.IdleConnTimeout)

	http.DefaultTransport = NeverReplayed{}
	assert.Equal(t, http.RoundTripper(NeverReplayed{}), Shared())
}

// TestConnectionsOfASuspendedMachineAreNotUsed lets two clocks run between two requests.
func TestConnectionsOfASuspendedMachineAreNotUsed(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		monotonic, wall time.Duration
		reused          bool
	}{
		"a moment by both clocks":                 {time.Millisecond, time.Millisecond, true},
		"almost the idle time":                    {29 * time.Second, 29 * time.Second, true},
		"the idle time":                           {30 * time.Second, 30 * time.Second, false},
		"an hour by both clocks":                  {time.Hour, time.Hour, false},
		"a suspended machine":                     {time.Second, 8 * time.Second, false},
		"a machine suspended for a week":          {0, 7 * 24 * time.Hour, false},
		"a clock that is set forward by a little": {time.Second, 5 * time.Second, true},
		"a clock at the limit":                    {time.Second, 6 * time.Second, true},
		"a clock that is set back by a little":    {10 * time.Second, 9 * time.Second, true},
		"a clock that is set back":                {10 * time.Second, -time.Hour, true},
		"a clock that is set back while quiet":    {time.Minute, -time.Hour, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url, connections := counted(t)
			own := newOwn(&http.Transport{}, defaultTimes)
			defer own.CloseIdleConnections()
			now := instant{wall: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)}
			own.clock, own.lastUsed = func() instant { return now }, now
			require.NoError(t, call(t.Context(), own, url))
			now.monotonic += test.monotonic
			now.wall = now.wall.Add(test.wall)
			require.NoError(t, call(t.Context(), own, url))
			require.NoError(t, call(t.Context(), own, url))
			assert.Len(t, connections, map[bool]int{true: 1, false: 2}[test.reused])
		})
	}
}

// TestAFreezeDuringARequestIsNoticed has two connections: one waits for its reply while the clocks run on, the other is idle.
func TestAFreezeDuringARequestIsNoticed(t *testing.T) {
	t.Parallel()
	closed := make(chan struct{})
	closeOnce := sync.OnceFunc(func() { close(closed) }) // of the idle one; the other stays open until the end
	arrived, release := make(chan struct{}), make(chan struct{})
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/slow" {
			close(arrived)
			<-release
		}
	}))
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateClosed {
			closeOnce()
		}
	}
	server.Start()
	defer server.Close()
	own := newOwn(&http.Transport{}, defaultTimes)
	now := make(chan instant, 1)
	now <- instant{}
	own.clock = func() instant { at := <-now; now <- at; return at }
	own.lastUsed = instant{}

	slow := make(chan error)
	go func() { slow <- call(t.Context(), own, server.URL+"/slow") }()
	<-arrived
	require.NoError(t, call(t.Context(), own, server.URL))
	<-now
	now <- instant{monotonic: time.Hour, wall: time.Time{}.Add(time.Hour)}
	close(release)
	require.NoError(t, <-slow)
	<-closed
}
