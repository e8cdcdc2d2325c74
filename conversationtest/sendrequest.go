package conversationtest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

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
	var request conversation.SendMessageRequest
	if !bytes.HasPrefix(bytes.TrimSpace(body), []byte("{")) {
		return request, invalidArgument("the body must be a JSON object")
	}
	var sent sendBody
	if err := json.Unmarshal(body, &sent); err != nil {
		return request, unreadable(err)
	}
	var present struct {
		Message map[string]json.RawMessage `json:"message"`
	}
	if err := json.Unmarshal(body, &present); err != nil {
		return request, unreadable(err)
	}
	request = sent.request()
	problems := append(checkSend(&request), checkKinds(present.Message)...)
	if len(problems) > 0 {
		return request, invalidArgument("%s", strings.Join(problems, "; "))
	}
	return request, nil
}

// unreadable says what in the JSON is wrong, with the path of the field if it is known.
func unreadable(err error) error {
	if _, ok := errors.AsType[*apiError](err); ok {
		return err
	}
	if mismatch, ok := errors.AsType[*json.UnmarshalTypeError](err); ok && mismatch.Field != "" {
		field := strings.TrimPrefix(mismatch.Field, "plainRequest.")
		return invalidArgument("%s: a JSON %s does not belong here", field, mismatch.Value)
	}
	return invalidArgument("the body is not valid JSON: %v", err)
}

// checkSend lists what is missing or there twice.
func checkSend(request *conversation.SendMessageRequest) []string {
	var problems []string
	if request.AppID == "" {
		problems = append(problems, "app_id: it is required")
	}
	return append(problems, checkRecipient(request.Recipient)...)
}

func checkRecipient(recipient conversation.Recipient) []string {
	byID, byIdentity := recipient.ContactID != "", recipient.IdentifiedBy != nil
	switch {
	case byID == byIdentity:
		return []string{"recipient: exactly one of contact_id and identified_by must be set"}
	case byID:
		return nil
	case len(recipient.IdentifiedBy.ChannelIdentities) == 0:
		return []string{"recipient.identified_by.channel_identities: at least one is required"}
	}
	var problems []string
	for i, identity := range recipient.IdentifiedBy.ChannelIdentities {
		path := fmt.Sprintf("recipient.identified_by.channel_identities[%d]", i)
		if identity.Channel == "" {
			problems = append(problems, path+".channel: it is required")
		}
		if identity.Identity == "" {
			problems = append(problems, path+".identity: it is required")
		}
	}
	return problems
}

// checkKinds looks at the JSON of the message, since it may hold kinds that the SDK does not know.
func checkKinds(message map[string]json.RawMessage) []string {
	set := 0
	for _, kind := range messageKinds {
		if value, ok := message[kind]; ok && string(value) != "null" {
			set++
		}
	}
	if set == 1 {
		return nil
	}
	return []string{fmt.Sprintf("message: exactly one message kind must be set, not %d: one of %s",
		set, strings.Join(messageKinds, ", "))}
}
