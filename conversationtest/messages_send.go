package conversationtest

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"

	"github.com/sinchgo/conversation"
)

// messageKinds are the fields of a message, of which exactly one is set.
var messageKinds = []string{
	"card_message",
	"carousel_message",
	"choice_message",
	"contact_info_message",
	"list_message",
	"location_message",
	"media_message",
	"template_message",
	"text_message",
}

// readSendRequest decodes and checks the body of a send, in either dialect. The content is the JSON of the message.
func readSendRequest(body []byte) (request conversation.SendMessageRequest, content json.RawMessage, err error) {
	var sent sendBody
	var raw struct {
		Message json.RawMessage `json:"message"`
	}
	if err := readObject(body, &sent, &raw); err != nil {
		return request, nil, err
	}
	var present map[string]json.RawMessage
	if raw.Message != nil {
		_ = json.Unmarshal(raw.Message, &present) // readObject has decoded it into sent, so that it is null or an object.
	}
	request = sent.request()
	problems := required("app_id", request.AppID)
	problems = append(problems, checkRecipient(request.Recipient)...)
	problems = append(problems, checkCallbackURL(request.CallbackURL)...)
	problems = append(problems, oneKind("message", "message", present, messageKinds)...)
	return request, raw.Message, invalid(problems)
}

// sendBody is the body of a send. It reads the fields whose wire format differs between the dialects.
type sendBody struct {
	plainRequest
	TTL                  seconds  `json:"ttl"`
	ConversationMetadata metadata `json:"conversation_metadata"`
}

// plainRequest is a request without its methods, so that none is promoted to sendBody.
type plainRequest conversation.SendMessageRequest

func (b *sendBody) request() conversation.SendMessageRequest {
	request := conversation.SendMessageRequest(b.plainRequest)
	request.TTL = int(b.TTL)
	request.ConversationMetadata = string(b.ConversationMetadata)
	plainItems(request.Message.ListMessage)
	for _, override := range request.Message.ExplicitChannelOmniMessage {
		plainItems(override.ListMessage)
	}
	return request
}

// plainItems converts menu items that have no more fields than a choice to choices, so that both dialects send the same
// request.
func plainItems(list *conversation.ListMessage) {
	if list == nil {
		return
	}
	for _, section := range list.Sections {
		for i := range section.Items {
			item := &section.Items[i]
			if item.Item != nil && *item.Item == (conversation.ChoiceItem{Title: item.Item.Title, PostbackData: item.Item.PostbackData}) {
				item.Item = nil
			}
		}
	}
}

// seconds is decoded from 10 or "10s".
type seconds int

// UnmarshalJSON implements [json.Unmarshaler].
func (s *seconds) UnmarshalJSON(data []byte) error {
	if string(data) == "null" {
		return nil
	}
	digits := string(data)
	if quoted, ok := strings.CutPrefix(digits, `"`); ok {
		if digits, ok = strings.CutSuffix(quoted, `s"`); !ok {
			return invalidArgument("ttl: %s is not a number of seconds such as \"10s\"", data)
		}
	}
	number, err := strconv.Atoi(digits)
	if err != nil || number < 0 {
		return invalidArgument("ttl: %s is not a number of whole seconds", data)
	}
	*s = seconds(number)
	return nil
}

// metadata is decoded from a string, or from a JSON object, which it holds as JSON.
type metadata string

// UnmarshalJSON implements [json.Unmarshaler].
func (m *metadata) UnmarshalJSON(data []byte) error {
	switch data[0] {
	case 'n': // null
		return nil
	case '"':
		return json.Unmarshal(data, (*string)(m))
	case '{':
		var compact bytes.Buffer
		if err := json.Compact(&compact, data); err != nil {
			return err
		}
		*m = metadata(compact.String())
		return nil
	default:
		return invalidArgument("conversation_metadata: it must be a string or an object")
	}
}
