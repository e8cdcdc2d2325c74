package conversationtest

import (
	"cmp"

	"github.com/sinchgo/conversation"
)

// queryCapability accepts a query. The result is a callback.
func (p *project) queryCapability(c *call) (any, error) {
	var request conversation.CapabilityQueryRequest
	if err := readObject(c.body, &request); err != nil {
		return nil, err
	}
	problems := append(required("app_id", request.AppID), checkRecipient(request.Recipient)...)
	if err := invalid(problems); err != nil {
		return nil, err
	}
	now := p.now()
	response := conversation.CapabilityQueryResponse{
		AppID:     request.AppID,
		Recipient: &request.Recipient,
		RequestID: cmp.Or(request.RequestID, p.ids.next(now)),
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, err := p.apps.find(request.AppID); err != nil {
		return nil, err
	}
	if request.Recipient.IdentifiedBy == nil {
		if _, err := p.contacts.find(request.Recipient.ContactID); err != nil {
			return nil, err
		}
	}
	p.capabilityFound(&response, now)
	return response, nil
}
