package conversationtest_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/conversationtest"
)

func TestAServerInMemoryHasNoAddress(t *testing.T) {
	t.Parallel()
	srv := start(t, conversationtest.Config{InMemory: true})

	assert.Regexp(t, `^https://[^/:]+\.invalid$`, srv.BaseURL())
	assert.Equal(t, srv.BaseURL()+"/oauth2/token", srv.TokenURL())
	assert.PanicsWithValue(t, `conversationtest: Config.Addr is "127.0.0.1:0", but a server in memory has no address: `+
		`leave out Addr or InMemory`, func() {
		conversationtest.NewServer(conversationtest.Config{InMemory: true, Addr: "127.0.0.1:0"})
	})
}

// plain sends a GET with a separate http.Client.
func plain(t *testing.T, srv *conversationtest.Server, target string, body io.Reader) (*http.Response, error) {
	t.Helper()
	method := http.MethodGet
	if body != nil {
		method = http.MethodPost
	}
	r, err := http.NewRequestWithContext(t.Context(), method, target, body)
	require.NoError(t, err)
	r.SetBasicAuth(srv.KeyID(), srv.KeySecret())
	resp, err := (&http.Client{Transport: srv.Transport()}).Do(r)
	if err == nil {
		t.Cleanup(func() { assert.NoError(t, resp.Body.Close()) })
	}
	return resp, err //nolint:wrapcheck // It is what the test looks at.
}

func TestResponsesAreTheSameInMemoryAndOnASocket(t *testing.T) {
	t.Parallel()
	cfg := conversationtest.Config{
		ProjectID: "p", AppID: "APP", KeyID: "k", KeySecret: "s",
		Clock: func() time.Time { return time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC) },
	}
	socket := start(t, cfg)
	cfg.InMemory = true
	memory := start(t, cfg)
	type seen struct {
		status, proto  string
		header         http.Header
		length         int64
		body           string
		arrived        conversationtest.Request
		uncompressed   bool
		transferCoding []string
	}
	look := func(srv *conversationtest.Server, path string, body io.Reader) seen {
		resp, err := plain(t, srv, srv.BaseURL()+path, body) //nolint:bodyclose // It does that.
		require.NoError(t, err)
		read, err := io.ReadAll(resp.Body)
		require.NoError(t, err)
		assert.NotEmpty(t, resp.Header.Get("X-Request-Id"))
		resp.Header.Del("X-Request-Id")
		requests := srv.Requests()
		arrived := requests[len(requests)-1]
		arrived.Duration = 0
		return seen{
			resp.Status, resp.Proto, resp.Header, resp.ContentLength, string(read),
			arrived, resp.Uncompressed, resp.TransferEncoding,
		}
	}

	for _, path := range []string{"/v1/projects/p/messages?page_size=3", "/v1/projects/p/messages/a%2Fb", "/nothing", "/"} {
		assert.Equal(t, look(socket, path, nil), look(memory, path, nil), path)
	}
	for _, body := range []string{"{}", "", strings.Repeat("x", 2<<20)} {
		const path = "/v1/projects/p/messages:transcode"
		want, got := look(socket, path, strings.NewReader(body)), look(memory, path, strings.NewReader(body))
		delete(want.header, "Connection") // A body over the limit closes the connection.
		assert.Equal(t, want, got, "%d bytes", len(body))
	}
}

// traced makes a request and returns the calls of the trace hooks, in order.
func traced(t *testing.T, transport http.RoundTripper, target string) ([]string, error) {
	t.Helper()
	var order []string
	hooks := &httptrace.ClientTrace{
		GetConn: func(hostPort string) { order = append(order, "GetConn "+hostPort) },
		GotConn: func(info httptrace.GotConnInfo) {
			assert.NotNil(t, info.Conn)
			order = append(order, "GotConn")
		},
		WroteRequest:         func(httptrace.WroteRequestInfo) { order = append(order, "WroteRequest") },
		GotFirstResponseByte: func() { order = append(order, "GotFirstResponseByte") },
	}
	r, err := http.NewRequestWithContext(httptrace.WithClientTrace(t.Context(), hooks), http.MethodGet, target, nil)
	require.NoError(t, err)
	resp, err := transport.RoundTrip(r)
	if err == nil {
		require.NoError(t, resp.Body.Close())
	}
	return order, err //nolint:wrapcheck // It is what the test looks at.
}

func TestTracesReportConnectionsAsOnASocket(t *testing.T) {
	t.Parallel()
	inBothModes(t, func(t *testing.T, cfg conversationtest.Config) {
		t.Helper()
		srv := start(t, cfg)
		host := strings.TrimPrefix(srv.BaseURL(), "http://")
		if cfg.InMemory {
			host = strings.TrimPrefix(srv.BaseURL(), "https://") + ":443"
		}

		order, err := traced(t, srv.Transport(), srv.BaseURL())
		require.NoError(t, err)
		assert.Equal(t, []string{"GetConn " + host, "GotConn", "WroteRequest", "GotFirstResponseByte"}, order)

		srv.Fault(conversationtest.Fault{Kind: conversationtest.FaultRefuse, Times: 1})
		order, err = traced(t, srv.Transport(), srv.BaseURL())
		require.ErrorIs(t, err, syscall.ECONNREFUSED)
		assert.Equal(t, []string{"GetConn " + host}, order)

		srv.Close()
		order, err = traced(t, srv.Transport(), srv.BaseURL())
		require.ErrorIs(t, err, syscall.ECONNREFUSED)
		assert.Equal(t, []string{"GetConn " + host}, order)
	})
}

func TestThereAreNoOtherHostsInMemory(t *testing.T) {
	t.Parallel()
	srv := start(t, conversationtest.Config{InMemory: true})

	_, err := plain(t, srv, "https://example.com/", nil) //nolint:bodyclose // There is none.

	failed, ok := errors.AsType[*net.DNSError](err)
	require.True(t, ok, "%v", err)
	assert.True(t, failed.IsNotFound)
	assert.Equal(t, "example.com", failed.Name)
}

func TestARequestWhoseContextIsOverGoesNowhere(t *testing.T) {
	t.Parallel()
	inBothModes(t, func(t *testing.T, cfg conversationtest.Config) {
		t.Helper()
		srv := start(t, cfg)
		ctx, cancel := context.WithCancelCause(t.Context())
		cause := errors.New("too late")
		cancel(cause)
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, srv.BaseURL(), nil)
		require.NoError(t, err)

		_, err = srv.Transport().RoundTrip(r) //nolint:bodyclose // There is none.

		require.ErrorIs(t, err, cause)
		assert.Empty(t, srv.Requests())
	})
}

func TestARequestThatIsHeldBackOnItsConnectionGoesNowhere(t *testing.T) {
	t.Parallel()
	inBothModes(t, func(t *testing.T, cfg conversationtest.Config) {
		t.Helper()
		srv := start(t, cfg)
		ctx, cancel := context.WithCancel(t.Context())
		ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: func(info httptrace.GotConnInfo) {
			cancel()
			_ = info.Conn.Close()
		}})
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, srv.BaseURL(), nil)
		require.NoError(t, err)

		_, err = srv.Transport().RoundTrip(r) //nolint:bodyclose // There is none.

		require.Error(t, err)
		assert.Empty(t, srv.Requests())
	})
}

func TestABodyThatCannotBeReadFailsTheRequest(t *testing.T) {
	t.Parallel()
	inBothModes(t, func(t *testing.T, cfg conversationtest.Config) {
		t.Helper()
		srv := start(t, cfg)
		broken := errors.New("broken")
		body := io.MultiReader(strings.NewReader("{"), failing{broken})

		_, err := plain(t, srv, srv.BaseURL()+"/v1/projects/"+srv.ProjectID()+"/contacts", body) //nolint:bodyclose // There is none.

		require.ErrorIs(t, err, broken)
	})
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

func TestABodyThatNeverEndsEndsWithTheContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := start(t, conversationtest.Config{InMemory: true})
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		body, _ := io.Pipe()
		r, err := http.NewRequestWithContext(ctx, http.MethodPost, srv.BaseURL(), body)
		require.NoError(t, err)

		_, err = srv.Transport().RoundTrip(r) //nolint:bodyclose // There is none.

		require.ErrorIs(t, err, context.DeadlineExceeded)
	})
}
