package conversationtest_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

// batchOf returns a batch of a text to phone numbers.
func batchOf(srv *conversationtest.Server, numbers ...string) *conversation.SendBatchRequest {
	batch := &conversation.SendBatchRequest{AppID: srv.AppID(), Message: conversation.Text("hello")}
	for _, number := range numbers {
		batch.RecipientAndParams = append(batch.RecipientAndParams, conversation.BatchRecipient{
			Recipient: conversation.ToChannel(conversation.ChannelSMS, number),
		})
	}
	return batch
}

// later returns a batch that is sent after some time of the server.
func later(srv *conversationtest.Server, d time.Duration) *conversation.SendBatchRequest {
	batch := batchOf(srv, "15551230000")
	batch.SendAfter = conversation.Time{Time: srv.Now().Add(d)}
	return batch
}

// sendBatch sends a batch.
func sendBatch(t *testing.T, client *conversation.Client, batch *conversation.SendBatchRequest) *conversation.SendBatchResponse {
	t.Helper()
	sent, err := client.Batches.Send(t.Context(), batch)
	require.NoError(t, err)
	return sent
}

// batchStatus returns the status of a batch.
func batchStatus(t *testing.T, client *conversation.Client, id string) conversation.BatchStatus {
	t.Helper()
	batch, err := client.Batches.Get(t.Context(), id)
	require.NoError(t, err)
	return batch.Status
}

func TestTheTimeOfABatchIsRoundedUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := inMemory(t, conversationtest.Config{}) // It is midnight.
		client := srv.NewClient(t)
		for asked, want := range map[time.Duration]time.Duration{
			-time.Hour:                      0,
			time.Minute:                     0,
			time.Minute + 1000:              5 * time.Minute,
			5 * time.Minute:                 5 * time.Minute,
			5*time.Minute + 1000:            10 * time.Minute,
			time.Hour - time.Second:         time.Hour,
			7 * 24 * time.Hour:              7 * 24 * time.Hour,
			7*24*time.Hour - 30*time.Second: 7 * 24 * time.Hour,
		} {
			sent := sendBatch(t, client, later(srv, asked))
			assert.Equal(t, want, sent.SendAfter.Sub(srv.Now()), "%v", asked)
			status := conversation.BatchStatusScheduled
			if want == 0 {
				status = conversation.BatchStatusProcessed
			}
			assert.Equal(t, status, batchStatus(t, client, sent.BatchID), "%v", asked)
		}
	})
}

func TestABatchIsSentWhenTheClockReachesItsTime(t *testing.T) {
	t.Parallel()
	inBothDialects(t, func(t *testing.T, srv *conversationtest.Server, client *conversation.Client) {
		t.Helper()
		hooked(srv, "", conversation.TriggerBatchStatusUpdate, conversation.TriggerMessageSubmit)
		second := sendBatch(t, client, later(srv, 90*time.Minute))
		first := sendBatch(t, client, later(srv, 20*time.Minute))
		settle(t, srv) // It does not wait for a batch.
		require.NoError(t, srv.WaitForCallbacks(t.Context()))
		assert.Empty(t, srv.Sent())

		srv.Advance(30 * time.Minute)

		assert.Equal(t, conversation.BatchStatusProcessed, batchStatus(t, client, first.BatchID))
		assert.Equal(t, conversation.BatchStatusScheduled, batchStatus(t, client, second.BatchID))
		sent := srv.Sent()
		require.Len(t, sent, 1)
		assert.Equal(t, first.BatchID, sent[0].BatchID)
		assert.Equal(t, first.SendAfter.Time, sent[0].AcceptedTime, "its time, not that of Advance")
		srv.Advance(2 * time.Hour)
		require.Len(t, srv.Sent(), 2)
		settle(t, srv)
		assert.Equal(t, []conversation.WebhookTrigger{
			conversation.TriggerMessageSubmit, conversation.TriggerBatchStatusUpdate, conversation.TriggerMessageSubmit, conversation.TriggerBatchStatusUpdate,
		}, triggersOf(srv))
	})
}

func TestABatchIsSentWhenItsTimeHasPassedByItself(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := inMemory(t, conversationtest.Config{BatchDelay: time.Minute, Script: conversationtest.ScriptRead, ScriptDelay: time.Second})
		client := srv.NewClient(t)
		sent := sendBatch(t, client, later(srv, 10*time.Minute))

		time.Sleep(10*time.Minute - time.Nanosecond)
		assert.Equal(t, conversation.BatchStatusScheduled, batchStatus(t, client, sent.BatchID))
		time.Sleep(time.Nanosecond)
		assert.Equal(t, conversation.BatchStatusReady, batchStatus(t, client, sent.BatchID))
		assert.Equal(t, conversation.BatchStatusReady, srv.Batches()[0].Status)
		assert.Empty(t, srv.Sent())
		time.Sleep(time.Minute)
		synctest.Wait()

		require.Len(t, srv.Sent(), 1, "before any request")
		assert.Equal(t, conversation.BatchStatusProcessed, batchStatus(t, client, sent.BatchID))
	})
}

func TestABatchThatIsScheduledCanBeCancelled(t *testing.T) {
	t.Parallel()
	inBothDialects(t, func(t *testing.T, srv *conversationtest.Server, client *conversation.Client) {
		t.Helper()
		hooked(srv, "", conversation.TriggerBatchStatusUpdate)
		cancelled := sendBatch(t, client, later(srv, time.Hour))
		atOnce := sendBatch(t, client, batchOf(srv, "15551230000"))

		for _, id := range []string{cancelled.BatchID, cancelled.BatchID, atOnce.BatchID, "unknown"} {
			require.NoError(t, client.Batches.Cancel(t.Context(), id))
		}

		srv.Advance(2 * time.Hour)
		assert.Equal(t, conversation.BatchStatusCancelled, batchStatus(t, client, cancelled.BatchID))
		assert.Equal(t, conversation.BatchStatusProcessed, batchStatus(t, client, atOnce.BatchID))
		require.Len(t, srv.Sent(), 1)
		assert.Equal(t, atOnce.BatchID, srv.Sent()[0].BatchID)
		settle(t, srv)
		var got []any
		for _, callback := range srv.Callbacks() {
			got = append(got, payload(t, &callback, "batch_status_update_notification")["batch_status"])
		}
		assert.Equal(t, []any{"BATCH_STATUS_PROCESSED", "BATCH_STATUS_CANCELLED"}, got)
	})
}

func TestACancellationTakesItsTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := inMemory(t, conversationtest.Config{BatchDelay: 2 * time.Minute})
		client := srv.NewClient(t)
		early, late := later(srv, 5*time.Minute), later(srv, 10*time.Minute)
		early.BatchMetadata, late.BatchMetadata = conversation.JSONObject{"sale": 7}, conversation.JSONObject{"sale": 7}
		first, second := sendBatch(t, client, early), sendBatch(t, client, late)
		found, err := client.Batches.FindByMetadata(t.Context(), "sale", "7")
		require.NoError(t, err)
		assert.Empty(t, found.Batches, "not yet")
		time.Sleep(4 * time.Minute)
		found, err = client.Batches.FindByMetadata(t.Context(), "sale", "7")
		require.NoError(t, err)
		assert.Len(t, found.Batches, 2)

		for _, id := range []string{first.BatchID, second.BatchID} {
			require.NoError(t, client.Batches.Cancel(t.Context(), id))
		}
		assert.Equal(t, conversation.BatchStatusScheduled, batchStatus(t, client, second.BatchID))
		time.Sleep(time.Hour)

		assert.Equal(t, conversation.BatchStatusProcessed, batchStatus(t, client, first.BatchID), "the cancellation came too late")
		assert.Equal(t, conversation.BatchStatusCancelled, batchStatus(t, client, second.BatchID))
		assert.Len(t, srv.Sent(), 1)
	})
}

func TestBatchesAreCancelledByTheirMetadata(t *testing.T) {
	t.Parallel()
	w := newBatchWire(t, conversationtest.Config{})
	soon := `"send_after": "` + inFuture(time.Hour) + `", `
	first, second := w.sendText(soon+`"batch_metadata": {"sale": "a"}`), w.sendText(soon+`"batch_metadata": {"sale": "a"}`)
	other := w.sendText(soon + `"batch_metadata": {"sale": "b"}`)

	assert.Equal(t, "{}", w.on("DELETE", "messages", `{"metadata_key": "sale", "metadata_value": "a"}`).body)

	assert.Equal(t, conversation.BatchStatusCancelled, w.batch(first.BatchID).Status)
	assert.Equal(t, conversation.BatchStatusCancelled, w.batch(second.BatchID).Status)
	assert.Equal(t, conversation.BatchStatusScheduled, w.batch(other.BatchID).Status)
}

func TestAResetForgetsBatches(t *testing.T) {
	t.Parallel()
	srv := start(t, conversationtest.Config{})
	sent := sendBatch(t, srv.NewClient(t), later(srv, time.Hour))
	srv.Reset()
	srv.Advance(2 * time.Hour)

	assert.Empty(t, srv.Batches())
	assert.Empty(t, srv.Sent())
	_, err := srv.NewClient(t).Batches.Get(t.Context(), sent.BatchID)
	assert.ErrorIs(t, err, conversation.ErrNotFound)
}

func TestALogLimitForgetsTheOldestBatchesThatAreOver(t *testing.T) {
	t.Parallel()
	srv := start(t, conversationtest.Config{LogLimit: 2})
	client := srv.NewClient(t)
	scheduled := sendBatch(t, client, later(srv, time.Hour))
	var ids []string
	for range 3 {
		batch := batchOf(srv, "15551230000")
		batch.BatchMetadata = conversation.JSONObject{"key": "k"}
		ids = append(ids, sendBatch(t, client, batch).BatchID)
	}

	_, err := client.Batches.Get(t.Context(), ids[0])
	require.ErrorIs(t, err, conversation.ErrNotFound)
	found, err := client.Batches.FindByMetadata(t.Context(), "key", "k")
	require.NoError(t, err)
	assert.Len(t, found.Batches, 2)
	assert.Len(t, srv.Batches(), 2)
	assert.Equal(t, conversation.BatchStatusScheduled, batchStatus(t, client, scheduled.BatchID))
	srv.Advance(2 * time.Hour)
	assert.Equal(t, conversation.BatchStatusProcessed, batchStatus(t, client, scheduled.BatchID))
}
