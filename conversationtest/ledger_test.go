package conversationtest_test

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/conversationtest"
)

func TestTheLedgerHoldsAcceptedSendsInOrder(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	w := newWire(t, conversationtest.Config{Clock: func() time.Time { return at }})
	require.Empty(t, w.srv.Sent())

	one := w.send(w.text("one", "15551230001"))
	w.call(http.MethodPost, "messages:send", `{}`)
	two := w.send(w.text("two", "15551230001"))

	sent := w.srv.Sent()
	require.Len(t, sent, 2)
	assert.Equal(t, []string{one, two}, []string{sent[0].MessageID, sent[1].MessageID})
	assert.Equal(t, "two", sent[1].Request.Message.TextMessage.Text)
	assert.Equal(t, at, sent[0].AcceptedTime)
	assert.JSONEq(t, w.text("one", "15551230001"), string(sent[0].Body))
}

func TestEveryRequestIsRecordedWithItsAnswer(t *testing.T) {
	t.Parallel()
	w := newWire(t, conversationtest.Config{})
	w.token()
	w.call(http.MethodGet, "messages/a%2Fb?view=X", "")
	w.call(http.MethodPost, "messages:send", w.text("hi", "15551230001"))
	w.listAs("")

	requests := w.srv.Requests()

	require.Len(t, requests, 4)
	project := "/v1/projects/" + w.srv.ProjectID()
	assert.Equal(t, "/oauth2/token", requests[0].Path)
	assert.Equal(t, grant, string(requests[0].Body))
	assert.Equal(t, http.MethodGet, requests[1].Method)
	assert.Equal(t, project+"/messages/a%2Fb", requests[1].Path)
	assert.Equal(t, url.Values{"view": {"X"}}, requests[1].Query)
	assert.JSONEq(t, w.text("hi", "15551230001"), string(requests[2].Body))
	var statuses []int
	for _, request := range requests {
		statuses = append(statuses, request.Status)
	}
	assert.Equal(t, []int{200, 404, 200, 401}, statuses)
}

func TestRecordedRequestsDoNotShowCredentials(t *testing.T) {
	t.Parallel()
	w := newWire(t, conversationtest.Config{})
	w.listAs("Bearer " + w.token())

	requests := w.srv.Requests()

	require.Len(t, requests, 2)
	assert.Equal(t, "Basic [redacted]", requests[0].Header.Get("Authorization"))
	assert.Equal(t, "Bearer [redacted]", requests[1].Header.Get("Authorization"))
}
