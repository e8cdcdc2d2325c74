package conversationtest_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

// batchWire is a wire to the Batch API, which accepts only a token.
type batchWire struct {
	wire
	token string
}

func newBatchWire(t *testing.T, cfg conversationtest.Config) batchWire {
	t.Helper()
	w := newWire(t, cfg)
	r := w.request(http.MethodPost, w.srv.TokenURL(), "grant_type=client_credentials")
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.SetBasicAuth(w.srv.KeyID(), w.srv.KeySecret())
	var fetched struct {
		AccessToken string `json:"access_token"`
	}
	w.do(r).decode(&fetched)
	return batchWire{w, fetched.AccessToken}
}

// on sends a request to a path of the Batch API below the project.
func (w batchWire) on(method, path, body string) answer {
	w.t.Helper()
	r := w.request(method, w.srv.BatchURL()+"/v1/projects/"+w.srv.ProjectID()+"/"+path, body)
	r.Header.Set("Authorization", "Bearer "+w.token)
	return w.do(r)
}

// sendBatch sends a batch with these fields.
func (w batchWire) sendBatch(fields string) conversation.SendBatchResponse {
	w.t.Helper()
	var sent conversation.SendBatchResponse
	w.on(http.MethodPost, "messages", `{"app_id": "`+w.srv.AppID()+`", `+fields+`}`).decode(&sent)
	require.Len(w.t, sent.BatchID, 26)
	return sent
}

// sendText sends a text to one recipient, with further fields.
func (w batchWire) sendText(fields string) conversation.SendBatchResponse {
	w.t.Helper()
	return w.sendBatch(fields + `, "message": {"text_message": {"text": "hello"}},
		"recipient_and_params": [{"recipient": ` + toNumber("15551230000") + `}]`)
}

// batch returns a batch.
func (w batchWire) batch(id string) conversation.Batch {
	w.t.Helper()
	var read conversation.Batch
	w.on(http.MethodGet, "messages/"+id, "").decode(&read)
	return read
}

// found returns the ids of the batches with a value in their metadata.
func (w batchWire) found(key, value string) []string {
	w.t.Helper()
	var batches []conversation.Batch
	w.on(http.MethodGet, "messages?metadataKey="+key+"&metadataValue="+value, "").decode(&batches)
	var ids []string
	for _, batch := range batches {
		ids = append(ids, batch.BatchID)
	}
	return ids
}

// failsFlat checks that the answer is the error body of the Batch API, and that its message contains mentions.
func (a answer) failsFlat(status int, name, mentions string) {
	a.t.Helper()
	assert.Equal(a.t, status, a.status, a.body)
	var body struct {
		Code    int    `json:"code"`
		Message string `json:"message"`
		Status  string `json:"status"`
		Details []any  `json:"details"`
	}
	require.NoError(a.t, json.Unmarshal([]byte(a.body), &body))
	assert.Equal(a.t, status, body.Code)
	assert.Equal(a.t, name, body.Status)
	assert.NotNil(a.t, body.Details)
	assert.Contains(a.t, body.Message, mentions)
}

func toNumber(number string) string {
	return `{"identified_by": {"channel_identities": [{"channel": "SMS", "identity": "` + number + `"}]}}`
}

var many1001IDs = strings.Repeat(`a", "`, 1000) + "a"

func inFuture(d time.Duration) string { return time.Now().Add(d).UTC().Format(time.RFC3339) }

// violations returns the fields that broke the contract, in the order of the requests.
func violations(srv *conversationtest.Server) []string {
	var fields []string
	for _, request := range srv.Requests() {
		if request.Violation != nil {
			fields = append(fields, request.Violation.Field)
		}
	}
	return fields
}
