package conversationtest

import (
	"encoding/json"

	"github.com/sinchgo/conversation"
)

// messageKinds are the fields of a message of which exactly one is set.
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

// readSendRequest decodes the body of a send, in the form of either dialect, and checks it. The content is the message
// as the client wrote it.
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
		_ = json.Unmarshal(raw.Message, &present) // It is null or an object: sent has read it.
	}
	request = sent.request()
	problems := required("app_id", request.AppID)
	problems = append(problems, checkRecipient(request.Recipient)...)
	problems = append(problems, oneKind("message", "message", present, messageKinds)...)
	return request, raw.Message, refuse(problems)
}
