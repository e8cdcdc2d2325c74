package conversation_test

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

// connectionCounter starts a server that counts its connections. A call of /meet waits until n are in progress.
func connectionCounter(t *testing.T, n int) (string, *atomic.Int64) {
	t.Helper()
	var connections atomic.Int64
	var mu sync.Mutex
	meeting, here := make(chan struct{}), 0
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		mu.Lock()
		own := meeting
		if here++; here == n {
			close(meeting)
			meeting, here = make(chan struct{}), 0
		}
		mu.Unlock()
		<-own
		_, _ = io.WriteString(w, `{"id":"m"}`)
	}))
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			connections.Add(1)
		}
	}
	server.Start()
	t.Cleanup(server.Close)
	return server.URL, &connections
}

// sharingClient returns a client that brings no http.Client.
func sharingClient(t *testing.T, baseURL string) *conversation.Client {
	t.Helper()
	client, err := conversation.NewClient("project", conversation.WithBasicAuth("key-id", "key-secret"),
		conversation.WithBaseURL(baseURL), conversation.WithRetry(conversation.NoRetry))
	require.NoError(t, err)
	return client
}

// TestAsManyConnectionsAreKeptAsWereInUse makes rounds of calls that are all in progress at the same time.
func TestAsManyConnectionsAreKeptAsWereInUse(t *testing.T) { //nolint:paralleltest // Other tests close idle connections.
	for _, inFlight := range []int{64, 129, 256, 400} {
		url, connections := connectionCounter(t, inFlight)
		client := sharingClient(t, url)
		for range atLength(3, 5) {
			var group sync.WaitGroup
			for range inFlight {
				group.Go(func() { assert.NoError(t, get(t.Context(), client)) })
			}
			group.Wait()
		}
		assert.EqualValues(t, inFlight, connections.Load())
		client.CloseIdleConnections()
	}
}

func TestClientsShareOneTransport(t *testing.T) { //nolint:paralleltest // It counts goroutines.
	url, connections := connectionCounter(t, 1)
	sharingClient(t, url).CloseIdleConnections()
	before := runtime.NumGoroutine()
	clients := make([]*conversation.Client, 500)
	for i := range clients {
		clients[i] = sharingClient(t, url)
		require.NoError(t, get(t.Context(), clients[i]))
	}
	assert.EqualValues(t, 1, connections.Load())
	assert.LessOrEqual(t, runtime.NumGoroutine(), before+10, "not some for each client")

	clients[0].CloseIdleConnections()
	require.NoError(t, get(t.Context(), clients[1]))
	assert.EqualValues(t, 2, connections.Load(), "the connection of all clients was closed")
	clients[0].CloseIdleConnections()
}
