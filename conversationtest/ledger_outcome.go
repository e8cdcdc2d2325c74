package conversationtest

import (
	"bytes"
	"encoding/json"
	"strings"

	"github.com/sinchgo/conversation"
)

// What a client of the SDK requires of a 2xx reply, if it is not the field of an id.
const (
	anyReply = "a body"
	noReply  = "nothing"
)

// requiredReplies holds the operations that send or change something, and what a client of the SDK requires of the reply.
var requiredReplies = map[string]string{
	"Messages.Send":   "message_id",
	"Messages.Update": "id",
	"Messages.Delete": noReply,

	"Contacts.Create": "id",
	"Contacts.Update": "id",
	"Contacts.Delete": noReply,
	"Contacts.Merge":  "id",

	"Conversations.Create":        "id",
	"Conversations.Update":        "id",
	"Conversations.Delete":        noReply,
	"Conversations.Stop":          noReply,
	"Conversations.InjectMessage": noReply,
	"Conversations.InjectEvent":   "event_id",

	"Apps.Create": "id",
	"Apps.Update": "id",
	"Apps.Delete": noReply,

	"Webhooks.Create": "id",
	"Webhooks.Update": "id",
	"Webhooks.Delete": noReply,

	"Events.Send":   "event_id",
	"Events.Delete": noReply,

	"ProjectSettings.Create": anyReply,
	"ProjectSettings.Update": anyReply,
	"ProjectSettings.Delete": noReply,

	"Templates.Create": "id",
	"Templates.Update": "id",
	"Templates.Delete": noReply,

	"Batches.Send":           "batch_id",
	"Batches.Cancel":         noReply,
	"Batches.CreateContacts": noReply,
	"Batches.DeleteContacts": noReply,
	"Batches.InsertConsents": "batch_id",
}

// Outcome returns the outcome that a client of the SDK concludes from the answer, as [conversation.OutcomeOf] does from the
// error of a call with this single request. It reports false for operations that change nothing, for the token endpoint and
// unknown operations, and before the answer.
func (r *Request) Outcome() (conversation.Outcome, bool) {
	required, changes := requiredReplies[r.Operation]
	switch {
	case !changes || !r.over:
		return conversation.OutcomeUnknown, false
	case r.Status == 0:
		return conversation.OutcomeUnknown, true // The client was connected.
	}
	outcome := conversation.OutcomeOf(&conversation.Error{StatusCode: r.Status})
	if outcome == conversation.OutcomeAccepted && r.isForeign(required) {
		return conversation.OutcomeUnknown, true
	}
	return outcome, true
}

// isForeign reports whether a client takes a 2xx for the answer of something between it and the API.
func (r *Request) isForeign(required string) bool {
	body := bytes.TrimSpace(bytes.TrimPrefix(bytes.TrimSpace(r.Response), []byte("\ufeff")))
	if len(body) == 0 || string(body) == "null" {
		return required != noReply
	}
	if body[0] == '<' || r.Fault == FaultHTML && !strings.ContainsRune(`{["`, rune(body[0])) {
		return true
	}
	if !json.Valid(body) {
		return false // The answer of the API was cut short.
	}
	var reply map[string]json.RawMessage
	isObject := json.Unmarshal(body, &reply) == nil
	switch {
	case isObject && bytes.HasPrefix(reply["error"], []byte("{")):
		return true
	case required == noReply:
		return false
	case required == anyReply:
		return !isObject
	default:
		return !isID(reply[required])
	}
}

// isID reports whether a field of a reply is an id: a string that is not blank, or a number.
func isID(field json.RawMessage) bool {
	var text string
	if json.Unmarshal(field, &text) == nil {
		return strings.TrimSpace(text) != ""
	}
	return len(field) > 0 && strings.Trim(string(field), "0123456789") == ""
}

// outcomeName returns the outcome of a request in the control API, such as "not_sent", or "".
func (r *Request) outcomeName() string {
	outcome, ok := r.Outcome()
	if !ok {
		return ""
	}
	return strings.ReplaceAll(outcome.String(), " ", "_")
}
