package webhook

import "github.com/sinchgo/conversation"

// ContactCreate reports that a contact was created.
type ContactCreate struct {
	Envelope
	ContactCreateNotification conversation.ContactNotification `json:"contact_create_notification"`
}

// Trigger returns CONTACT_CREATE.
func (*ContactCreate) Trigger() conversation.WebhookTrigger { return conversation.TriggerContactCreate }

// ContactDelete reports that a contact was deleted.
type ContactDelete struct {
	Envelope
	ContactDeleteNotification conversation.ContactNotification `json:"contact_delete_notification"`
}

// Trigger returns CONTACT_DELETE.
func (*ContactDelete) Trigger() conversation.WebhookTrigger { return conversation.TriggerContactDelete }

// ContactMerge reports that two contacts were merged.
type ContactMerge struct {
	Envelope
	ContactMergeNotification conversation.ContactMergeNotification `json:"contact_merge_notification"`
}

// Trigger returns CONTACT_MERGE.
func (*ContactMerge) Trigger() conversation.WebhookTrigger { return conversation.TriggerContactMerge }

// ContactUpdate reports that a contact was updated.
type ContactUpdate struct {
	Envelope
	ContactUpdateNotification conversation.ContactNotification `json:"contact_update_notification"`
}

// Trigger returns CONTACT_UPDATE.
func (*ContactUpdate) Trigger() conversation.WebhookTrigger { return conversation.TriggerContactUpdate }

// ContactIdentitiesDuplication reports that several contacts have the same channel identities.
type ContactIdentitiesDuplication struct {
	Envelope
	DuplicatedContactIdentitiesNotification conversation.DuplicatedIdentitiesEvent `json:"duplicated_contact_identities_notification"`
}

// Trigger returns CONTACT_IDENTITIES_DUPLICATION.
func (*ContactIdentitiesDuplication) Trigger() conversation.WebhookTrigger {
	return conversation.TriggerContactIdentitiesDuplication
}

// ConversationStart reports that a conversation was started.
type ConversationStart struct {
	Envelope
	ConversationStartNotification conversation.ConversationNotification `json:"conversation_start_notification"`
}

// Trigger returns CONVERSATION_START.
func (*ConversationStart) Trigger() conversation.WebhookTrigger {
	return conversation.TriggerConversationStart
}

// ConversationStop reports that a conversation was stopped.
type ConversationStop struct {
	Envelope
	ConversationStopNotification conversation.ConversationNotification `json:"conversation_stop_notification"`
}

// Trigger returns CONVERSATION_STOP.
func (*ConversationStop) Trigger() conversation.WebhookTrigger {
	return conversation.TriggerConversationStop
}

// ConversationDelete reports that a conversation was deleted.
type ConversationDelete struct {
	Envelope
	ConversationDeleteNotification conversation.ConversationNotification `json:"conversation_delete_notification"`
}

// Trigger returns CONVERSATION_DELETE.
func (*ConversationDelete) Trigger() conversation.WebhookTrigger {
	return conversation.TriggerConversationDelete
}

// OptIn reports that a contact agreed to receive messages.
type OptIn struct {
	Envelope
	OptInNotification conversation.OptInNotification `json:"opt_in_notification"`
}

// Trigger returns OPT_IN.
func (*OptIn) Trigger() conversation.WebhookTrigger { return conversation.TriggerOptIn }

// OptOut reports that a contact no longer agrees to receive messages. Do not send any more to it.
type OptOut struct {
	Envelope
	OptOutNotification conversation.OptOutNotification `json:"opt_out_notification"`
}

// Trigger returns OPT_OUT.
func (*OptOut) Trigger() conversation.WebhookTrigger { return conversation.TriggerOptOut }

// Capability is the result of a capability query for one channel.
type Capability struct {
	Envelope
	CapabilityNotification conversation.CapabilityNotification `json:"capability_notification"`
}

// Trigger returns CAPABILITY.
func (*Capability) Trigger() conversation.WebhookTrigger { return conversation.TriggerCapability }
