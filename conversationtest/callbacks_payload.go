package conversationtest

import (
	"encoding/json"

	"github.com/sinchgo/conversation"
)

// event is the body of a callback, in the form of the platform. Exactly one payload is set; it shows which kind of event it
// is.
type event struct {
	AppID           string            `json:"app_id"`
	AcceptedTime    conversation.Time `json:"accepted_time"`
	EventTime       conversation.Time `json:"event_time"`
	ProjectID       string            `json:"project_id"`
	MessageMetadata string            `json:"message_metadata,omitempty"`
	CorrelationID   string            `json:"correlation_id,omitempty"`

	Message            *conversation.InboundMessage                `json:"message,omitempty"`
	Submit             *submitNotification                         `json:"message_submit_notification,omitempty"`
	Delivery           *conversation.MessageDeliveryReport         `json:"message_delivery_report,omitempty"`
	EventDelivery      *conversation.EventDeliveryReport           `json:"event_delivery_report,omitempty"`
	Inbound            *conversation.InboundEvent                  `json:"event,omitempty"`
	ConversationStart  *conversationNotice                         `json:"conversation_start_notification,omitempty"`
	ConversationStop   *conversationNotice                         `json:"conversation_stop_notification,omitempty"`
	ConversationDelete *conversationNotice                         `json:"conversation_delete_notification,omitempty"`
	ContactCreate      *contactNotice                              `json:"contact_create_notification,omitempty"`
	ContactDelete      *contactNotice                              `json:"contact_delete_notification,omitempty"`
	ContactUpdate      *contactNotice                              `json:"contact_update_notification,omitempty"`
	ContactMerge       *mergeNotice                                `json:"contact_merge_notification,omitempty"`
	Capability         *conversation.CapabilityNotification        `json:"capability_notification,omitempty"`
	OptIn              *consentNotice                              `json:"opt_in_notification,omitempty"`
	OptOut             *consentNotice                              `json:"opt_out_notification,omitempty"`
	BatchStatus        *conversation.BatchStatusUpdateNotification `json:"batch_status_update_notification,omitempty"`
}

// submitNotification is the payload of MESSAGE_SUBMIT.
type submitNotification struct {
	MessageID        string                        `json:"message_id"`
	ConversationID   string                        `json:"conversation_id"`
	ChannelIdentity  *conversation.ChannelIdentity `json:"channel_identity,omitempty"`
	ContactID        string                        `json:"contact_id"`
	SubmittedMessage submittedMessage              `json:"submitted_message"`
	Metadata         string                        `json:"metadata,omitempty"`
	ProcessingMode   conversation.ProcessingMode   `json:"processing_mode"`
}

// conversationNotice is the payload of the CONVERSATION events.
type conversationNotice struct {
	Conversation *storedConversation `json:"conversation"`
}

// contactNotice is the payload of CONTACT_CREATE, CONTACT_DELETE and CONTACT_UPDATE.
type contactNotice struct {
	Contact *storedContact `json:"contact"`
}

// mergeNotice is the payload of CONTACT_MERGE.
type mergeNotice struct {
	Preserved *storedContact `json:"preserved_contact"`
	Deleted   *storedContact `json:"deleted_contact"`
}

// consentNotice is the payload of OPT_IN and OPT_OUT.
type consentNotice struct {
	RequestID      string                      `json:"request_id"`
	ContactID      string                      `json:"contact_id"`
	Channel        conversation.Channel        `json:"channel"`
	Identity       string                      `json:"identity"`
	Status         string                      `json:"status"`
	ProcessingMode conversation.ProcessingMode `json:"processing_mode"`
}

// submittedMessage is the message of a send as the client sent it. It is encoded as on the platform, where the items of
// menus differ from those of openapi.yaml.
type submittedMessage json.RawMessage
