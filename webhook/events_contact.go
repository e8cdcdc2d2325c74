package webhook

import "github.com/sinchgo/conversation"

// ContactCreate says that a contact was made.
type ContactCreate struct {
	Envelope
	ContactCreateNotification conversation.ContactNotification `json:"contact_create_notification"`
}

// Trigger gives CONTACT_CREATE.
func (*ContactCreate) Trigger() conversation.WebhookTrigger { return conversation.TriggerContactCreate }

// ContactDelete says that a contact was deleted.
type ContactDelete struct {
	Envelope
	ContactDeleteNotification conversation.ContactNotification `json:"contact_delete_notification"`
}

// Trigger gives CONTACT_DELETE.
func (*ContactDelete) Trigger() conversation.WebhookTrigger { return conversation.TriggerContactDelete }

// ContactMerge says that two contacts were merged.
type ContactMerge struct {
	Envelope
	ContactMergeNotification conversation.ContactMergeNotification `json:"contact_merge_notification"`
}

// Trigger gives CONTACT_MERGE.
func (*ContactMerge) Trigger() conversation.WebhookTrigger { return conversation.TriggerContactMerge }

// ContactUpdate says that a contact was changed.
type ContactUpdate struct {
	Envelope
	ContactUpdateNotification conversation.ContactNotification `json:"contact_update_notification"`
}

// Trigger gives CONTACT_UPDATE.
func (*ContactUpdate) Trigger() conversation.WebhookTrigger { return conversation.TriggerContactUpdate }

// ContactIdentitiesDuplication says that several contacts have the same channel identities.
type ContactIdentitiesDuplication struct {
	Envelope
	DuplicatedContactIdentitiesNotification conversation.DuplicatedIdentitiesEvent `json:"duplicated_contact_identities_notification"`
}

// Trigger gives CONTACT_IDENTITIES_DUPLICATION.
func (*ContactIdentitiesDuplication) Trigger() conversation.WebhookTrigger {
	return conversation.TriggerContactIdentitiesDuplication
}

// ConversationStart says that a conversation was started.
type ConversationStart struct {
	Envelope
	ConversationStartNotification conversation.ConversationNotification `json:"conversation_start_notification"`
}

// Trigger gives CONVERSATION_START.
func (*ConversationStart) Trigger() conversation.WebhookTrigger {
	return conversation.TriggerConversationStart
}

// ConversationStop says that a conversation was stopped.
type ConversationStop struct {
	Envelope
	ConversationStopNotification conversation.ConversationNotification `json:"conversation_stop_notification"`
}

// Trigger gives CONVERSATION_STOP.
func (*ConversationStop) Trigger() conversation.WebhookTrigger {
	return conversation.TriggerConversationStop
}

// ConversationDelete says that a conversation was deleted.
type ConversationDelete struct {
	Envelope
	ConversationDeleteNotification conversation.ConversationNotification `json:"conversation_delete_notification"`
}

// Trigger gives CONVERSATION_DELETE.
func (*ConversationDelete) Trigger() conversation.WebhookTrigger {
	return conversation.TriggerConversationDelete
}

// OptIn says that a contact agreed to messages.
type OptIn struct {
	Envelope
	OptInNotification conversation.OptInNotification `json:"opt_in_notification"`
}

// Trigger gives OPT_IN.
func (*OptIn) Trigger() conversation.WebhookTrigger { return conversation.TriggerOptIn }

// OptOut says that a contact refuses messages. Do not text it again.
type OptOut struct {
	Envelope
	OptOutNotification conversation.OptOutNotification `json:"opt_out_notification"`
}

// Trigger gives OPT_OUT.
func (*OptOut) Trigger() conversation.WebhookTrigger { return conversation.TriggerOptOut }

// Capability is the result of a capability query for one channel.
type Capability struct {
	Envelope
	CapabilityNotification conversation.CapabilityNotification `json:"capability_notification"`
}

// Trigger gives CAPABILITY.
func (*Capability) Trigger() conversation.WebhookTrigger { return conversation.TriggerCapability }
