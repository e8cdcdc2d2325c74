package conversationtest

import (
	"context"
	"net/http"
	"time"

	"github.com/sinchgo/conversation"
)

// batchPart is what a message of a batch has of it.
type batchPart struct {
	batchID string
	index   int // The place of the recipient.
}

// wakeForBatches runs the batches that are due after a delay. A delay of 0 is up to the caller. The caller holds the mutex.
func (p *project) wakeForBatches(delay time.Duration) {
	if delay > 0 {
		p.batches.wakes.Add(delay, func(context.Context) { p.runBatches(p.now()) })
	}
}

// runBatches processes and cancels the batches whose time has come, in the order of their times. It returns when all of
// them are over, also those that another goroutine has begun with. It locks the mutex.
//
//nolint:contextcheck,nolintlint // It waits for nothing, so neither Advance nor a job has a context for it. It is reported at callers.
func (p *project) runBatches(now time.Time) {
	if batch, _, _ := p.nextBatch(now); batch == nil {
		return
	}
	p.batching.Lock()
	defer p.batching.Unlock()
	for {
		batch, at, status := p.nextBatch(now)
		if batch == nil {
			return
		}
		var messageIDs []string
		if status == conversation.BatchStatusProcessed {
			messageIDs = p.sendParts(batch, at, now.Sub(at))
		}
		p.endBatch(batch, status, messageIDs, at)
	}
}

// nextBatch returns the first batch that is due, when it is over and by which status, or nil.
func (p *project) nextBatch(now time.Time) (next *storedBatch, at time.Time, status conversation.BatchStatus) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, batch := range p.batches.open {
		end, by := batch.end(p.batches.delay)
		if !end.After(now) && (next == nil || end.Before(at)) {
			next, at, status = batch, end, by
		}
	}
	return next, at, status
}

// sendParts sends the messages of a batch, and returns their ids. That of one that fails before it is a message is empty.
func (p *project) sendParts(batch *storedBatch, at time.Time, behind time.Duration) []string {
	ids := make([]string, len(batch.body.Parts))
	for i := range batch.body.Parts {
		part := &batchPart{batch.id, i}
		body := batch.body.part(i, batch.id)
		request, content, err := readSendRequest(body)
		if err == nil {
			err = batch.body.problem(i, &request, content, at)
		}
		if err != nil {
			p.failPart(batch, part, conversation.ReasonBadRequest, err, at)
			continue
		}
		stored, err := p.accept(&request, content, part, at)
		if err != nil {
			p.failPart(batch, part, reasonOf(err, &request), err, at)
			continue
		}
		ids[i] = stored.message.ID
		p.accepted(stored, SentMessage{Request: request, Body: body, BatchID: batch.id, MessageIndex: i}, at)
		p.process(stored, behind)
	}
	return ids
}

// reasonOf returns the reason of a message that was not accepted: the app was deleted, or the contact does not exist.
func reasonOf(err error, request *conversation.SendMessageRequest) conversation.ReasonCode {
	failure, ok := err.(*apiError) //nolint:errorlint // It comes from a store.
	switch {
	case !ok || failure.status != http.StatusNotFound:
		return conversation.ReasonBadRequest
	case request.Recipient.ContactID != "" && failure.message == notFound("contact", request.Recipient.ContactID).Error():
		return conversation.ReasonContactNotFound
	default:
		return conversation.ReasonUnknownApp
	}
}

// failPart reports that a recipient got no message. The report has no message id, but the place of the recipient.
func (p *project) failPart(batch *storedBatch, part *batchPart, code conversation.ReasonCode, err error, at time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	request, metadata := &batch.request, batch.body.messageMetadata(part.index, batch.id)
	report := &conversation.MessageDeliveryReport{
		Status:         conversation.DeliveryStatusFailed,
		Reason:         withDefaults(conversation.Reason{Code: code, Description: err.Error()}),
		Metadata:       metadata,
		ProcessingMode: p.modeOfSend(&conversation.SendMessageRequest{AppID: request.AppID, ProcessingStrategy: request.ProcessingStrategy}),
	}
	if to := request.RecipientAndParams[part.index].Recipient; to.IdentifiedBy != nil {
		report.ChannelIdentity = first(to.IdentifiedBy.ChannelIdentities)
	} else {
		report.ContactID = to.ContactID
	}
	p.emitAbout(batch.id, conversation.TriggerMessageDelivery, request.AppID, at, event{
		MessageMetadata: metadata, CorrelationID: request.CorrelationID, Delivery: part.report(report),
	})
}

// endBatch sets the last status of a batch, and emits its event.
func (p *project) endBatch(batch *storedBatch, status conversation.BatchStatus, messageIDs []string, at time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	metadata := batch.body.MessageMetadata
	delete(p.callbackURLs, p.batches.over(batch, status))
	p.ledger.noteBatch(batch.entry, func(entry *SentBatch) { entry.Status, entry.MessageIDs = status, messageIDs })
	p.publishBatch(batch, at)
	p.emit(conversation.TriggerBatchStatusUpdate, batch.request.AppID, at, event{
		MessageMetadata: metadataText(metadata), CorrelationID: batch.request.CorrelationID, BatchStatus: newBatchNotice(batch),
	})
}
