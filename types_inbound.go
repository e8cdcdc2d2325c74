package conversation

import (
	"cmp"
	"encoding/json"

	"github.com/sinchgo/conversation/internal/redact"
	"github.com/sinchgo/conversation/internal/wire"
)

// Channels that only callbacks name, in the channel identities of inbound messages and reports. The platform lists them
// nowhere else, so that no message can be addressed to them.
const (
	ChannelSinchChat Channel = "SINCH_CHAT" // a chat in your own web page or app
	ChannelSinchPush Channel = "SINCH_PUSH" // a push notification to your own app
)

// Text returns the text of a text message or the caption of a file. It returns "" for any other kind and for a nil
// message.
func (m *ContactMessage) Text() string {
	switch {
	case m == nil:
		return ""
	case m.TextMessage != nil:
		return m.TextMessage.Text
	case m.MediaCardMessage != nil:
		return m.MediaCardMessage.Caption
	default:
		return ""
	}
}

// UnmarshalJSON implements [json.Unmarshaler]. Postback data that is not a string is kept as raw JSON.
func (m *ChoiceResponseMessage) UnmarshalJSON(data []byte) error {
	return wire.Unmarshal(data, m, decodeChoiceResponse)
}

func decodeChoiceResponse(at wire.Place, data []byte, m *ChoiceResponseMessage) bool {
	type plain ChoiceResponseMessage
	loose := struct {
		*plain
		PostbackData json.RawMessage `json:"postback_data"`
	}{plain: (*plain)(m)}
	fits := at.Decode(data, &loose)
	m.PostbackData = wire.StringOrJSON(loose.PostbackData)
	return fits
}

// UnmarshalJSON implements [json.Unmarshaler]. A parameter that is not a string is kept as raw JSON.
func (t *OmniTemplate) UnmarshalJSON(data []byte) error {
	return wire.Unmarshal(data, t, decodeOmniTemplate)
}

func decodeOmniTemplate(at wire.Place, data []byte, t *OmniTemplate) bool {
	type plain OmniTemplate
	loose := struct {
		*plain
		Parameters map[string]json.RawMessage `json:"parameters"`
	}{plain: (*plain)(t)}
	fits := at.Decode(data, &loose)
	t.Parameters = nil
	for name, value := range loose.Parameters {
		if t.Parameters == nil {
			t.Parameters = make(map[string]string, len(loose.Parameters))
		}
		t.Parameters[name] = wire.StringOrJSON(value)
	}
	return fits
}

// UnmarshalJSON implements [json.Unmarshaler]. The official SDKs disagree on the names of the fields, so it accepts both
// entity_id and entityId, and so on.
func (n *RecordNotification) UnmarshalJSON(data []byte) error {
	return wire.Unmarshal(data, n, decodeRecordNotification)
}

func decodeRecordNotification(at wire.Place, data []byte, n *RecordNotification) bool {
	type plain RecordNotification
	both := struct {
		*plain
		ChannelIdentity **ChannelIdentity `json:"channelIdentity"`
		ContactID       *string           `json:"contactId"`
		ConversationID  *string           `json:"conversationId"`
		EntityID        *string           `json:"entityId"`
		ProcessingMode  *ProcessingMode   `json:"processingMode"`
		RecordStatus    *RecordStatus     `json:"recordStatus"`
	}{
		plain:           (*plain)(n),
		ChannelIdentity: &n.ChannelIdentity,
		ContactID:       &n.ContactID,
		ConversationID:  &n.ConversationID,
		EntityID:        &n.EntityID,
		ProcessingMode:  &n.ProcessingMode,
		RecordStatus:    &n.RecordStatus,
	}
	return at.Decode(data, &both)
}

// Rank returns the place of a status in the order in which a message gets on, so that a store can keep the later of two
// reports by comparing two numbers, as webhook.Fold does:
//
//	QUEUED_ON_CHANNEL 10, SWITCHING_CHANNEL 20, DELIVERED 30, FAILED 40, READ 50
//
// READ comes after FAILED, since a message that was read has arrived. "" and values that this package does not know
// have rank 0: they never replace a known one. The numbers are part of the API and do not change; a new status gets one
// in between.
func (s DeliveryStatus) Rank() int {
	switch s {
	case DeliveryStatusQueuedOnChannel:
		return 10
	case DeliveryStatusSwitchingChannel:
		return 20
	case DeliveryStatusDelivered:
		return 30
	case DeliveryStatusFailed:
		return 40
	case DeliveryStatusRead:
		return 50
	default:
		return 0
	}
}

// Final reports whether the status is terminal, which FAILED and READ are: no other outcome follows. DELIVERED is not,
// since READ may follow on channels with read receipts. Other channels, such as SMS, end with DELIVERED: to wait only
// until a message has arrived or failed, check for DELIVERED too.
func (s DeliveryStatus) Final() bool {
	return s == DeliveryStatusFailed || s == DeliveryStatusRead
}

// The types that describe a failure print as one line. They mask and escape the words of the server and of the channel, as
// [Error] does; the fields and JSON have them as they came.

// String implements [fmt.Stringer]. It returns the class, the failure in words, and the finer class, such as
// "CHANNEL_FAILURE: the template is paused (TEMPLATE_PAUSED)".
func (r Reason) String() string { return failureLine(string(r.Code), r.Description, string(r.SubCode)) }

// String implements [fmt.Stringer].
func (s ChannelIntegrationState) String() string {
	return failureLine(string(s.Status), s.Description, "")
}

// String implements [fmt.Stringer].
func (d OptInNotificationErrorDetails) String() string { return redact.OneLine(d.Description) }

// String implements [fmt.Stringer].
func (d OptOutNotificationErrorDetails) String() string { return redact.OneLine(d.Description) }

// failureLine leaves out what is empty.
func failureLine(class, words, finer string) string {
	line := cmp.Or(class, "UNKNOWN")
	if words != "" {
		line += ": " + words
	}
	if finer != "" {
		line += " (" + finer + ")"
	}
	return redact.OneLine(line)
}
