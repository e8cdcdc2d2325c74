package relay_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/webhook"
)

// TestTheInboxAnswersAsItsReceiverDoes posts callbacks that are rightly signed, and are not stored for another reason.
func TestTheInboxAnswersAsItsReceiverDoes(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	quiet := webhook.WithLogger(slog.New(slog.DiscardHandler))
	receiver, err := webhook.NewReceiver(quiet, webhook.WithAppSecrets(func(_ context.Context, appID string) ([]string, error) {
		if appID == "down" {
			return nil, errors.New("no route to the secrets")
		}
		return []string{"the secret of " + appID}, nil
	}))
	require.NoError(t, err)
	handler := b.Inbox().Handler(receiver)
	for name, tt := range map[string]struct {
		app, signer string
		age         time.Duration
		change      func(*http.Request)
		want        int
	}{
		"stored":                  {app: "A", signer: "A", want: 200},
		"too old":                 {app: "A", signer: "A", age: 48 * time.Hour, want: 503},
		"from the future":         {app: "A", signer: "A", age: -time.Hour, want: 503},
		"of another app":          {app: "A", signer: "B", want: 401},
		"secrets that are away":   {app: "down", signer: "down", want: 503},
		"a body that was read":    {app: "A", signer: "A", change: func(r *http.Request) { r.Body = http.NoBody }, want: 500},
		"a doubled nonce":         {app: "A", signer: "A", change: func(r *http.Request) { r.Header.Add(webhook.HeaderNonce, r.Header.Get(webhook.HeaderNonce)) }, want: 200},
		"two nonces":              {app: "A", signer: "A", change: func(r *http.Request) { r.Header.Add(webhook.HeaderNonce, "n") }, want: 400},
		"without its algorithm":   {app: "A", signer: "A", change: func(r *http.Request) { r.Header.Del(webhook.HeaderAlgorithm) }, want: 200},
		"without all its headers": {app: "A", signer: "A", change: func(r *http.Request) { r.Header = http.Header{} }, want: 401},
	} {
		body := []byte(`{"app_id":"` + tt.app + `","message":{"id":"M"}}`)
		req := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/sinch", bytes.NewReader(body))
		req.Header = webhook.Sign(body, "the secret of "+tt.signer, rand.Text(), time.Now().Add(-tt.age))
		if tt.change != nil {
			tt.change(req)
		}
		answer := httptest.NewRecorder()
		handler.ServeHTTP(answer, req)
		assert.Equal(t, tt.want, answer.Code, name)
		assert.Equal(t, tt.want == 503, answer.Header().Get("Retry-After") != "", name)
	}
}

func TestACallbackWithAByteOrderMarkIsStoredAndHandled(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	ids := heard(b.receiver, fine)
	marked := "\ufeff" + inbound("1", "c")
	require.Equal(t, http.StatusOK, b.post(t.Context(), marked, "n1"))
	assert.Equal(t, webhook.PartitionKey([]byte(inbound("1", "c"))), webhook.PartitionKey([]byte(marked)), "so it is in the lane of its conversation")
	run(t, b.Relay, b.receiver)
	assert.Equal(t, "1", next(t, ids))
	b.settled(t)
	assert.Empty(t, deadLetters(t, b.Relay))
}
