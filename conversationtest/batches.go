package conversationtest

import (
	"encoding/json"
	"time"

	"github.com/sinchgo/conversation"
)

// batchBody is a batch as the API returns it.
type batchBody struct {
	BatchID   string                   `json:"batch_id"`
	Metadata  object                   `json:"meta_data,omitempty"`
	Status    conversation.BatchStatus `json:"status,omitempty"`
	SendAfter conversation.Time        `json:"send_after"`
}

func (p *project) sendBatch(c *call) (any, error) {
	request, body, err := readBatch(c.body)
	if err != nil {
		return nil, err
	}
	now := p.now()
	batch := newStoredBatch(p.ids.next(now), request, body, now)
	if err := p.addBatch(batch, c.body, now); err != nil {
		return nil, err
	}
	p.runBatches(now)
	return batchBody{BatchID: batch.id, SendAfter: conversation.Time{Time: batch.sendAfter}}, nil
}

// addBatch stores a batch, and makes sure that it is processed when its time comes.
func (p *project) addBatch(batch *storedBatch, body json.RawMessage, now time.Time) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, err := p.apps.find(batch.request.AppID); err != nil {
		return err
	}
	p.batches.add(batch)
	p.override(batch.id, batch.request.CallbackURL)
	p.ledger.acceptedBatch(p.id, batch, body)
	p.publishBatch(batch, now)
	p.wakeForBatches(batch.sendAfter.Add(p.batches.delay).Sub(now))
	return nil
}

func (p *project) getBatch(c *call) (any, error) {
	now := p.now()
	p.mu.Lock()
	defer p.mu.Unlock()
	batch, ok := p.batches.byID[c.params["batch_id"]]
	if !ok {
		return nil, notFound("batch", c.params["batch_id"])
	}
	return batch.shown(now), nil
}

// findBatches returns the batches with a value in their metadata, oldest first, but none that is newer than the delay.
func (p *project) findBatches(c *call) (any, error) {
	key, value := c.query.Get("metadataKey"), c.query.Get("metadataValue")
	now := p.now()
	p.mu.Lock()
	defer p.mu.Unlock()
	found := []batchBody{}
	for _, batch := range p.batches.with(key, value) {
		if !batch.accepted.Add(p.batches.delay).After(now) {
			found = append(found, batch.shown(now))
		}
	}
	return found, nil
}

// cancelBatches cancels the batches of a request that still can be. The answer does not depend on it.
func (p *project) cancelBatches(c *call) (any, error) {
	var request struct {
		BatchID string `json:"batch_id"`
		Key     string `json:"metadata_key"`
		Value   string `json:"metadata_value"`
	}
	if err := readObject(c.body, &request); err != nil {
		return nil, err
	}
	now := p.now()
	p.mu.Lock()
	named := p.batches.with(request.Key, request.Value)
	if batch := p.batches.byID[request.BatchID]; batch != nil {
		named = []*storedBatch{batch}
	}
	for _, batch := range named {
		batch.cancel(now.Add(p.batches.delay))
	}
	p.wakeForBatches(p.batches.delay)
	p.mu.Unlock()
	p.runBatches(now)
	return struct{}{}, nil
}
