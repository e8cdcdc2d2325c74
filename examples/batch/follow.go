package main

import (
	"context"
	"encoding/json"
	"sync"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
	"github.com/sinchgo/conversation/webhook"
)

// follower keeps the status of the batches and of each of their messages, from callbacks.
type follower struct {
	mu       sync.Mutex
	batches  map[string]conversation.BatchUpdateStatus
	statuses map[string]map[string]conversation.DeliveryStatus // by batch and message
}

// follow receives the callbacks of a fake server.
func follow(fake *conversationtest.Server) (*follower, error) {
	const target, secret = "https://shop.example/sinch", "made-up-secret"
	receiver, err := webhook.NewReceiver(webhook.WithSecret(secret), webhook.WithClock(fake.Now))
	if err != nil {
		return nil, err
	}
	f := &follower{batches: map[string]conversation.BatchUpdateStatus{}, statuses: map[string]map[string]conversation.DeliveryStatus{}}
	webhook.On(receiver, f.noteBatch)
	webhook.On(receiver, f.note)
	fake.Handle(target, receiver)
	fake.AddWebhook(target, secret, conversation.TriggerBatchStatusUpdate, conversation.TriggerMessageDelivery)
	return f, nil
}

// noteBatch keeps the status of a batch.
func (f *follower) noteBatch(_ context.Context, event *webhook.BatchStatusUpdate) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.batches[event.BatchStatusUpdateNotification.BatchID] = event.BatchStatusUpdateNotification.BatchStatus
	return nil
}

// note keeps the status of a message. Its metadata has the id of its batch; reports can arrive out of order.
func (f *follower) note(_ context.Context, event *webhook.MessageDelivery) error {
	report := &event.MessageDeliveryReport
	var metadata struct {
		BatchID string `json:"_batch_id"`
	}
	if json.Unmarshal([]byte(report.Metadata), &metadata) != nil || metadata.BatchID == "" {
		return nil // It is not the message of a batch.
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	messages := f.statuses[metadata.BatchID]
	if messages == nil {
		messages = map[string]conversation.DeliveryStatus{}
		f.statuses[metadata.BatchID] = messages
	}
	messages[report.MessageID] = webhook.Fold(messages[report.MessageID], report.Status)
	return nil
}

// counts returns the status of a batch, and how many of its messages were delivered and failed.
func (f *follower) counts(batchID string) (status conversation.BatchUpdateStatus, delivered, failed int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, status := range f.statuses[batchID] {
		switch status {
		case conversation.DeliveryStatusDelivered, conversation.DeliveryStatusRead:
			delivered++
		case conversation.DeliveryStatusFailed:
			failed++
		}
	}
	return f.batches[batchID], delivered, failed
}
