package conversation_test

import (
	"net/http"
	"testing"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

func TestAddressesThatAreUnsafeForCredentialsAreRejected(t *testing.T) {
	t.Parallel()
	const hush = "hush"
	for name, tt := range map[string]struct{ address, reason string }{
		"empty":                     {"", "absolute URL"},
		"blank":                     {"  ", "absolute URL"},
		"relative":                  {"/v1/hush", "absolute URL"},
		"a host without a scheme":   {"api.test/hush", "absolute URL"},
		"a scheme without a host":   {"https:///hush", "absolute URL"},
		"a scheme and a port":       {"https://:443/hush", "absolute URL"},
		"an opaque address":         {"https:api.test/hush", "absolute URL"},
		"a broken escape":           {"https://api.test/%zz/hush", "valid URL"},
		"a broken port":             {"https://api.test:hush", "valid URL"},
		"a control character":       {"https://api.test/\x00hush", "valid URL"},
		"another scheme":            {"ftp://api.test/hush", "must use https"},
		"a file":                    {"file://localhost/etc/hush", "must use https"},
		"http to a host":            {"http://api.test/hush", "use https"},
		"http to a private address": {"http://10.0.0.1", "use https"},
		"http to any address":       {"http://0.0.0.0", "use https"},
		"http to a look-alike":      {"http://localhost.evil.test", "use https"},
		"http to 127.0.0.1.x":       {"http://127.0.0.1.evil.test", "use https"},
		"http behind a user name":   {"http://localhost@evil.test", "user name"},
		"a user and a password":     {"https://hush:hush@api.test", "user name"},
		"a query":                   {"https://api.test/?key=hush", "query"},
		"an empty query":            {"https://api.test/?", "query"},
		"a fragment":                {"https://api.test/#hush", "fragment"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := conversation.NewClient("PROJECT", conversation.WithBasicAuth("i", "s"), conversation.WithBaseURL(tt.address))
			requireRefused(t, err, "NewClient", "WithBaseURL")
			assert.ErrorContains(t, err, tt.reason)
			assert.NotContains(t, err.Error(), hush)

			_, err = conversation.NewClient("PROJECT", workingOptions(conversation.WithTokenURL(tt.address))...)
			requireRefused(t, err, "NewClient", "WithTokenURL")
			assert.ErrorContains(t, err, tt.reason)
			assert.NotContains(t, err.Error(), hush)
		})
	}
}

// sentTo returns the URL of the call that a client made with these options sends.
func sentTo(t *testing.T, opts ...conversation.Option) string {
	t.Helper()
	mock := httpmock.NewMockTransport()
	var got string
	mock.RegisterNoResponder(func(req *http.Request) (*http.Response, error) {
		got = req.URL.String()
		assert.Equal(t, req.URL.Host, req.Host)
		return httpmock.NewStringResponse(200, anyReply), nil
	})
	client, err := conversation.NewClient("PROJECT", append(opts,
		conversation.WithBasicAuth("i", "s"), conversation.WithHTTPClient(&http.Client{Transport: mock}))...)
	require.NoError(t, err)
	_, err = client.Messages.Get(t.Context(), "M")
	require.NoError(t, err)
	assert.Equal(t, 1, mock.GetTotalCallCount())
	return got
}

func TestEachRegionHasItsAddress(t *testing.T) {
	t.Parallel()
	for region, host := range map[conversation.Region]string{
		conversation.RegionUS: "us.conversation.api.sinch.com",
		conversation.RegionEU: "eu.conversation.api.sinch.com",
		conversation.RegionBR: "br.conversation.api.sinch.com",
	} {
		t.Run(string(region), func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, "https://"+host+"/v1/projects/PROJECT/messages/M", sentTo(t, conversation.WithRegion(region)))
		})
	}
}

func TestABaseURLReplacesTheRegionsAddress(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"https://api.test":                   "https://api.test",
		"https://api.test/":                  "https://api.test",
		"  https://api.test  ":               "https://api.test",
		"HTTPS://api.test:8443":              "https://api.test:8443",
		"https://api.test/prefix":            "https://api.test/prefix",
		"https://api.test/prefix/deep///":    "https://api.test/prefix/deep",
		"https://api.test/a%2Fb/":            "https://api.test/a%2Fb",
		"https://api.test/with space":        "https://api.test/with%20space",
		"https://xn--bcher-kva.test/b%C3%BC": "https://xn--bcher-kva.test/b%C3%BC",
		"http://localhost:8080":              "http://localhost:8080",
		"http://LOCALHOST":                   "http://LOCALHOST",
		"http://127.0.0.1:1":                 "http://127.0.0.1:1",
		"http://127.8.9.1/x/":                "http://127.8.9.1/x",
		"http://[::1]:8080/":                 "http://[::1]:8080",
	} {
		t.Run(address, func(t *testing.T) {
			t.Parallel()
			const path = "/v1/projects/PROJECT/messages/M"
			assert.Equal(t, want+path, sentTo(t, conversation.WithBaseURL(address)))
			assert.Equal(t, want+path, sentTo(t, conversation.WithRegion(conversation.RegionUS), conversation.WithBaseURL(address)))
			assert.Equal(t, want+path, sentTo(t, conversation.WithBaseURL(address), conversation.WithRegion(conversation.RegionUS)))
		})
	}
}

func TestABaseURLWithAPrefixReachesTheWire(t *testing.T) {
	t.Parallel()
	server := newWireServer(t, answerWith(200, anyReply))
	client, err := conversation.NewClient("PROJECT", conversation.WithBasicAuth("i", "s"), conversation.WithBaseURL(server.URL+"/proxy/a%2Fb/"))
	require.NoError(t, err)
	t.Cleanup(client.CloseIdleConnections)
	_, err = client.Messages.Get(t.Context(), "M")
	require.NoError(t, err)
	assert.Equal(t, "/proxy/a%2Fb/v1/projects/PROJECT/messages/M", server.only(t).uri)
}
