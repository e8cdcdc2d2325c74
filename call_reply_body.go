package conversation

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"strings"
)

// decode decodes a reply. Its id may be a whole number, which is kept digit by digit.
func (c *call) decode(body []byte) error {
	err := json.Unmarshal(body, c.out)
	key, id := replyID(c.out)
	mistyped, ok := errors.AsType[*json.UnmarshalTypeError](err)
	if ok && !c.isFree() && id != nil && mistyped.Field == key {
		if *id = digitsAt(body, key); *id != "" {
			return nil
		}
	}
	return err
}

// digitsAt returns the whole number at a key of an object, or "".
func digitsAt(body []byte, key string) string {
	var object map[string]json.RawMessage
	_ = json.Unmarshal(body, &object)
	digits := string(object[key])
	if strings.Trim(digits, "0123456789") != "" {
		return ""
	}
	return digits
}

// isFree reports whether the call is one of [Client.Do], whose reply may be anything.
func (c *call) isFree() bool { return c.route == freeRoute }

// foreignReply returns why a body that was decoded with err cannot be the API's reply to the call, or "". A call that
// changes something needs the id of what it changed. A read may return an empty object.
func (c *call) foreignReply(body []byte, err error) string {
	_, mistyped := errors.AsType[*json.UnmarshalTypeError](err)
	switch {
	case c.isFree(), err != nil && !mistyped:
		return ""
	case body[0] != '{':
		return decodeProblem(err, c.out)
	}
	key, id := replyID(c.out)
	if id == nil || !isBlank(*id) || c.class == classReadOnly && !hasOnlyUnknown(body, c.out) {
		return ""
	}
	return fmt.Sprintf("the reply has no %q", key)
}

// hasOnlyUnknown reports whether an object was decoded into reply and has fields, but none that reply has.
func hasOnlyUnknown(body []byte, reply any) bool {
	kind := reflect.TypeOf(reply).Elem()
	if !reflect.ValueOf(reply).Elem().IsZero() {
		return false
	}
	var object map[string]json.RawMessage
	_ = json.Unmarshal(body, &object)
	for key := range object {
		if _, known := fieldOf(kind, key); known != nil {
			return false
		}
	}
	return len(object) > 0
}

// replyID returns the key and the field of the id in a reply, or nil if it has none.
func replyID(reply any) (key string, id *string) {
	switch reply := reply.(type) {
	case *SendMessageResponse:
		return "message_id", &reply.MessageID
	case *SendEventResponse:
		return "event_id", &reply.EventID
	case *InjectEventResponse:
		return "event_id", &reply.EventID
	case *App:
		return "id", &reply.ID
	case *Contact:
		return "id", &reply.ID
	case *Conversation:
		return "id", &reply.ID
	case *ConversationEvent:
		return "id", &reply.ID
	case *ConversationMessage:
		return "id", &reply.ID
	case *V2TemplateResponse:
		return "id", &reply.ID
	case *Webhook:
		return "id", &reply.ID
	}
	return "", nil
}

// isPage reports whether a body that is not blank is a page of a proxy or portal. The label alone proves nothing: servers
// label JSON as HTML too.
func isPage(header http.Header, body []byte) bool {
	if body[0] == '<' {
		return true
	}
	label := strings.ToLower(header.Get("Content-Type"))
	return strings.Contains(label, "html") && !strings.ContainsRune(`{["`, rune(body[0]))
}
