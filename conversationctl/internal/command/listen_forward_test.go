package command

import (
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
	"github.com/sinchgo/conversation/webhook"
)

// newTarget serves a handler and returns its URL.
func newTarget(t *testing.T, handler http.Handler) string {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server.URL
}

func readFile(t *testing.T, path string) string {
	t.Helper()
	content, err := os.ReadFile(path)
	require.NoError(t, err)
	return string(content)
}

func TestListenForwardsTheBytesAndHeadersAsTheyCame(t *testing.T) {
	t.Parallel()
	target := &recordingTarget{}
	running, address := listenFor(t, "--forward-to="+newTarget(t, target)+"/sinch?a=b")
	body := "{ \"app_id\":\"\\u0041\",\r\n \"future\" : 1.00 }\n"
	header := signed(body)
	header["X-Custom"] = []string{"1", "2"}
	header["User-Agent"] = []string{"Sinch"}
	header["Authorization"] = []string{"Bearer of-the-webhook"}
	header["Accept-Encoding"] = []string{"br"}
	assert.Equal(t, http.StatusOK, post(t, address, body, header.Clone()))
	got := running.interrupt(t)
	require.Len(t, target.requests(), 1)
	assert.Equal(t, body, target.requests()[0].body)
	header["Content-Length"] = target.requests()[0].header["Content-Length"]
	assert.Equal(t, header, target.requests()[0].header)
	assert.Contains(t, got.stdout, "-> 200")
	assert.NotContains(t, got.stderr, "of-the-webhook")
}

func TestListenForwardsToAReceiverWithTheSameSecret(t *testing.T) {
	t.Parallel()
	receiver, err := webhook.NewReceiver(webhook.WithSecret(testSecret))
	require.NoError(t, err)
	srv := conversationtest.NewServer(conversationtest.Config{})
	t.Cleanup(srv.Close)
	running, address := listenFor(t, "--forward-to="+newTarget(t, receiver))
	addWebhook(t, srv, address, testSecret, conversation.TriggerMessageInbound)
	srv.Receive(conversationtest.From("SMS", testNumber[1:]), conversationtest.InboundText(testText))
	require.NoError(t, srv.WaitForCallbacks(t.Context()))
	assert.True(t, srv.Callbacks()[0].Delivered)
	assert.Contains(t, running.interrupt(t).stdout, "-> 200")
}

func TestListenPassesTheAnswerOfTheTargetOn(t *testing.T) {
	t.Parallel()
	for answer, want := range map[int]int{200: 200, 204: 200, 302: 503, 401: 401, 404: 404, 500: 503, 502: 503, 0: 503} {
		target := &recordingTarget{answer: func(received) int { return answer }}
		address := newTarget(t, target)
		if answer == 0 {
			address = "http://" + freeAddress(t) + "/?token=private"
		}
		running, listens := listenFor(t, "--forward-to="+address, "-v")
		assert.Equal(t, want, post(t, listens, inbound, signed(inbound)), answer)
		got := running.interrupt(t)
		assert.Equal(t, exitOK, got.code)
		assert.Equal(t, 1, strings.Count(got.stdout, "-> "), answer)
		assert.LessOrEqual(t, len(target.requests()), 1, answer)
		assert.NotContains(t, got.stdout+got.stderr, "private")
		assertDiscreet(t, got.stderr, testSecret)
	}
}

func TestACallbackThatTheTargetFailsIsDeliveredAgain(t *testing.T) {
	t.Parallel()
	target := &recordingTarget{}
	target.answer = func(received) int {
		if len(target.requests()) == 1 {
			return http.StatusInternalServerError
		}
		return http.StatusOK
	}
	srv := conversationtest.NewServer(conversationtest.Config{Callbacks: conversationtest.CallbackConfig{RetryDelay: 1}})
	t.Cleanup(srv.Close)
	running, address := listenFor(t, "--forward-to="+newTarget(t, target))
	addWebhook(t, srv, address, testSecret, conversation.TriggerMessageInbound)
	srv.Receive(conversationtest.From("SMS", testNumber[1:]), conversationtest.InboundText(testText))
	require.NoError(t, srv.WaitForCallbacks(t.Context()))
	got := running.interrupt(t)
	assert.Len(t, target.requests(), 2)
	lines := strings.Split(strings.TrimSpace(got.stdout), "\n")
	require.Len(t, lines, 2)
	assert.True(t, strings.HasSuffix(lines[0], "-> 500"))
	assert.True(t, strings.HasSuffix(lines[1], "redelivered  -> 200"))
}
