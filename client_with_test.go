package conversation_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

// recorded is a transport that answers every request and keeps it.
type recorded struct{ requests []*http.Request }

func (r *recorded) RoundTrip(req *http.Request) (*http.Response, error) {
	r.requests = append(r.requests, req)
	return &http.Response{
		StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}}, Request: req,
		Body: io.NopCloser(strings.NewReader(anyReply)),
	}, nil
}

func clientToRecord(t *testing.T, opts ...conversation.Option) (*conversation.Client, *recorded) {
	t.Helper()
	transport := new(recorded)
	client, err := conversation.NewClient("PROJECT", append([]conversation.Option{
		conversation.WithBasicAuth("id", "secret"), conversation.WithHTTPClient(&http.Client{Transport: transport}),
		conversation.WithRegion(conversation.RegionEU),
	}, opts...)...)
	require.NoError(t, err)
	return client, transport
}

func TestWithReplacesWhatItIsPassedAndKeepsTheRest(t *testing.T) {
	t.Parallel()
	client, transport := clientToRecord(t, conversation.WithUserAgent("shop/1"))
	for name, test := range map[string]struct {
		opts []conversation.Option
		host string
		user string
	}{
		"nothing":            {nil, "eu.conversation.api.sinch.com", "id"},
		"region":             {[]conversation.Option{conversation.WithRegion(conversation.RegionBR)}, "br.conversation.api.sinch.com", "id"},
		"base URL":           {[]conversation.Option{conversation.WithBaseURL("https://proxy.example")}, "proxy.example", "id"},
		"credential":         {[]conversation.Option{conversation.WithBasicAuth("other", "secret")}, "eu.conversation.api.sinch.com", "other"},
		"region, credential": {[]conversation.Option{conversation.WithBasicAuth("other", "s"), conversation.WithRegion("us")}, "us.conversation.api.sinch.com", "other"},
	} {
		other, err := client.With(test.opts...)
		require.NoError(t, err, name)
		again, err := other.With(conversation.WithTimeout(time.Minute)) // a client of With has no two credentials
		require.NoError(t, err, name)
		for _, c := range []*conversation.Client{other, again} {
			transport.requests = nil
			_, err = c.Apps.Get(t.Context(), "APP")
			require.NoError(t, err, name)
			request := transport.requests[0]
			user, _, _ := request.BasicAuth()
			assert.Equal(t, test.host, request.URL.Host, name)
			assert.Equal(t, test.user, user, name)
			assert.Equal(t, "https://"+test.host, c.BaseURL(), name)
			assert.Contains(t, request.UserAgent(), "shop/1", name)
		}
	}
	assert.Equal(t, "https://eu.conversation.api.sinch.com", client.BaseURL(), "the client itself is as before")
	assert.Equal(t, "PROJECT", client.ProjectID())
}

func TestWithAddsMiddleware(t *testing.T) {
	t.Parallel()
	var seen []string
	note := func(name string) conversation.Option {
		return conversation.WithMiddleware(func(next http.RoundTripper) http.RoundTripper {
			return roundTripper(func(req *http.Request) (*http.Response, error) {
				seen = append(seen, name)
				return next.RoundTrip(req)
			})
		})
	}
	client, _ := clientToRecord(t, note("first"))
	other, err := client.With(note("second"))
	require.NoError(t, err)
	_, err = other.Apps.Get(t.Context(), "APP")
	require.NoError(t, err)
	assert.Equal(t, []string{"first", "second"}, seen)
	_, err = client.Apps.Get(t.Context(), "APP")
	require.NoError(t, err)
	assert.Equal(t, []string{"first", "second", "first"}, seen)
}

func TestWithRejectsWhatNewClientRejects(t *testing.T) {
	t.Parallel()
	client, _ := clientToRecord(t)
	for field, opts := range map[string][]conversation.Option{
		"WithRegion":    {conversation.WithRegion("mars")},
		"WithBasicAuth": {conversation.WithBasicAuth("", "")},
		"credentials":   {conversation.WithBasicAuth("i", "s"), conversation.WithOAuth2("i", "s")},
		"WithBaseURL":   {conversation.WithBaseURL("http://example.com")},
		"option 0":      {nil},
	} {
		_, err := client.With(opts...)
		var problem *conversation.ArgumentError
		require.ErrorAs(t, err, &problem, field)
		assert.Equal(t, field, problem.Field)
	}
}

func TestWithOfAClientFromTheEnvironment(t *testing.T) { //nolint:paralleltest // It sets environment variables.
	for name, value := range map[string]string{
		"SINCH_PROJECT_ID": "PROJECT", "SINCH_KEY_ID": "id", "SINCH_KEY_SECRET": "secret", "SINCH_CONVERSATION_REGION": "eu",
	} {
		t.Setenv(name, value)
	}
	client, err := conversation.NewClientFromEnv()
	require.NoError(t, err)
	other, err := client.With(conversation.WithRegion(conversation.RegionUS))
	require.NoError(t, err)
	assert.Equal(t, "https://us.conversation.api.sinch.com", other.BaseURL())
	assert.Contains(t, other.String(), "dialect: platform")
}
