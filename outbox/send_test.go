package outbox_test

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/outbox"
)

var errClosed = errors.New("the gate is closed")

func open() error   { return nil }
func closed() error { return errClosed }

func message() *conversation.SendMessageRequest {
	return &conversation.SendMessageRequest{
		AppID: "APP", Recipient: conversation.ToChannel(conversation.ChannelSMS, "15551230000"), Message: conversation.Text("Hello."),
	}
}

// api is a server that answers sends with its statuses in turn, and then with the last of them.
type api struct {
	*httptest.Server

	tokens, sends atomic.Int64
}

func newAPI(t *testing.T, protocol string, statuses ...int) *api {
	t.Helper()
	a := &api{}
	a.Server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		assert.Equal(t, protocol == "HTTP/2", req.ProtoMajor == 2)
		w.Header().Set("Content-Type", "application/json")
		switch {
		case req.URL.Path == "/oauth2/token":
			_, _ = fmt.Fprintf(w, `{"access_token":"token-%d","token_type":"bearer","expires_in":3600}`, a.tokens.Add(1))
		case strings.HasSuffix(req.URL.Path, "/messages:send"):
			w.WriteHeader(statuses[min(int(a.sends.Add(1)), len(statuses))-1])
			_, _ = io.WriteString(w, `{"message_id":"01ARZ3NDEKTSV4RRFFQ69G5FAV"}`)
		default:
			_, _ = io.WriteString(w, "{}")
		}
	}))
	switch protocol {
	case "HTTP/1":
		a.Start()
	case "HTTP/1 with TLS":
		a.StartTLS()
	case "HTTP/2":
		a.EnableHTTP2 = true
		a.StartTLS()
	}
	t.Cleanup(a.Close)
	return a
}

func (a *api) client(t *testing.T) *conversation.Client {
	t.Helper()
	client, err := conversation.NewClient("PROJECT", conversation.WithOAuth2("KEY", "SECRET"), conversation.WithBaseURL(a.URL),
		conversation.WithTokenURL(a.URL+"/oauth2/token"), conversation.WithHTTPClient(a.Client()))
	require.NoError(t, err)
	return client
}

func TestARequestDoesNotPassAClosedGate(t *testing.T) {
	t.Parallel()
	for _, protocol := range []string{"HTTP/1", "HTTP/1 with TLS", "HTTP/2"} {
		t.Run(protocol, func(t *testing.T) {
			t.Parallel()
			api := newAPI(t, protocol, http.StatusOK)
			client := api.client(t)
			for range 20 { // the first has a new connection, the others may have an idle one
				_, err := outbox.Send(t.Context(), client, message(), closed)
				require.ErrorIs(t, err, errClosed)
			}
			assert.Zero(t, api.sends.Load())
			sent, err := outbox.Send(t.Context(), client, message(), open)
			require.NoError(t, err)
			assert.Equal(t, "01ARZ3NDEKTSV4RRFFQ69G5FAV", sent.MessageID)
			_, err = outbox.Send(t.Context(), client, message(), closed) // on the connection of the request before
			require.ErrorIs(t, err, errClosed)
			assert.Equal(t, int64(1), api.sends.Load())
		})
	}
}

func TestARequestThatIsHeldBackLeavesOthersOfItsConnectionAlone(t *testing.T) {
	t.Parallel()
	arrived, answer := make(chan struct{}), make(chan struct{})
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		close(arrived)
		<-answer
		_, _ = io.WriteString(w, `{"message_id":"01ARZ3NDEKTSV4RRFFQ69G5FAV"}`)
	}))
	server.EnableHTTP2 = true
	server.StartTLS()
	t.Cleanup(server.Close)
	client, err := conversation.NewClient("PROJECT", conversation.WithBasicAuth("KEY", "SECRET"), conversation.WithBaseURL(server.URL),
		conversation.WithHTTPClient(server.Client()))
	require.NoError(t, err)
	sent := make(chan error)
	go func() {
		_, err := outbox.Send(t.Context(), client, message(), open)
		sent <- err
	}()
	<-arrived
	_, err = outbox.Send(t.Context(), client, message(), closed)
	require.ErrorIs(t, err, errClosed)
	close(answer)
	require.NoError(t, <-sent)
}

// over returns a client of a transport.
func over(t *testing.T, transport roundTrip) *conversation.Client {
	t.Helper()
	client, err := conversation.NewClient("PROJECT", conversation.WithBasicAuth("KEY", "SECRET"), conversation.WithRegion(conversation.RegionEU),
		conversation.WithHTTPClient(&http.Client{Transport: transport}))
	require.NoError(t, err)
	return client
}

// HTTP/1 may write a request that is canceled: only a closed connection stops it.
func TestTheConnectionOfARequestThatIsHeldBackIsClosed(t *testing.T) {
	t.Parallel()
	conn, _ := net.Pipe()
	var after error
	client := over(t, func(req *http.Request) (*http.Response, error) {
		httptrace.ContextClientTrace(req.Context()).GotConn(httptrace.GotConnInfo{Conn: conn})
		after = conn.SetDeadline(time.Time{})
		return nil, req.Context().Err()
	})
	_, err := outbox.Send(t.Context(), client, message(), closed)
	require.ErrorIs(t, err, errClosed)
	require.ErrorIs(t, after, io.ErrClosedPipe)
}

// A transport may retry a request that was held back, on another connection.
func TestARequestThatPassesTheGateLaterIsNotHeldBack(t *testing.T) {
	t.Parallel()
	client := over(t, func(req *http.Request) (*http.Response, error) {
		trace := httptrace.ContextClientTrace(req.Context())
		trace.GotConn(httptrace.GotConnInfo{})
		trace.GotConn(httptrace.GotConnInfo{})
		return nil, io.ErrUnexpectedEOF
	})
	connections := 0
	_, err := outbox.Send(t.Context(), client, message(), func() error {
		if connections++; connections == 1 {
			return errClosed
		}
		return nil
	})
	require.NotErrorIs(t, err, errClosed)
	require.ErrorAs(t, err, new(*conversation.TransportError))
	assert.Equal(t, conversation.OutcomeUnknown, outbox.OutcomeOf(err))
}

func TestARejectedTokenIsReportedIfTheNextRequestIsHeldBack(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		pass     int   // requests that the gate lets pass
		statuses []int // of the answers
		sends    int64
		want     error
	}{
		"the first is held back":    {0, []int{401}, 0, errClosed},
		"the second is held back":   {1, []int{401}, 1, outbox.ErrTokenRejected},
		"the second is rejected":    {2, []int{401}, 2, conversation.ErrUnauthorized},
		"the second is accepted":    {2, []int{401, 200}, 2, nil},
		"the token is not at fault": {1, []int{503}, 1, conversation.ErrUnavailable},
	} {
		for _, protocol := range []string{"HTTP/1", "HTTP/2"} {
			t.Run(name+", "+protocol, func(t *testing.T) {
				t.Parallel()
				api := newAPI(t, protocol, c.statuses...)
				client := api.client(t)
				_, err := client.Apps.List(t.Context())
				require.NoError(t, err, "a client replaces a rejected token if it is of an earlier call")
				requests := 0
				_, err = outbox.Send(t.Context(), client, message(), func() error {
					if requests++; requests > c.pass {
						return errClosed
					}
					return nil
				})
				require.ErrorIs(t, err, c.want)
				assert.Equal(t, c.sends, api.sends.Load())
			})
		}
	}
}

func TestAnErrorHasAnOutcome(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		failure error
		want    conversation.Outcome
		works   bool
	}{
		"accepted":               {nil, conversation.OutcomeAccepted, true},
		"rejected by Sinch":      {&conversation.Error{StatusCode: 400}, conversation.OutcomeRejected, true},
		"rejected by the client": {fmt.Errorf("send: %w", &conversation.ArgumentError{}), conversation.OutcomeRejected, true},
		"throttled":              {&conversation.Error{StatusCode: 429}, conversation.OutcomeNotSent, true},
		"a rejected token":       {fmt.Errorf("send: %w", outbox.ErrTokenRejected), conversation.OutcomeNotSent, true},
		"no token":               {&conversation.AuthError{StatusCode: 503}, conversation.OutcomeNotSent, false},
		"a server error":         {&conversation.Error{StatusCode: 503}, conversation.OutcomeUnknown, false},
		"a panic":                {&outbox.PanicError{}, conversation.OutcomeUnknown, false},
		"another error":          {io.ErrUnexpectedEOF, conversation.OutcomeUnknown, false},
	} {
		assert.Equal(t, c.want, outbox.OutcomeOf(c.failure), name)
		assert.Equal(t, c.works, outbox.Works(c.want, c.failure), name)
		assert.Equal(t, name == "throttled", outbox.IsThrottled(c.failure), name)
	}
}
