package conversationtest_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/conversationtest"
)

func TestAServerGeneratesWhatTheConfigLeavesOut(t *testing.T) {
	t.Parallel()
	one, two := newWire(t, conversationtest.Config{}).srv, newWire(t, conversationtest.Config{}).srv

	for name, get := range map[string]func(*conversationtest.Server) string{
		"project id": (*conversationtest.Server).ProjectID,
		"app id":     (*conversationtest.Server).AppID,
		"key id":     (*conversationtest.Server).KeyID,
		"key secret": (*conversationtest.Server).KeySecret,
		"base URL":   (*conversationtest.Server).BaseURL,
	} {
		assert.NotEmpty(t, get(one), name)
		assert.NotEqual(t, get(one), get(two), name)
	}
	assert.Equal(t, one.BaseURL()+"/oauth2/token", one.TokenURL())
	assert.True(t, strings.HasPrefix(one.BaseURL(), "http://127.0.0.1:"))
}

func TestAServerUsesItsConfig(t *testing.T) {
	t.Parallel()
	w := newWire(t, conversationtest.Config{
		ProjectID: "my project/1", AppID: "app", KeyID: "key", KeySecret: "secret", Addr: "0.0.0.0:0",
	})

	assert.Equal(t, []string{"my project/1", "app", "key", "secret"},
		[]string{w.srv.ProjectID(), w.srv.AppID(), w.srv.KeyID(), w.srv.KeySecret()})
	assert.True(t, strings.HasPrefix(w.srv.BaseURL(), "http://127.0.0.1:"))

	r := w.request(http.MethodGet, w.srv.BaseURL()+"/v1/projects/my%20project%2F1/messages", "")
	r.SetBasicAuth("key", "secret")
	assert.Equal(t, http.StatusOK, w.do(r).status)
}

func TestAServerThatCannotListenPanics(t *testing.T) {
	t.Parallel()
	taken := strings.TrimPrefix(newWire(t, conversationtest.Config{}).srv.BaseURL(), "http://")

	assert.Panics(t, func() { conversationtest.NewServer(conversationtest.Config{Addr: taken}) })
}

func TestUnknownOperationsAreUnimplemented(t *testing.T) {
	t.Parallel()
	w := newWire(t, conversationtest.Config{})
	for _, operation := range []string{"PATCH messages", "POST messages/1", "GET messages:send", "POST settings/1", "GET messages/", "POST nothing:at-all"} {
		method, path, _ := strings.Cut(operation, " ")
		w.call(method, path, "").fails(http.StatusNotImplemented, "UNIMPLEMENTED", path)
	}
}

func TestWhatIsOutsideTheProjectIsNotFound(t *testing.T) {
	t.Parallel()
	w := newWire(t, conversationtest.Config{})
	for _, path := range []string{"/", "/v1", "/v1/projects/", "/v1/projects/other/messages", "/v3/projects/" + w.srv.ProjectID() + "/messages"} {
		r := w.request(http.MethodGet, w.srv.BaseURL()+path, "")
		r.SetBasicAuth(w.srv.KeyID(), w.srv.KeySecret())
		w.do(r).fails(http.StatusNotFound, "NOT_FOUND", "not found")
	}
}

func TestEveryReplyHasAUniqueRequestID(t *testing.T) {
	t.Parallel()
	w := newWire(t, conversationtest.Config{})

	one, two := w.call(http.MethodGet, "messages", ""), w.call(http.MethodGet, "messages/none", "")

	assert.NotEmpty(t, one.header.Get("X-Request-Id"))
	assert.NotEqual(t, one.header.Get("X-Request-Id"), two.header.Get("X-Request-Id"))
}

func TestCloseEndsConnectionsThatAreKeptAlive(t *testing.T) {
	t.Parallel()
	srv := conversationtest.NewServer(conversationtest.Config{})
	w := wire{t: t, srv: srv}
	client := http.Client{Transport: &http.Transport{}}
	resp, err := client.Do(w.request(http.MethodGet, srv.BaseURL(), ""))
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())

	srv.Close()
	srv.Close()

	again, err := client.Do(w.request(http.MethodGet, srv.BaseURL(), ""))
	if err == nil {
		_ = again.Body.Close()
	}
	assert.Error(t, err)
}

func TestTwoProjectsCannotShareAnApp(t *testing.T) {
	t.Parallel()
	assert.Panics(t, func() {
		conversationtest.NewServer(conversationtest.Config{InMemory: true, AppID: "A", Projects: []conversationtest.Project{{AppID: "A"}}})
	})
}

func TestAServerPrintsSafelyWhileItIsUsed(t *testing.T) {
	t.Parallel()
	srv := start(t, conversationtest.Config{KeySecret: "hush"})
	client := srv.NewClient(t)
	var traffic sync.WaitGroup
	traffic.Go(func() {
		for range 20 {
			_, err := client.Apps.List(t.Context())
			assert.NoError(t, err)
		}
	})
	for range 20 {
		for _, format := range []string{"%s", "%v", "%+v", "%#v", "%d"} {
			assert.Equal(t, "conversationtest.Server{url: "+srv.BaseURL()+"}", fmt.Sprintf(format, srv), format)
		}
		assert.Equal(t, srv.String(), srv.LogValue().String())
	}
	traffic.Wait()
}
