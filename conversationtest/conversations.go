package conversationtest

import (
	"net/url"
	"slices"
	"time"

	"github.com/sinchgo/conversation"
)

const maxConversationsPage = 20

// conversationExtras holds the fields whose JSON is kept byte for byte.
type conversationExtras struct {
	MetadataJSON object `json:"metadata_json"`
}

// conversationList is a conversation.ConversationList of stored conversations.
type conversationList struct {
	Conversations []*storedConversation `json:"conversations,omitempty"`
	NextPageToken string                `json:"next_page_token,omitempty"`
	TotalSize     int                   `json:"total_size"`
}

func (p *project) createConversation(c *call) (any, error) {
	var request conversation.CreateConversationRequest
	var extras conversationExtras
	if err := readObject(c.body, &request, &extras); err != nil {
		return nil, err
	}
	problems := required("app_id", request.AppID)
	problems = append(problems, required("contact_id", request.ContactID)...)
	if err := invalid(problems); err != nil {
		return nil, err
	}
	now := p.now()
	created := &storedConversation{
		ID:            p.ids.next(now),
		AppID:         request.AppID,
		ContactID:     request.ContactID,
		Active:        request.Active == nil || *request.Active,
		ActiveChannel: request.ActiveChannel,
		CorrelationID: request.CorrelationID,
		LastReceived:  neverReceived,
		Metadata:      request.Metadata,
		MetadataJSON:  asObject(extras.MetadataJSON),
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.putConversation(created, now)
}

// putConversation stores a conversation. It returns an error if the app or contact does not exist, or if they have another
// active conversation. The caller holds the mutex.
func (p *project) putConversation(changed *storedConversation, now time.Time) (*storedConversation, error) {
	if _, err := p.apps.find(changed.AppID); err != nil {
		return nil, err
	}
	if _, err := p.contacts.find(changed.ContactID); err != nil {
		return nil, err
	}
	active := p.activeConversation(changed.AppID, changed.ContactID)
	if changed.Active && active != nil && active.ID != changed.ID {
		return nil, invalidArgument("active: the app and the contact have the active conversation %q already", active.ID)
	}
	p.storeConversation(changed, now)
	return changed, nil
}

func (p *project) listConversations(c *call) (any, error) {
	filters, err := conversationFilters(c.query)
	if err != nil {
		return nil, err
	}
	page, err := readPage(c, maxConversationsPage)
	if err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	found, next := cut(page, p.conversations.list(filters, page.start, page.size+1))
	return conversationList{Conversations: found, NextPageToken: next, TotalSize: p.conversations.count(filters)}, nil
}

func conversationFilters(query url.Values) ([]filter, error) {
	filters := readFilters(query, "app_id", "contact_id", "active_channel")
	onlyActive, err := readFlag(query, "only_active")
	if onlyActive {
		filters = append(filters, filter{"only_active", "true"})
	}
	return filters, err
}

func (p *project) getConversation(c *call) (any, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.conversations.find(c.params["conversation_id"])
}

var conversationFields = []string{
	"active", "active_channel", "app_id", "contact_id", "correlation_id", "metadata", "metadata_json",
}

func (p *project) updateConversation(c *call) (any, error) {
	var update conversation.UpdateConversationRequest
	var extras conversationExtras
	patch, err := readPatch(c, conversationFields, &update, &extras)
	if err != nil {
		return nil, err
	}
	strategy := conversation.ConversationMetadataUpdateStrategy(c.query.Get("metadata_update_strategy"))
	if !slices.Contains(metadataStrategies, strategy) {
		return nil, invalidArgument("metadata_update_strategy: %q is not REPLACE or MERGE_PATCH", strategy)
	}
	now := p.now()
	p.mu.Lock()
	defer p.mu.Unlock()
	stored, err := p.conversations.find(c.params["conversation_id"])
	if err != nil {
		return nil, err
	}
	changed := *stored
	set(patch, "active", &changed.Active, update.Active)
	set(patch, "active_channel", &changed.ActiveChannel, update.ActiveChannel)
	set(patch, "app_id", &changed.AppID, update.AppID)
	set(patch, "contact_id", &changed.ContactID, update.ContactID)
	set(patch, "correlation_id", &changed.CorrelationID, update.CorrelationID)
	set(patch, "metadata", &changed.Metadata, update.Metadata)
	if patch.changes("metadata_json", extras.MetadataJSON != nil) {
		changed.setMetadata(extras.MetadataJSON, strategy)
	}
	if err := invalid(slices.Concat(required("app_id", changed.AppID), required("contact_id", changed.ContactID))); err != nil {
		return nil, err
	}
	return p.putConversation(&changed, now)
}

// deleteConversation deletes the conversation with its messages and events.
func (p *project) deleteConversation(c *call) (any, error) {
	now := p.now()
	p.mu.Lock()
	defer p.mu.Unlock()
	stored, err := p.conversations.find(c.params["conversation_id"])
	if err != nil {
		return nil, err
	}
	p.conversations.remove(stored)
	p.messages.removeAll(filter{"conversation_id", stored.ID})
	p.events.removeAll(filter{"conversation_id", stored.ID})
	p.conversationDeleted(stored, now)
	return struct{}{}, nil
}

// stopConversation ends a conversation. It does nothing if the conversation has ended.
func (p *project) stopConversation(c *call) (any, error) {
	now := p.now()
	p.mu.Lock()
	defer p.mu.Unlock()
	stored, err := p.conversations.find(c.params["conversation_id"])
	if err != nil {
		return nil, err
	}
	stopped := *stored
	stopped.Active = false
	p.storeConversation(&stopped, now)
	return struct{}{}, nil
}
