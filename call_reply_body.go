package conversation

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"
)

// isFree reports whether the call is one of [Client.Do], whose reply may be anything.
func (c *call) isFree() bool { return c.route == freeRoute }

// foreignReply returns why a body that was decoded with err cannot be the API's reply to the call, or "". A call that
// changes something needs the id of what it changed. A read may return an empty object.
func (c *call) foreignReply(body []byte, mistyped []string, err error) string {
	_, mismatch := errors.AsType[*json.UnmarshalTypeError](err)
	switch {
	case c.isFree(), err != nil && !mismatch, body[0] == '[' && isBatchList(c.out):
		return ""
	case body[0] != '{':
		return decodeProblem(err, c.out)
	}
	key, id := replyID(c.out)
	if id != nil && slices.Contains(mistyped, key) && strings.Trim(*id, "0123456789") != "" {
		return fmt.Sprintf("the reply has a %q that is not an id", key)
	}
	if id == nil || !isBlank(*id) || c.class == classReadOnly && !hasOnlyUnknown(body, c.out) {
		return ""
	}
	return fmt.Sprintf("the reply has no %q", key)
}

// isBatchList reports whether a reply is a list of batches, which is an array on the wire.
func isBatchList(reply any) bool {
	_, is := reply.(*BatchList)
	return is
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
	case *SendBatchResponse:
		return "batch_id", &reply.BatchID
	case *InsertConsentsResponse:
		return "batch_id", &reply.BatchID
	case *Batch:
		return "batch_id", &reply.BatchID
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
