package relay_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
	"github.com/sinchgo/conversation/relay"
)

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }

// explode is where the panics of these tests happen.
func explode() { panic("on purpose, for +1 555 123 0000") }

// wrapped returns middleware that calls f for each send.
func wrapped(f func(next http.RoundTripper, req *http.Request) (*http.Response, error)) conversation.Option {
	return conversation.WithMiddleware(func(next http.RoundTripper) http.RoundTripper {
		return roundTrip(func(req *http.Request) (*http.Response, error) {
			if !strings.HasSuffix(req.URL.Path, ":send") {
				return next.RoundTrip(req)
			}
			return f(next, req)
		})
	})
}

func TestAPanicOfMiddlewareLeavesTheEntryUnknown(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		middleware conversation.Option
		sent       int
	}{
		"before the request": {wrapped(func(http.RoundTripper, *http.Request) (*http.Response, error) { explode(); return nil, io.EOF }), 0},
		"after the response": {wrapped(func(next http.RoundTripper, req *http.Request) (*http.Response, error) {
			defer explode()
			return next.RoundTrip(req)
		}), 1},
		"in every request, of the app too": {conversation.WithMiddleware(func(http.RoundTripper) http.RoundTripper {
			return roundTrip(func(*http.Request) (*http.Response, error) { explode(); return nil, io.EOF })
		}), 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, _ := engine(t)
			srv := conversationtest.NewServer(conversationtest.Config{})
			t.Cleanup(srv.Close)
			require.NoError(t, r.Outbox().Enqueue(t.Context(), message(srv.AppID()), relay.Entry{ID: "a"}))
			work(t, r, srv.NewClient(t, test.middleware))
			status := inState(t, r, "a", relay.StateUnknown)
			assert.Contains(t, status.Reason, "relay_test.explode outbox_panic_test.go:")
			assert.NotContains(t, status.Reason, "123 0000")
			assert.Len(t, srv.Sent(), test.sent)
		})
	}
}

func TestAPanicAfterAFailedDialIsNotSentAndRetried(t *testing.T) {
	t.Parallel()
	r, _ := engine(t)
	srv := conversationtest.NewServer(conversationtest.Config{})
	t.Cleanup(srv.Close)
	var sends atomic.Int64
	type firstSend struct{}
	var dialer net.Dialer
	transport := &http.Transport{DisableKeepAlives: true, DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
		if ctx.Value(firstSend{}) != nil {
			return nil, errors.New("connection refused")
		}
		return dialer.DialContext(ctx, network, address)
	}}
	client := srv.NewClient(t, conversation.WithHTTPClient(&http.Client{Transport: transport}),
		wrapped(func(next http.RoundTripper, req *http.Request) (*http.Response, error) {
			if sends.Add(1) > 1 {
				return next.RoundTrip(req)
			}
			resp, err := next.RoundTrip(req.WithContext(context.WithValue(req.Context(), firstSend{}, true)))
			_ = resp.StatusCode // without a look at the error
			return resp, err
		}))
	require.NoError(t, r.Outbox().Enqueue(t.Context(), message(srv.AppID()), relay.Entry{ID: "a"}))
	work(t, r, client)
	status := inState(t, r, "a", relay.StateAccepted)
	assert.Equal(t, 2, status.Attempts)
	assert.Len(t, srv.Sent(), 1)
}
