package conversationtest

import (
	"bytes"
	"encoding/json"
	"slices"
	"time"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest/internal/schedule"
)

const (
	// soon is how far ahead a batch is at least that is not sent immediately.
	soon = time.Minute

	// batchMark is the distance of the times at which batches are sent.
	batchMark = 5 * time.Minute
)

// storedBatch is a batch. The mutex of its project guards it.
type storedBatch struct {
	id        string
	request   conversation.SendBatchRequest
	body      *sentBatch // Nil once it is processed or cancelled.
	metadata  object     // That of the batch itself.
	status    conversation.BatchStatus
	accepted  time.Time
	sendAfter time.Time  // As the server has rounded it.
	cancelAt  time.Time  // When a cancellation has its effect. Zero: there is none.
	entry     *SentBatch // In the ledger.
}

func newStoredBatch(id string, request conversation.SendBatchRequest, body *sentBatch, now time.Time) *storedBatch {
	batch := &storedBatch{
		id: id, request: request, body: body, metadata: body.BatchMetadata,
		status: conversation.BatchStatusReady, accepted: now, sendAfter: roundedUp(request.SendAfter.Time, now),
	}
	if batch.sendAfter.After(now) {
		batch.status = conversation.BatchStatusScheduled
	}
	if _, reserved := batch.metadata[batchIDKey]; reserved {
		batch.metadata[batchIDKey] = encoded(id)
	}
	return batch
}

// roundedUp returns when a batch is sent: now, if it is not asked for later.
func roundedUp(asked, now time.Time) time.Time {
	if asked.Sub(now) <= soon {
		return now
	}
	mark := asked.UTC().Truncate(batchMark)
	if mark.Before(asked) {
		mark = mark.Add(batchMark)
	}
	return mark
}

// shown returns the batch as the API does.
func (b *storedBatch) shown(now time.Time) batchBody {
	shown := batchBody{BatchID: b.id, Metadata: b.metadata, Status: b.status, SendAfter: conversation.Time{Time: b.sendAfter}}
	if b.status == conversation.BatchStatusScheduled && !now.Before(b.sendAfter) {
		shown.Status = conversation.BatchStatusReady
	}
	return shown
}

// end returns when the batch is processed or cancelled, and by which status.
func (b *storedBatch) end(delay time.Duration) (time.Time, conversation.BatchStatus) {
	if !b.cancelAt.IsZero() && b.cancelAt.Before(b.sendAfter) {
		return b.cancelAt, conversation.BatchStatusCancelled
	}
	return b.sendAfter.Add(delay), conversation.BatchStatusProcessed
}

// batches are the batches of a project. The mutex of the project guards them.
type batches struct {
	delay time.Duration
	wakes *schedule.Queue
	limit int // How many are remembered once they have ended. Zero: all.

	byID  map[string]*storedBatch
	open  []*storedBatch            // Those that are neither processed nor cancelled.
	ended []*storedBatch            // The others, in the order in which they ended.
	found map[filter][]*storedBatch // By a field of the metadata and its value.
}

func newBatches(config Config, workers *schedule.Workers) *batches {
	return &batches{
		delay: config.BatchDelay, wakes: schedule.NewQuietQueue(workers), limit: config.LogLimit,
		byID: map[string]*storedBatch{}, found: map[filter][]*storedBatch{},
	}
}

func (b *batches) add(batch *storedBatch) {
	b.byID[batch.id] = batch
	b.open = append(b.open, batch)
	for key, value := range batch.metadata {
		of := filter{key, valueText(value)}
		b.found[of] = append(b.found[of], batch)
	}
}

// over ends a batch, and forgets the one that ended first if too many have. It returns the id of that one.
func (b *batches) over(batch *storedBatch, status conversation.BatchStatus) (forgotten string) {
	batch.status, batch.body = status, nil
	b.open = without(b.open, batch)
	b.ended = append(b.ended, batch)
	if b.limit == 0 || len(b.ended) <= b.limit {
		return ""
	}
	oldest := b.ended[0]
	b.ended = b.ended[1:]
	delete(b.byID, oldest.id)
	for key, value := range oldest.metadata {
		of := filter{key, valueText(value)}
		if b.found[of] = without(b.found[of], oldest); len(b.found[of]) == 0 {
			delete(b.found, of)
		}
	}
	return oldest.id
}

func without(list []*storedBatch, batch *storedBatch) []*storedBatch {
	return slices.DeleteFunc(list, func(known *storedBatch) bool { return known == batch })
}

// with returns the batches with a value in their metadata, oldest first.
func (b *batches) with(key, value string) []*storedBatch {
	return slices.Clone(b.found[filter{key, value}])
}

// valueText returns a value of metadata as it is searched: a string itself, and the JSON of any other value.
func valueText(value json.RawMessage) string {
	var text string
	if json.Unmarshal(value, &text) == nil {
		return text
	}
	var compact bytes.Buffer
	_ = json.Compact(&compact, value) // It is valid, since it was decoded.
	return compact.String()
}

// cancel cancels a batch at a time, unless its messages are sent before. One that is cancelled already stays so.
func (b *storedBatch) cancel(at time.Time) {
	if b.status == conversation.BatchStatusScheduled && b.cancelAt.IsZero() {
		b.cancelAt = at
	}
}
