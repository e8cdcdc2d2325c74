package transport_test

import (
	"crypto/tls"
	"net/http"
	"net/http/cookiejar"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/internal/transport"
)

// roundTrip is a transport made of a function.
type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }

func get(t *testing.T) *http.Request {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://api.example/x", nil)
	require.NoError(t, err)
	return req
}

func TestHeadersThatCauseReplaysAreRemovedFromACopy(t *testing.T) {
	t.Parallel()
	req := get(t)
	req.Header = http.Header{"Idempotency-Key": {"a"}, "X-Idempotency-Key": {"b"}, "X-Other": {"c"}}
	var seen http.Header
	resp, err := transport.NeverReplayed{Next: roundTrip(func(req *http.Request) (*http.Response, error) {
		seen = req.Header
		return reply(http.StatusOK, "", 0), nil
	})}.RoundTrip(req)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	assert.Equal(t, http.Header{"X-Other": {"c"}}, seen)
	assert.Len(t, req.Header, 3, "the caller's request is not changed")
}

func TestALocationThatIsNotAURLIsRemoved(t *testing.T) {
	t.Parallel()
	for location, want := range map[string]string{"/y": "/y", "https://b.example": "https://b.example", "": "", "http://[": "", "%": ""} {
		resp, err := transport.ReadableRedirects{Next: roundTrip(func(*http.Request) (*http.Response, error) {
			answer := reply(http.StatusFound, "", 0)
			answer.Header = http.Header{"Location": {location}}
			return answer, nil
		})}.RoundTrip(get(t))
		require.NoError(t, err)
		require.NoError(t, resp.Body.Close())
		assert.Equal(t, want, resp.Header.Get("Location"), location)
	}
}

func TestAClientWithCookiesOrATimeoutIsKept(t *testing.T) {
	t.Parallel()
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	chain := roundTrip(func(*http.Request) (*http.Response, error) { return reply(http.StatusOK, "", 0), nil })
	for name, client := range map[string]*http.Client{"cookies": {Jar: jar}, "a timeout": {Timeout: time.Second}} {
		assert.Same(t, client, transport.NewDoer(client, chain), name)
	}
	assert.NotEqual(t, &http.Client{}, transport.NewDoer(&http.Client{}, chain))
}

func TestTheDirectClientChecksWhatTheTransportReturns(t *testing.T) {
	t.Parallel()
	do := func(resp *http.Response, err error) (*http.Response, error) {
		return transport.NewDoer(&http.Client{}, roundTrip(func(*http.Request) (*http.Response, error) { return resp, err })).Do(get(t))
	}
	_, err := do(nil, nil) //nolint:bodyclose // There is no response.
	require.Error(t, err)
	_, err = do(nil, tls.RecordHeaderError{RecordHeader: [5]byte([]byte("HTTP/"))}) //nolint:bodyclose // There is no response.
	require.ErrorIs(t, err, http.ErrSchemeMismatch)
	_, err = do(nil, tls.RecordHeaderError{}) //nolint:bodyclose // There is no response.
	require.NotErrorIs(t, err, http.ErrSchemeMismatch)
	resp, err := do(&http.Response{StatusCode: http.StatusNoContent}, nil)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	assert.Equal(t, http.NoBody, resp.Body)
}
