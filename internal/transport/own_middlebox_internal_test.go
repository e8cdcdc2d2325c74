package transport

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// middlebox passes connections on to a server, like a NAT or balancer. It can forget them: it then swallows what comes over
// them, without closing any.
type middlebox struct {
	listener net.Listener
	server   string
	left     chan struct{} // has an element for each forgotten connection that the client closed
	group    sync.WaitGroup

	mu        sync.Mutex
	conns     []net.Conn
	forgotten map[net.Conn]bool
}

func newMiddlebox(t *testing.T, server string) *middlebox {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	m := &middlebox{listener: listener, server: server, left: make(chan struct{}, 10), forgotten: make(map[net.Conn]bool)}
	m.group.Go(m.accept)
	t.Cleanup(func() {
		_ = listener.Close()
		m.mu.Lock()
		for _, conn := range m.conns {
			_ = conn.Close()
		}
		m.mu.Unlock()
		m.group.Wait()
	})
	return m
}

func (m *middlebox) accept() {
	for {
		client, err := m.listener.Accept()
		if err != nil {
			return
		}
		server, err := (&net.Dialer{}).Dial("tcp", m.server)
		if err != nil {
			_ = client.Close()
			return
		}
		m.mu.Lock()
		m.conns = append(m.conns, client, server)
		m.mu.Unlock()
		m.group.Go(func() { m.pass(client, server); m.left <- struct{}{} })
		m.group.Go(func() { m.pass(server, client) })
	}
}

// pass copies from one connection to the other, until it is forgotten: then it only reads.
func (m *middlebox) pass(from, to net.Conn) {
	buf := make([]byte, 4096)
	for {
		n, err := from.Read(buf)
		m.mu.Lock()
		forgotten := m.forgotten[from]
		m.mu.Unlock()
		if err != nil {
			if !forgotten {
				_ = to.Close()
			}
			return
		}
		if !forgotten {
			_, _ = to.Write(buf[:n])
		}
	}
}

func (m *middlebox) forget() {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, conn := range m.conns {
		m.forgotten[conn] = true
	}
}

// TestAConnectionThatAMiddleboxForgotIsLeft requires HTTP/2 pings: TCP notices nothing for many minutes.
func TestAConnectionThatAMiddleboxForgotIsLeft(t *testing.T) {
	t.Parallel()
	const patience = 10 * time.Second // far below what TCP needs
	for name, use := range map[string]func(t *testing.T, own *Own, box *middlebox, url string){
		"while a request waits for its reply": func(t *testing.T, own *Own, _ *middlebox, url string) {
			t.Helper()
			ctx, cancel := context.WithTimeout(t.Context(), patience)
			defer cancel()
			require.ErrorContains(t, call(ctx, own, url), "connection lost")
		},
		"while it is idle": func(t *testing.T, _ *Own, box *middlebox, _ string) {
			t.Helper()
			select {
			case <-box.left:
			case <-time.After(patience):
				t.Fatal("the connection is still there")
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				assert.Equal(t, 2, r.ProtoMajor)
				_, _ = io.WriteString(w, "{}")
			}))
			server.EnableHTTP2 = true
			server.StartTLS()
			t.Cleanup(server.Close)
			from, ok := server.Client().Transport.(*http.Transport)
			require.True(t, ok)
			box := newMiddlebox(t, server.Listener.Addr().String())
			own := newOwn(from, times{idle: time.Minute, pingAfter: 100 * time.Millisecond, pingTimeout: 50 * time.Millisecond})
			t.Cleanup(own.CloseIdleConnections)
			url := "https://" + box.listener.Addr().String()
			require.NoError(t, call(t.Context(), own, url))
			box.forget()
			use(t, own, box, url)
			require.NoError(t, call(t.Context(), own, url), "over a new connection")
		})
	}
}
