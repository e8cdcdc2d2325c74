package conversation_test

import (
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

func TestATransportThatReturnsNothingIsAnError(t *testing.T) {
	t.Parallel()
	client, err := conversation.NewClient("project", workingBasic(conversation.WithHTTPClient(&http.Client{
		Transport: roundTrip(func(*http.Request) (*http.Response, error) { return nil, nil }),
	}))...)
	require.NoError(t, err)
	_, err = client.Messages.Send(t.Context(), textMessage())
	require.ErrorContains(t, err, "neither a response nor an error")
	assert.Equal(t, conversation.OutcomeUnknown, conversation.OutcomeOf(err))
}

func TestAResponseWithoutABodyIsAnEmptyReply(t *testing.T) {
	t.Parallel()
	client, err := conversation.NewClient("project", workingBasic(conversation.WithHTTPClient(&http.Client{
		Transport: roundTrip(func(req *http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Request: req}, nil
		}),
	}))...)
	require.NoError(t, err)
	require.NoError(t, client.Messages.Delete(t.Context(), "M"))
	_, err = client.Messages.Get(t.Context(), "M")
	require.ErrorContains(t, err, "no body")
}

func TestAServerWithoutTLSIsNamed(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(answerWith(200, anyReply))
	defer server.Close()
	client, err := conversation.NewClient("project", conversation.WithBasicAuth("id", "secret"),
		conversation.WithBaseURL(strings.Replace(server.URL, "http:", "https:", 1)), conversation.WithRetry(conversation.NoRetry))
	require.NoError(t, err)
	_, err = client.Messages.Get(t.Context(), "M")
	require.ErrorIs(t, err, http.ErrSchemeMismatch)
}

func TestCookiesOfTheCallersClientAreKept(t *testing.T) {
	t.Parallel()
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	client, server := newTestClient(t, func(w http.ResponseWriter, _ *http.Request) {
		http.SetCookie(w, &http.Cookie{Name: "route", Value: "a"})
		_, _ = w.Write([]byte(`{"id":"M"}`))
	}, conversation.WithHTTPClient(&http.Client{Jar: jar}))
	for range 2 {
		_, err := client.Messages.Get(t.Context(), "M")
		require.NoError(t, err)
	}
	assert.Empty(t, server.requests()[0].header.Get("Cookie"))
	assert.Equal(t, "route=a", server.requests()[1].header.Get("Cookie"))
}

func TestTheTimeoutOfTheCallersClientIsKept(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		slow := &script{steps: []step{{status: 200, body: `{"id":"M"}`, takes: 3 * time.Second}}}
		client, err := conversation.NewClient("project", workingBasic(conversation.WithHTTPClient(&http.Client{Transport: slow, Timeout: time.Second}))...)
		require.NoError(t, err)
		started := time.Now()
		_, err = client.Messages.Get(t.Context(), "M")
		require.Error(t, err)
		assert.Equal(t, time.Second, time.Since(started))
	})
}
