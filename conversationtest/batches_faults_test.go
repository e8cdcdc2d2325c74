package conversationtest_test

import (
	"encoding/json"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

func TestFaultsHappenToBatches(t *testing.T) {
	t.Parallel()
	for kind, want := range map[conversationtest.FaultKind]struct {
		outcome conversation.Outcome
		batches int
	}{
		conversationtest.FaultRefuse:            {notSent, 0},
		conversationtest.FaultReset:             {unknown, 0},
		conversationtest.FaultRateLimit:         {notSent, 0},
		conversationtest.FaultStatus:            {unknown, 0},
		conversationtest.FaultExpiredToken:      {notSent, 0},
		conversationtest.FaultDropAfterAccept:   {unknown, 1},
		conversationtest.FaultStatusAfterAccept: {unknown, 1},
		conversationtest.FaultTruncatedBody:     {accepted, 1},
		conversationtest.FaultEmptyBody:         {unknown, 1},
	} {
		for _, operation := range []string{"Batches.Send", "POST batch/messages"} {
			t.Run(kind.String()+" "+operation, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					srv := inMemory(t, conversationtest.Config{})
					fault := srv.Fault(conversationtest.Fault{Kind: kind, Operation: operation})
					batch := batchOf(srv, "15551230000")
					batch.BatchMetadata = conversation.JSONObject{"key": "k"}
					_, err := srv.NewClient(t).Batches.Send(t.Context(), batch)
					assert.Equal(t, want.outcome, conversation.OutcomeOf(err), "%v", err)
					assert.Positive(t, fault.Hits())
					assert.Len(t, srv.Batches(), want.batches)
					assert.Len(t, srv.Sent(), want.batches)

					found, err := srv.NewClient(t).Batches.FindByMetadata(t.Context(), "key", "k")
					require.NoError(t, err)
					assert.Len(t, found.Batches, want.batches)
				})
			})
		}
	}
}

func TestAFaultOfMessagesIsNoneOfBatches(t *testing.T) {
	t.Parallel()
	srv := start(t, conversationtest.Config{})
	fault := srv.Fault(conversationtest.Fault{Kind: conversationtest.FaultStatus, Operation: "GET messages"})
	_, err := srv.NewClient(t).Batches.FindByMetadata(t.Context(), "key", "k")
	require.NoError(t, err)
	assert.Zero(t, fault.Hits())
	assert.Equal(t, "Batches.FindByMetadata", apiRequests(srv)[0].Operation)
}

func TestTheControlAPIShowsBatches(t *testing.T) {
	t.Parallel()
	w := newBatchWire(t, conversationtest.Config{ServeControl: true})
	sent := w.sendText(`"batch_metadata": {"key": "k"}, "send_after": "` + inFuture(time.Hour) + `"`)
	read := func(path string, into any) {
		t.Helper()
		w.do(w.request(http.MethodGet, w.srv.BaseURL()+path, "")).decode(into)
	}
	type shown struct {
		BatchID    string          `json:"batch_id"`
		Status     string          `json:"status"`
		Recipients int             `json:"recipients"`
		MetaData   json.RawMessage `json:"meta_data"`
		MessageIDs []string        `json:"message_ids"`
	}
	var listed, state struct {
		Batches []shown `json:"batches"`
	}
	read("/_fake/batches", &listed)
	assert.Equal(t, []shown{{sent.BatchID, "SCHEDULED", 1, json.RawMessage(`{"key":"k"}`), []string{}}}, listed.Batches)

	w.srv.Advance(2 * time.Hour)

	read("/_fake/state", &state)
	assert.Equal(t, []shown{{sent.BatchID, "PROCESSED", 1, json.RawMessage(`{"key":"k"}`), []string{w.srv.Sent()[0].MessageID}}}, state.Batches)
	var messages struct {
		Sent []struct {
			BatchID      string `json:"batch_id"`
			MessageIndex *int   `json:"message_index"`
		} `json:"sent"`
	}
	read("/_fake/sent", &messages)
	require.Len(t, messages.Sent, 1)
	assert.Equal(t, sent.BatchID, messages.Sent[0].BatchID)
	assert.Equal(t, new(0), messages.Sent[0].MessageIndex)
	read("/_fake/batches?app_id="+w.srv.AppID(), &listed)
	assert.Len(t, listed.Batches, 1)
	assert.Equal(t, http.StatusNotFound, w.do(w.request(http.MethodGet, w.srv.BaseURL()+"/_fake/batches?app_id=x", "")).status)
}
