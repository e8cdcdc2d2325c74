package relay

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

// withID returns message_metadata with the ID of an entry. It adds the ID to nothing or to a JSON object in which there is room, and
// leaves other metadata as it is.
func withID(metadata, id string) string {
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

// reportOf returns what a callback says about an entry.
func reportOf(event webhook.Event) report {
	var said report
	var metadata string
	switch e := event.(type) {
	case *webhook.MessageSubmit:
		said.messageID, metadata = e.MessageSubmitNotification.MessageID, e.MessageSubmitNotification.Metadata
	case *webhook.MessageDelivery:
		r := &e.MessageDeliveryReport
		said.messageID, metadata, said.delivery = r.MessageID, r.Metadata, r.Status
		if r.Status == conversation.DeliveryStatusFailed && r.Reason != nil {
			said.reason = redact(r.Reason.String())
		}
	default:
		return said
	}
	if said.id = event.Meta().CorrelationID; said.id != "" {
		return said
	}
	var members map[string]json.RawMessage
	if json.Unmarshal([]byte(metadata), &members) != nil || json.Unmarshal(members[MetadataKey], &said.id) != nil {
		said.id = ""
	}
	return said
}
