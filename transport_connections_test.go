package conversation_test

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

func TestADialOrTLSFailureIsNotSentAndRetried(t *testing.T) {
	t.Parallel()
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	plain := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(plain.Close)
	untrusted := httptest.NewUnstartedServer(http.NotFoundHandler())
	untrusted.Config.ErrorLog = log.New(io.Discard, "", 0)
	untrusted.StartTLS()
	t.Cleanup(untrusted.Close)
	unknownHost := &http.Client{Transport: &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) {
		return nil, &net.DNSError{Err: "no such host", IsNotFound: true}
	}}}
	for _, tt := range []struct {
		name, address string
		opts          []conversation.Option
	}{
		{"refused", closed.URL, nil},
		{"no TLS there", strings.Replace(plain.URL, "http:", "https:", 1), nil},
		{"untrusted", untrusted.URL, nil},
		{"no such host", "https://nowhere.invalid", []conversation.Option{conversation.WithHTTPClient(unknownHost)}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			client := dialing(t, tt.address, tt.opts...)
			err := sendCall.do(t.Context(), client)
			failed, ok := errors.AsType[*conversation.TransportError](err)
			require.True(t, ok, "%v", err)
			assert.Equal(t, 3, failed.Attempts)
			assert.Equal(t, conversation.OutcomeNotSent, conversation.OutcomeOf(err))
			assert.NotContains(t, err.Error(), "/v1/projects", "no URL in the text")
		})
	}
}

func TestATimeoutWhileDialingIsNotSentAndAfterwardsUnknown(t *testing.T) {
	t.Parallel()
	hanging := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		<-r.Context().Done()
	}))
	defer hanging.Close()
	stuck := &http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	}}}
	short := conversation.WithRequestTimeout(20 * time.Millisecond)

	err := sendCall.do(t.Context(), dialing(t, hanging.URL, conversation.WithHTTPClient(stuck)), short)
	require.ErrorIs(t, err, context.DeadlineExceeded)
	assert.Equal(t, conversation.OutcomeNotSent, conversation.OutcomeOf(err))

	err = sendCall.do(t.Context(), dialing(t, hanging.URL), short)
	require.ErrorIs(t, err, context.DeadlineExceeded)
	assert.Equal(t, conversation.OutcomeUnknown, conversation.OutcomeOf(err))
}

func TestHTTP2ConnectionsAreSeenToo(t *testing.T) {
	t.Parallel()
	var requests atomic.Int64
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		assert.Equal(t, 2, r.ProtoMajor)
		requests.Add(1)
		panic(http.ErrAbortHandler) // resets the stream
	}))
	server.EnableHTTP2 = true
	server.StartTLS()
	defer server.Close()
	client := dialing(t, server.URL, conversation.WithHTTPClient(server.Client()))
	require.ErrorIs(t, sendCall.do(t.Context(), client), conversation.ErrMaybeSent)
	assert.EqualValues(t, 1, requests.Load())
}

func TestConnectionsAreUsedAgainWhateverTheAnswer(t *testing.T) {
	t.Parallel()
	var connections atomic.Int64
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.Method {
		case http.MethodPost:
			w.WriteHeader(http.StatusBadRequest)
			_, _ = io.WriteString(w, strings.Repeat("x", 100_000))
		case http.MethodDelete:
			_, _ = io.WriteString(w, "{}"+strings.Repeat(" ", 100_000))
		default:
			_, _ = io.WriteString(w, `{"id":"m"}`)
		}
	}))
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			connections.Add(1)
		}
	}
	server.Start()
	defer server.Close()
	client := dialing(t, server.URL)
	for range 20 {
		require.NoError(t, getCall.do(t.Context(), client))
		require.Error(t, sendCall.do(t.Context(), client))
		require.NoError(t, deleteCall.do(t.Context(), client))
	}
	assert.EqualValues(t, 1, connections.Load())
}

func TestCloseIdleConnectionsClosesThem(t *testing.T) {
	t.Parallel()
	var group sync.WaitGroup
	group.Add(1)
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"id":"m"}`)
	}))
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateClosed {
			group.Done()
		}
	}
	server.Start()
	defer server.Close()
	client := dialing(t, server.URL, conversation.WithMiddleware(func(next http.RoundTripper) http.RoundTripper {
		return roundTripper(next.RoundTrip)
	}))
	require.NoError(t, getCall.do(t.Context(), client))
	client.CloseIdleConnections()
	group.Wait() // hangs if the connection stays
}

func TestAWholeCallOverTLSWorksWithTheCallersRoots(t *testing.T) {
	t.Parallel()
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		assert.GreaterOrEqual(t, r.TLS.Version, uint16(tls.VersionTLS12))
		_, _ = io.WriteString(w, `{"message_id":"m"}`)
	}))
	defer server.Close()
	require.NoError(t, sendCall.do(t.Context(), dialing(t, server.URL, conversation.WithHTTPClient(server.Client()))))
}
