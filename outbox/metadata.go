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

// WithID returns message_metadata with the ID of an entry under [MetadataKey]. The callbacks about the message return it: see [ReportOf].
// Metadata that is not a JSON object, has the key already, or would exceed the 1024 characters that Sinch accepts is returned unchanged.
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

// Report is what a callback reports about an entry.
type Report struct {
	ID        string                      // of the entry; empty for a callback about something else
	MessageID string                      // of its message at Sinch
	Delivery  conversation.DeliveryStatus // empty if it reports only that the message was accepted
	Reason    string                      // of a failed delivery, without phone numbers
}

// ReportOf returns what a [webhook.MessageSubmit] or [webhook.MessageDelivery] reports about an entry: the one whose ID is in its
// correlation_id or, if that is empty, in its message_metadata (see [WithID]). Another program may have chosen the ID, so an entry need
// not exist. The Report of another event is empty.
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
			said.Reason = r.Reason.String()
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
