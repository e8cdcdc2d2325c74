package transport

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// together starts a server over TLS that responds to a request once it has n of them, and counts its handshakes.
func together(t *testing.T, n, streams int) (own *Own, url string, handshakes *atomic.Int64) {
	t.Helper()
	var arrived sync.WaitGroup
	arrived.Add(n)
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		arrived.Done()
		arrived.Wait()
	}))
	handshakes = new(atomic.Int64)
	server.TLS = &tls.Config{VerifyConnection: func(tls.ConnectionState) error { handshakes.Add(1); return nil }}
	server.EnableHTTP2 = streams > 0
	server.Config.HTTP2 = &http.HTTP2Config{MaxConcurrentStreams: streams}
	server.StartTLS()
	t.Cleanup(server.Close)
	from, _ := server.Client().Transport.(*http.Transport)
	own = New(from)
	own.gates.Store(strings.TrimPrefix(server.URL, "https://"), &gate{patience: time.Minute}) // this machine may be slow
	t.Cleanup(own.CloseIdleConnections)
	return own, server.URL, handshakes
}

// burst makes n requests at the same time.
func burst(t *testing.T, own *Own, url string, n int) {
	t.Helper()
	var running sync.WaitGroup
	for range n {
		running.Go(func() {
			got, failed := Exchange(t.Context(), direct{own}, &Request{Method: http.MethodPost, URL: url, Header: http.Header{}, Body: []byte("{}"), Timeout: time.Minute, MaxBytes: 10})
			if failed != nil {
				assert.NoError(t, failed.Err)
				return
			}
			assert.True(t, got.OK())
		})
	}
	running.Wait()
}

func TestABurstOverHTTP2OpensFewConnections(t *testing.T) {
	t.Parallel()
	own, url, handshakes := together(t, 300, 100)
	burst(t, own, url, 300)
	assert.GreaterOrEqual(t, handshakes.Load(), int64(3), "each has 100 streams")
	assert.Less(t, handshakes.Load(), int64(150), "without a gate it is about one for each request")
}

func TestABurstOverHTTP1HasAConnectionForEachRequest(t *testing.T) {
	t.Parallel()
	own, url, handshakes := together(t, 50, 0)
	burst(t, own, url, 50)
	assert.EqualValues(t, 50, handshakes.Load())
}

func TestARequestThatEndsAtTheGateIsNotSent(t *testing.T) {
	t.Parallel()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0") // no handshake is answered
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, listener.Close()) })
	own := New(&http.Transport{})
	g := own.gateOf(httptest.NewRequestWithContext(t.Context(), http.MethodGet, "https://"+listener.Addr().String(), http.NoBody))
	for range maxDialing {
		require.NoError(t, g.enter(t.Context(), new(connTrace)))
	}
	_, failed := Exchange(t.Context(), direct{own}, &Request{
		Method: http.MethodPost, URL: "https://" + listener.Addr().String(), Header: http.Header{}, Body: []byte("{}"), Timeout: time.Millisecond,
	})
	require.NotNil(t, failed)
	require.ErrorIs(t, failed.Err, context.DeadlineExceeded)
	assert.True(t, failed.NotSent)
}

func TestAGateIsLeftByARequestThatFails(t *testing.T) {
	t.Parallel()
	own := New(&http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) { return nil, net.ErrClosed }})
	for range maxDialing + 1 {
		_, failed := Exchange(t.Context(), direct{own}, &Request{Method: http.MethodGet, URL: "https://api.test", Header: http.Header{}, Timeout: time.Minute})
		require.ErrorIs(t, failed.Err, net.ErrClosed)
	}
}

func TestConnectionsThatHangStopOthersForAWhile(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := &gate{patience: gatePatience}
		hung := new(connTrace)
		for range maxDialing {
			hung = new(connTrace)
			require.NoError(t, g.enter(t.Context(), hung))
		}
		began := time.Now()
		require.NoError(t, g.enter(t.Context(), new(connTrace)))
		assert.Equal(t, gatePatience, time.Since(began))
		hung.leave(false)
		require.NoError(t, g.enter(t.Context(), new(connTrace)))
		assert.Equal(t, gatePatience, time.Since(began), "there is room")
	})
}
