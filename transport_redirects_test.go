package conversation_test

import (
	"net/http"
	"net/http/cookiejar"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

// TestNoRedirectIsFollowedAnywhere plays the API and everything that it can redirect to, and looks who is asked.
func TestNoRedirectIsFollowedAnywhere(t *testing.T) {
	t.Parallel()
	const api = "api.test"
	targets := map[string]string{
		"the same host":     "https://api.test/elsewhere",
		"a relative path":   "/elsewhere?x=1",
		"another port":      "https://api.test:8443/v1/elsewhere",
		"a subdomain":       "https://eu.api.test/v1/elsewhere",
		"another host":      "https://evil.test/v1/elsewhere",
		"http":              "http://api.test/v1/elsewhere",
		"a name and a host": "https://user:pass@evil.test/elsewhere",
		"no scheme":         "//evil.test/elsewhere",
		"nonsense":          "http://[::1",
	}
	for target, location := range targets {
		for _, status := range []int{301, 302, 303, 307, 308} {
			t.Run(target+" "+http.StatusText(status), func(t *testing.T) {
				t.Parallel()
				for name, call := range everyCall() {
					asked, redirected := newRedirector(api, status, location)
					client, err := conversation.NewClient("project", staticToken(), conversation.WithBaseURL("https://"+api),
						conversation.WithBatchBaseURL("https://"+api), conversation.WithHTTPClient(redirected))
					require.NoError(t, err)
					var response conversation.Response
					err = call(t.Context(), client, conversation.WithResponse(&response))
					failed := as[*conversation.Error](t, err)
					assert.Equal(t, status, failed.StatusCode, name)
					assert.Equal(t, conversation.OutcomeRejected, conversation.OutcomeOf(err), name)
					assert.EqualValues(t, 1, asked.Load(), "%s was followed, or repeated", name)
				}
				checkTokenRedirect(t, status, location)
			})
		}
	}
}

// newRedirector makes an http.Client whose transport redirects the first request, and counts all of them. It follows
// redirects unless the SDK stops that.
func newRedirector(host string, status int, location string) (*atomic.Int64, *http.Client) {
	var asked atomic.Int64
	jar, _ := cookiejar.New(nil) // It never fails.
	return &asked, &http.Client{
		Jar: jar,
		CheckRedirect: func(*http.Request, []*http.Request) error {
			return nil // the caller's own policy, which must not count
		},
		Transport: roundTrip(func(req *http.Request) (*http.Response, error) {
			if asked.Add(1) > 1 || !strings.HasPrefix(req.URL.Host, host) {
				return response(req, 200, nil, strings.NewReader(`{"access_token":"stolen"}`)), nil
			}
			return response(req, status, http.Header{"Location": {location}}, strings.NewReader(`{}`)), nil
		}),
	}
}

// checkTokenRedirect redirects a token request, which carries the key secret.
func checkTokenRedirect(t *testing.T, status int, location string) {
	t.Helper()
	asked, redirected := newRedirector("auth.sinch.com", status, location)
	client, err := conversation.NewClient("project", conversation.WithOAuth2("key-id", "key-secret"),
		conversation.WithRegion(conversation.RegionEU), conversation.WithHTTPClient(redirected))
	require.NoError(t, err)
	err = get(t.Context(), client)
	require.ErrorAs(t, err, new(*conversation.AuthError))
	assert.EqualValues(t, 1, asked.Load(), "the token request was followed, or repeated")
}
