package conversationtest

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/sinchgo/conversation/conversationtest/internal/schedule"
)

// Server is a fake of the Conversation API and of its token endpoint.
type Server struct {
	config   Config
	named    sync.Once
	instance string // See instanceID.
	baseURL  string
	http     *http.Server // Nil in memory.
	running  sync.WaitGroup
	tasks    *schedule.Tasks

	transport idleCloser // The transport to the server for clients in this process.

	handlers  *handlers
	feed      *feed
	resetting sync.Mutex // Held by Reset, and by Close while it ends the last state.
	state     atomic.Pointer[serverState]
	reporting sync.Mutex   // Held while the control API checks and sends a delivery report.
	control   http.Handler // Nil unless the server's address serves it.
}

// NewServer starts a Server. It panics if it cannot listen on its address, and if cfg is not valid. The caller must call
// Close.
func NewServer(cfg Config) *Server {
	config := cfg.withDefaults()
	config.check()
	s := &Server{
		config:   config,
		tasks:    schedule.NewTasks(),
		handlers: newHandlers(),
		feed:     newFeed(),
	}
	s.state.Store(s.newState())
	s.feed.start(s.current().publisher)
	if config.ServeControl {
		s.control = loopbackOnly(s.Control())
	}
	s.start()
	return s
}

func (s *Server) start() {
	if s.config.InMemory {
		s.startInMemory()
		return
	}
	listener, err := net.Listen("tcp", s.config.Addr) //nolint:noctx // Listening does not block.
	if err != nil {
		panic(fmt.Sprintf("conversationtest: cannot listen on %q: %v", s.config.Addr, err))
	}
	s.baseURL = "http://" + reachable(listener.Addr())
	s.http = &http.Server{
		Handler:           http.HandlerFunc(s.serve),
		ReadHeaderTimeout: time.Minute,
		ConnState:         s.count,
	}
	s.transport = newSocketTransport(s)
	s.running.Go(func() { _ = s.http.Serve(listener) }) // It returns http.ErrServerClosed.
}

// count counts the connections, so that Close can wait for them.
func (s *Server) count(_ net.Conn, state http.ConnState) {
	switch state {
	case http.StateNew:
		s.running.Add(1)
	case http.StateClosed, http.StateHijacked:
		s.running.Done()
	case http.StateActive, http.StateIdle:
	}
}

// reachable returns the address that clients on this machine use. It is on loopback for a server on all addresses.
func reachable(addr net.Addr) string {
	tcp, ok := addr.(*net.TCPAddr)
	if !ok || !tcp.IP.IsUnspecified() {
		return addr.String()
	}
	return net.JoinHostPort("127.0.0.1", strconv.Itoa(tcp.Port))
}

var errClosed = errors.New("the server is closed")

// Close stops the server, closes its connections and waits until all of its goroutines have ended. Requests without an
// answer lose their connection. Close can be called more than once.
func (s *Server) Close() {
	s.tasks.Stop()
	s.resetting.Lock()
	defer s.resetting.Unlock()
	last := s.current().callbacks
	last.stop(errClosed)
	if s.http != nil {
		_ = s.http.Close() // Only the listener's Close can fail.
	}
	s.transport.CloseIdleConnections()
	s.tasks.Wait()
	last.workers.Join()
	s.running.Wait()
}

// BaseURL returns the URL of the API, such as http://127.0.0.1:40123. In memory it is a generated https URL, which only
// Transport can reach.
func (s *Server) BaseURL() string { return s.baseURL }

// BatchURL returns the URL of the Batch API, for conversation.WithBatchBaseURL.
func (s *Server) BatchURL() string { return s.baseURL + batchPath }

// TokenURL returns the URL of the token endpoint. It ends in /oauth2/token.
func (s *Server) TokenURL() string { return s.baseURL + tokenPath }

// ProjectID returns the id of the project.
func (s *Server) ProjectID() string { return s.config.ProjectID }

// AppID returns the id of the app that the project has from the start.
func (s *Server) AppID() string { return s.config.AppID }

// KeyID returns the id of the access key that the server accepts.
func (s *Server) KeyID() string { return s.config.KeyID }

// KeySecret returns the secret of the access key that the server accepts.
func (s *Server) KeySecret() string { return s.config.KeySecret }

// instanceID returns a random string: another server has another. It is generated when it is first read, since few
// tests do.
func (s *Server) instanceID() string {
	s.named.Do(func() { s.instance = rand.Text() })
	return s.instance
}

// String describes the server without its keys and state.
func (s *Server) String() string { return fmt.Sprintf("conversationtest.Server{url: %s}", s.baseURL) }

// Format implements [fmt.Formatter], so that no verb reads the fields, which other goroutines write.
func (s *Server) Format(state fmt.State, _ rune) { _, _ = io.WriteString(state, s.String()) }

// LogValue implements [slog.LogValuer].
func (s *Server) LogValue() slog.Value { return slog.StringValue(s.String()) }
