package conversationtest_test

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

// sentRequest is a request as the SDK sent it.
type sentRequest struct {
	method string
	url    *url.URL
	header http.Header
	body   string
}

// wiretap is a transport that records the requests and always returns the same reply, except to those for a token.
type wiretap struct {
	status int
	reply  string
	sent   []sentRequest
}

func (w *wiretap) RoundTrip(r *http.Request) (*http.Response, error) {
	var body []byte
	if r.Body != nil {
		var err error
		if body, err = io.ReadAll(r.Body); err != nil {
			return nil, err
		}
		if err := r.Body.Close(); err != nil {
			return nil, err
		}
	}
	reply, status := w.reply, w.status
	if r.URL.Path == "/oauth2/token" {
		reply, status = `{"access_token":"TOKEN","token_type":"bearer","expires_in":3600}`, http.StatusOK
	} else {
		w.record(r, body)
	}
	return &http.Response{
		StatusCode: status,
		Header:     http.Header{"Content-Type": {"application/json"}},
		Body:       io.NopCloser(strings.NewReader(reply)),
		Request:    r,
	}, nil
}

func (w *wiretap) record(r *http.Request, body []byte) {
	w.sent = append(w.sent, sentRequest{method: r.Method, url: r.URL, header: r.Header.Clone(), body: string(body)})
}

// only returns the only request that was sent.
func (w *wiretap) only(t *testing.T) sentRequest {
	t.Helper()
	require.Len(t, w.sent, 1)
	return w.sent[0]
}

// anyReply is a reply that has what every operation returns: its id.
const anyReply = `{"id":"ID","message_id":"ID","event_id":"ID","batch_id":"ID"}`

// tappedClient returns a client whose transport is a wiretap.
func tappedClient(t *testing.T, dialect conversation.Dialect, status int, reply string) (*conversation.Client, *wiretap) {
	t.Helper()
	tap := &wiretap{status: status, reply: reply}
	client, err := conversation.NewClient(contractIDs["project_id"],
		conversation.WithOAuth2("key-id", "key-secret"),
		conversation.WithTokenURL("https://api.test/oauth2/token"),
		conversation.WithBaseURL("https://api.test"),
		conversation.WithBatchBaseURL("https://batches.test"),
		conversation.WithHTTPClient(&http.Client{Transport: tap}),
		conversation.WithRetry(conversation.NoRetry),
		conversation.WithDialect(dialect))
	require.NoError(t, err)
	return client, tap
}
