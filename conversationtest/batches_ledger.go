package conversationtest

import (
	"encoding/json"
	"time"

	"github.com/sinchgo/conversation"
)

// SentBatch is a batch that the server accepted. Its pointers are shared: do not modify what they point to.
type SentBatch struct {
	// BatchID is the id of the batch.
	BatchID string

	// Request is the request of the client.
	Request conversation.SendBatchRequest

	// AcceptedTime is when the server accepted the batch.
	AcceptedTime time.Time

	// SendAfter is when its messages are or were sent, as the server has rounded it. It is AcceptedTime for a batch that is
	// sent immediately.
	SendAfter time.Time

	// Status is the status of the batch now.
	Status conversation.BatchStatus

	// MessageIDs are the ids of its messages, in the order of the recipients: that of a message that failed before it was
	// accepted is empty. Nil before the status PROCESSED. Server.Sent has the messages, with the id of their batch.
	MessageIDs []string

	// Body is the JSON that the client sent, byte for byte.
	Body json.RawMessage

	projectID string
}

// Batches returns the batches of messages that the server accepted, oldest first. A batch that was sent twice is in it
// twice.
func (s *Server) Batches() []SentBatch {
	now := s.Now()
	batches := s.current().ledger.sentBatches()
	for i := range batches {
		if sent := &batches[i]; sent.Status == conversation.BatchStatusScheduled && !now.Before(sent.SendAfter) {
			sent.Status = conversation.BatchStatusReady
		}
	}
	return batches
}

// acceptedBatch records a batch, which keeps its entry.
func (l *ledger) acceptedBatch(projectID string, batch *storedBatch, body json.RawMessage) {
	batch.entry = &SentBatch{
		BatchID: batch.id, Request: batch.request, AcceptedTime: batch.accepted, SendAfter: batch.sendAfter, Status: batch.status, Body: body,
		projectID: projectID,
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.batches.add(batch.entry, len(body))
}

// noteBatch changes a batch that was recorded.
func (l *ledger) noteBatch(batch *SentBatch, change func(*SentBatch)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	change(batch)
}

func (l *ledger) sentBatches() []SentBatch {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.batches.all()
}
