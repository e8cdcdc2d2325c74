package conversationtest

import (
	"encoding/json"
	"slices"
	"strconv"
	"time"

	"github.com/sinchgo/conversation"
)

const maxConversationsPage = 20

// conversationExtras is what the platform's body of a conversation has and openapi.yaml has not.
type conversationExtras struct {
	MetadataJSON map[string]json.RawMessage `json:"metadata_json"`
}

// conversationList is a conversation.ConversationList of stored conversations.
type conversationList struct {
	Conversations []*storedConversation `json:"conversations,omitempty"`
	NextPageToken string                `json:"next_page_token,omitempty"`
}

func (p *project) createConversation(c *call) (any, error) {
	var request conversation.CreateConversationRequest
	var extras conversationExtras
	if err := readObject(c.body, &request, &extras); err != nil {
		return nil, err
	}
	problems := required("app_id", request.AppID)
	problems = append(problems, required("contact_id", request.ContactID)...)
	if err := refuse(problems); err != nil {
		return nil, err
	}
	now := p.now()
	created := &storedConversation{
		ID:            p.ids.next(now),
		AppID:         request.AppID,
		ContactID:     request.ContactID,
		Active:        request.Active == nil || *request.Active,
		ActiveChannel: request.ActiveChannel,
		Metadata:      request.Metadata,
		MetadataJSON:  asObject(extras.MetadataJSON),
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, err := p.apps.find(request.AppID); err != nil {
		return nil, err
	}
	if _, err := p.contacts.find(request.ContactID); err != nil {
		return nil, err
	}
	return p.putConversation(created, now)
}

// putConversation stores a conversation, unless it would be the second active one of its app and contact. The caller
// holds the mutex.
func (p *project) putConversation(changed *storedConversation, now time.Time) (*storedConversation, error) {
	active := p.activeConversation(changed.AppID, changed.ContactID)
	if changed.Active && active != nil && active.ID != changed.ID {
		return nil, invalidArgument("active: the app and the contact have the active conversation %q already", active.ID)
	}
	p.storeConversation(changed, now)
	return changed, nil
}

func (p *project) listConversations(c *call) (any, error) {
	filters := readFilters(c.query, "app_id", "contact_id")
	if text := c.query.Get("only_active"); text != "" {
		onlyActive, err := strconv.ParseBool(text)
		if err != nil {
			return nil, invalidArgument("only_active: %q is not true or false", text)
		}
		if onlyActive {
			filters = append(filters, filter{"only_active", "true"})
		}
	}
	found, next, err := listPage(c, p.conversations, maxConversationsPage, filters)
	if err != nil {
		return nil, err
	}
	return conversationList{Conversations: found, NextPageToken: next}, nil
}

func (p *project) getConversation(c *call) (any, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.conversations.find(c.params["conversation_id"])
}

var conversationFields = []string{"active", "active_channel", "metadata", "metadata_json"}

func (p *project) updateConversation(c *call) (any, error) {
	var update conversation.UpdateConversationRequest
	var extras conversationExtras
	patch, err := readPatch(c, conversationFields, &update, &extras)
	if err != nil {
		return nil, err
	}
	if strategy := c.query.Get("metadata_update_strategy"); !slices.Contains([]string{"", "REPLACE"}, strategy) {
		return nil, invalidArgument("metadata_update_strategy: the fake knows REPLACE only, not %q", strategy)
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
	set(patch, "metadata", &changed.Metadata, update.Metadata)
	if patch.changes("metadata_json", extras.MetadataJSON != nil) {
		changed.MetadataJSON = asObject(extras.MetadataJSON)
	}
	return p.putConversation(&changed, now)
}

// deleteConversation deletes its messages, too.
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
	p.conversationDeleted(stored, now)
	return struct{}{}, nil
}

// stopConversation ends a conversation. One that has ended stays so.
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
