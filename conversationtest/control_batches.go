package conversationtest

import (
	"encoding/json"
	"time"

	"github.com/sinchgo/conversation"
)

// controlBatch is a batch of messages.
type controlBatch struct {
	BatchID      string                   `json:"batch_id"`
	AppID        string                   `json:"app_id"`
	Status       conversation.BatchStatus `json:"status"`
	AcceptedTime time.Time                `json:"accepted_time"`
	SendAfter    time.Time                `json:"send_after"`
	Recipients   int                      `json:"recipients"`
	MetaData     json.RawMessage          `json:"meta_data"`
	MessageIDs   []string                 `json:"message_ids"`
	Body         json.RawMessage          `json:"body,omitempty"`
}

func (c *controlCall) batches() (any, error) {
	appID := c.query.Get("app_id")
	if _, err := c.projectOf(appID); err != nil {
		return nil, err
	}
	listed := []controlBatch{}
	for _, sent := range c.server.Batches() {
		if appID == "" || sent.Request.AppID == appID {
			listed = append(listed, newControlBatch(sent))
		}
	}
	return map[string]any{"batches": listed}, nil
}

// batchesOf returns the batches of a project, or of one of its apps, without their bodies.
func (c *controlCall) batchesOf(p *project, appID string) []controlBatch {
	listed := []controlBatch{}
	for _, sent := range c.server.Batches() {
		if sent.projectID == p.id && (appID == "" || sent.Request.AppID == appID) {
			shown := newControlBatch(sent)
			shown.Body = nil
			listed = append(listed, shown)
		}
	}
	return listed
}

func newControlBatch(sent SentBatch) controlBatch {
	var fields struct {
		BatchMetadata json.RawMessage `json:"batch_metadata"`
	}
	_ = json.Unmarshal(sent.Body, &fields) // The server has accepted it.
	return controlBatch{
		BatchID: sent.BatchID, AppID: sent.Request.AppID, Status: sent.Status, AcceptedTime: sent.AcceptedTime.UTC(),
		SendAfter: sent.SendAfter.UTC(), Recipients: len(sent.Request.RecipientAndParams), MetaData: fields.BatchMetadata,
		MessageIDs: present(sent.MessageIDs), Body: sent.Body,
	}
}

// publishBatch publishes the status of a batch. The caller holds the mutex.
func (p *project) publishBatch(batch *storedBatch, at time.Time) {
	p.publisher.publish(feedBatch, feedBatchStatus{
		Time: at, BatchID: batch.id, AppID: batch.request.AppID, Status: batch.status, SendAfter: batch.sendAfter,
		Recipients: len(batch.request.RecipientAndParams), MetaData: batch.metadata,
	}, 0)
}

// feedBatchStatus is a batch in the feed.
type feedBatchStatus struct {
	Time       time.Time                `json:"time"`
	BatchID    string                   `json:"batch_id"`
	AppID      string                   `json:"app_id"`
	Status     conversation.BatchStatus `json:"status"`
	SendAfter  time.Time                `json:"send_after"`
	Recipients int                      `json:"recipients"`
	MetaData   object                   `json:"meta_data,omitempty"`
}
