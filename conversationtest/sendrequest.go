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

// readSendRequest decodes the body of a send, in the form of either dialect, and checks it.
func readSendRequest(body []byte) (conversation.SendMessageRequest, error) {
	var sent sendBody
	var present struct {
		Message map[string]json.RawMessage `json:"message"`
	}
	if err := readObject(body, &sent, &present); err != nil {
		return conversation.SendMessageRequest{}, err
	}
	request := sent.request()
	problems := required("app_id", request.AppID)
	problems = append(problems, checkRecipient(request.Recipient)...)
	problems = append(problems, oneKind("message", "message", present.Message, messageKinds)...)
	return request, refuse(problems)
}
