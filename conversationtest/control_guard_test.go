package conversationtest_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/sinchgo/conversation/conversationtest"
)

func TestOnlyThisMachineSteersTheServerOnItsOwnAddress(t *testing.T) {
	t.Parallel()
	w := newWire(t, conversationtest.Config{ServeControl: true})
	port := mustPort(t, w.srv.BaseURL())
	for _, c := range []struct {
		host    string
		origins []string
		isOK    bool
	}{
		{host: "127.0.0.1:" + port, isOK: true},
		{host: "127.0.0.1", isOK: true},
		{host: "127.9.8.7:1", isOK: true},
		{host: "localhost:" + port, isOK: true},
		{host: "LOCALHOST", isOK: true},
		{host: "[::1]:" + port, isOK: true},
		{host: "[::1]", isOK: true},
		{host: "[::ffff:127.0.0.1]:1", isOK: true},
		{host: "localhost", origins: []string{"http://localhost:3000"}, isOK: true},
		{host: "localhost", origins: []string{"https://127.0.0.1"}, isOK: true},
		{host: "localhost", origins: []string{"http://[::1]:8080"}, isOK: true},

		{host: "evil.test:" + port},
		{host: "localhost.evil.test"},
		{host: "127.0.0.1.evil.test"},
		{host: "192.168.0.1"},
		{host: "0.0.0.0"},
		{host: "[::]:" + port},
		{host: "2130706433"},
		{host: "localhost", origins: []string{"https://evil.test"}},
		{host: "localhost", origins: []string{"https://localhost.evil.test"}},
		{host: "localhost", origins: []string{"https://localhost@evil.test"}},
		{host: "localhost", origins: []string{"null"}},
		{host: "localhost", origins: []string{""}},
		{host: "localhost", origins: []string{"localhost"}},
		{host: "localhost", origins: []string{"file://"}},
		{host: "localhost", origins: []string{"http://localhost", "https://evil.test"}},
	} {
		for _, path := range []string{"", "/", "/state", "/nothing"} {
			r := w.request(http.MethodGet, w.srv.BaseURL()+"/_fake"+path, "")
			r.Host = c.host
			r.Header["Origin"] = c.origins
			answer := w.do(r)
			if c.isOK {
				assert.NotEqual(t, http.StatusForbidden, answer.status, "%+v", c)
				continue
			}
			assert.Equal(t, http.StatusForbidden, answer.status, "%+v", c)
			assert.Contains(t, answer.body, "-control-addr", "%+v", c)
		}
	}
	assert.Empty(t, w.srv.Requests(), "the control API is not the API")
}

func mustPort(t *testing.T, base string) string {
	t.Helper()
	parsed, err := url.Parse(base)
	assert.NoError(t, err)
	return parsed.Port()
}

func TestTheServersAddressHasNoControlAPIUnlessItIsAskedFor(t *testing.T) {
	t.Parallel()
	w := newWire(t, conversationtest.Config{})
	for _, path := range []string{"/_fake", "/_fake/", "/_fake/state"} {
		assert.Equal(t, http.StatusUnauthorized, w.do(w.request(http.MethodGet, w.srv.BaseURL()+path, "")).status)
	}
	assert.Len(t, w.srv.Requests(), 3)
}

func TestAServerInMemoryCannotServeTheControlAPI(t *testing.T) {
	t.Parallel()
	assert.PanicsWithValue(t, "conversationtest: Config.ServeControl is set, but a server in memory has no address: use Server.Control", func() {
		conversationtest.NewServer(conversationtest.Config{InMemory: true, ServeControl: true})
	})
}

func TestAPathThatOnlyBeginsLikeTheControlAPIIsNotOfIt(t *testing.T) {
	t.Parallel()
	w := newWire(t, conversationtest.Config{ServeControl: true})
	assert.Equal(t, http.StatusUnauthorized, w.do(w.request(http.MethodGet, w.srv.BaseURL()+"/_faker", "")).status)
	assert.True(t, strings.HasPrefix(w.do(w.request(http.MethodGet, w.srv.BaseURL()+"/_fake", "")).body, `{"paths":[`))
}
