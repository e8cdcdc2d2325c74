package outbox

import (
	"encoding/json"
	"strings"
	"unicode/utf8"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/webhook"
)

// MetadataKey is the key in message_metadata under which the ID of an entry is sent, beside correlation_id. Sinch may not retain
// the correlation id of an app in DISPATCH mode.
const MetadataKey = "relay_id"

// maxMetadata is Sinch's limit for message_metadata, in characters.
const maxMetadata = 1024

// WithID returns message_metadata with the ID of an entry, which the callbacks about the message return. It adds the ID to nothing or to a JSON object in which there is room, and
// leaves other metadata as it is.
func WithID(metadata, id string) string {
	if metadata == "" {
		metadata = "{}"
	}
	var members map[string]json.RawMessage
	if json.Unmarshal([]byte(metadata), &members) != nil || members == nil {
		return metadata
	}
	if _, taken := members[MetadataKey]; taken {
		return metadata
	}
	value, err := json.Marshal(id)
	if err != nil {
		return metadata
	}
	object := strings.TrimSuffix(strings.TrimRight(metadata, " \t\r\n"), "}")
	if len(members) > 0 {
		object += ","
	}
	added := object + `"` + MetadataKey + `":` + string(value) + "}"
	if utf8.RuneCountInString(added) > maxMetadata {
		return metadata
	}
	return added
}

// Report is what a callback says about an entry.
type Report struct {
	ID        string                      // of the entry; empty for a callback about something else
	MessageID string                      // of its message at Sinch
	Delivery  conversation.DeliveryStatus // empty if it only says that the message was accepted
	Reason    string                      // why the delivery failed, without phone numbers
}

// ReportOf returns what a callback says about the entry whose ID its correlation_id or its message_metadata has: see [WithID].
func ReportOf(event webhook.Event) Report {
	var said Report
	var metadata string
	switch e := event.(type) {
	case *webhook.MessageSubmit:
		said.MessageID, metadata = e.MessageSubmitNotification.MessageID, e.MessageSubmitNotification.Metadata
	case *webhook.MessageDelivery:
		r := &e.MessageDeliveryReport
		said.MessageID, metadata, said.Delivery = r.MessageID, r.Metadata, r.Status
		if r.Status == conversation.DeliveryStatusFailed && r.Reason != nil {
			said.Reason = Redact(r.Reason.String())
		}
	default:
		return said
	}
	if said.ID = event.Meta().CorrelationID; said.ID != "" {
		return said
	}
	var members map[string]json.RawMessage
	if json.Unmarshal([]byte(metadata), &members) != nil || json.Unmarshal(members[MetadataKey], &said.ID) != nil {
		said.ID = ""
	}
	return said
}
