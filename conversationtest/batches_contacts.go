package conversationtest

import (
	"context"
	"time"

	"github.com/sinchgo/conversation"
)

// afterAnswer runs what the Batch API does after its answer: immediately without a Config.BatchDelay.
func (p *project) afterAnswer(do func(now time.Time)) {
	if p.batches.delay <= 0 {
		do(p.now())
		return
	}
	p.callbacks.scripts.Add(p.batches.delay, func(context.Context) { do(p.now()) })
}

// createContacts creates contacts. One that cannot be created is left out, since the answer does not depend on it.
func (p *project) createContacts(c *call) (any, error) {
	var request conversation.CreateContactsRequest
	if err := readObject(c.body, &request); err != nil {
		return nil, err
	}
	p.afterAnswer(func(now time.Time) {
		for i := range request.Contacts {
			_, _ = p.addContact(&request.Contacts[i], now) // Another contact may have its identity.
		}
	})
	return struct{}{}, nil
}

// deleteContacts deletes contacts. Ids that are unknown have no effect.
func (p *project) deleteContacts(c *call) (any, error) {
	var request struct {
		ContactIDs []string `json:"contact_ids"`
	}
	if err := readObject(c.body, &request); err != nil {
		return nil, err
	}
	p.afterAnswer(func(now time.Time) {
		for _, id := range request.ContactIDs {
			_ = p.dropContact(id, now) // It may be gone.
		}
	})
	return struct{}{}, nil
}

// insertConsents puts identities on the lists of an app. Those that are there stay.
func (p *project) insertConsents(c *call) (any, error) {
	var request conversation.InsertConsentsRequest
	if err := readObject(c.body, &request); err != nil {
		return nil, err
	}
	now := p.now()
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, err := p.apps.find(request.AppID); err != nil {
		return nil, err
	}
	for _, record := range request.ConsentRecords {
		list := record.ConsentType
		if list == "" {
			list = conversation.ConsentsOptOutAll
		}
		p.putOnList(consent{appID: request.AppID, list: list, identity: record.Identification}, conversation.ConsentOriginAPI, now)
	}
	return conversation.InsertConsentsResponse{BatchID: p.ids.next(now)}, nil
}
