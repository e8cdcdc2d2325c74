package webhook

import "strings"

// payload is a top-level field of a body that determines the type of the event.
type payload struct {
	name  string
	event func() Event
	opens byte // the first byte of its value
}

// bareIdentities is the payload of CONTACT_IDENTITIES_DUPLICATION without the notification around it. The official SDKs
// disagree on which of the two the platform sends.
const bareIdentities = "duplicated_identities"

var payloads = []payload{
	{"message", func() Event { return new(MessageInbound) }, '{'},
	{"message_redaction", func() Event { return new(MessageInboundRedaction) }, '{'},
	{"message_submit_notification", func() Event { return new(MessageSubmit) }, '{'},
	{"message_delivery_report", func() Event { return new(MessageDelivery) }, '{'},
	{"event", func() Event { return new(EventInbound) }, '{'},
	{"event_delivery_report", func() Event { return new(EventDelivery) }, '{'},
	{"smart_conversation_notification", func() Event { return new(SmartConversations) }, '{'},
	{"contact_create_notification", func() Event { return new(ContactCreate) }, '{'},
	{"contact_delete_notification", func() Event { return new(ContactDelete) }, '{'},
	{"contact_merge_notification", func() Event { return new(ContactMerge) }, '{'},
	{"contact_update_notification", func() Event { return new(ContactUpdate) }, '{'},
	{"duplicated_contact_identities_notification", func() Event { return new(ContactIdentitiesDuplication) }, '{'},
	{bareIdentities, func() Event { return new(ContactIdentitiesDuplication) }, '['},
	{"conversation_start_notification", func() Event { return new(ConversationStart) }, '{'},
	{"conversation_stop_notification", func() Event { return new(ConversationStop) }, '{'},
	{"conversation_delete_notification", func() Event { return new(ConversationDelete) }, '{'},
	{"opt_in_notification", func() Event { return new(OptIn) }, '{'},
	{"opt_out_notification", func() Event { return new(OptOut) }, '{'},
	{"capability_notification", func() Event { return new(Capability) }, '{'},
	{"channel_event_notification", func() Event { return new(ChannelEvent) }, '{'},
	{"record_notification", func() Event { return new(RecordNotification) }, '{'},
	{"batch_status_update_notification", func() Event { return new(BatchStatusUpdate) }, '{'},
	{"unsupported_callback", func() Event { return new(Unsupported) }, '{'},
}

// topFields maps the known top-level fields of a body to a unique index. The index of a payload field is its index in
// payloads; the fields of the envelope follow.
var topFields = func() map[string]int {
	index := make(map[string]int)
	for i, payload := range payloads {
		index[payload.name] = i
	}
	for _, name := range []string{
		"app_id", "project_id", "accepted_time", "event_time", "message_metadata", "correlation_id", "trigger", "channel_metadata",
	} {
		index[name] = len(index)
	}
	return index
}()

// topField returns the index of a field. Like encoding/json, it ignores the case of the name.
func topField(name []byte) (int, bool) {
	if i, ok := topFields[string(name)]; ok {
		return i, true
	}
	i, ok := topFields[strings.ToLower(string(name))]
	return i, ok
}
