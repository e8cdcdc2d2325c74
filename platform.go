package conversation

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
)

// This file is the one place that knows where the live platform departs from openapi.yaml on the wire.

// platformSendMessage is a SendMessageRequest as the live platform reads it. Its fields take the place of those of the
// same name in the embedded request.
type platformSendMessage struct {
	*SendMessageRequest
	ConversationMetadata json.RawMessage    `json:"conversation_metadata,omitempty"` // an object, not a text
	Message              platformAppMessage `json:"message"`
	Recipient            Recipient          `json:"recipient"`     // identities without app_id
	TTL                  string             `json:"ttl,omitempty"` // "10s", not 10
}

// platformAppMessage is an AppMessage as the live platform reads it.
type platformAppMessage struct {
	AppMessage
	ListMessage *platformListMessage `json:"list_message,omitempty"`
}

type platformListMessage struct {
	ListMessage
	Sections []platformListSection `json:"sections,omitempty"`
}

type platformListSection struct {
	ListSection
	Items []platformListItem `json:"items,omitempty"`
}

// platformListItem is a menu item: what openapi.yaml writes as a Choice.
type platformListItem struct {
	Choice platformChoiceItem `json:"choice"`
}

type platformChoiceItem struct {
	Title        string `json:"title,omitempty"`
	PostbackData string `json:"postback_data,omitempty"`
}

// sendMessageBody gives the body of a send in the client's dialect.
func (c *Client) sendMessageBody(op operation, req *SendMessageRequest) (any, error) {
	if c.dialect != DialectPlatform {
		return req, nil
	}
	metadata, err := jsonObject(op, "conversation_metadata", req.ConversationMetadata)
	if err != nil {
		return nil, err
	}
	message, err := toPlatformAppMessage(op, "message", req.Message)
	if err != nil {
		return nil, err
	}
	return platformSendMessage{
		SendMessageRequest:   req,
		ConversationMetadata: metadata,
		Message:              message,
		Recipient:            toPlatformRecipient(req.Recipient),
		TTL:                  wholeSecondsText(req.TTL),
	}, nil
}

// wholeSecondsText writes a duration as the platform does.
func wholeSecondsText(seconds int) string {
	if seconds == 0 {
		return ""
	}
	return strconv.Itoa(seconds) + "s"
}

// jsonObject takes a text for the JSON object that it must be.
func jsonObject(op operation, field, text string) (json.RawMessage, error) {
	if text == "" {
		return nil, nil
	}
	raw := bytes.TrimSpace([]byte(text))
	if !json.Valid(raw) || raw[0] != '{' {
		return nil, &ArgumentError{Operation: op.name, Field: field, Reason: "must be the text of a JSON object with DialectPlatform"}
	}
	return raw, nil
}

// toPlatformRecipient leaves out the app ids of identities: the platform takes channel and identity only.
func toPlatformRecipient(to Recipient) Recipient {
	if to.IdentifiedBy == nil {
		return to
	}
	bare := make([]ChannelIdentity, len(to.IdentifiedBy.ChannelIdentities))
	for i, identity := range to.IdentifiedBy.ChannelIdentities {
		bare[i] = ChannelIdentity{Channel: identity.Channel, Identity: identity.Identity}
	}
	return ToChannels(bare...)
}

// toPlatformAppMessage rewrites menu items, and refuses template parameters that are no texts.
func toPlatformAppMessage(op operation, field string, message AppMessage) (platformAppMessage, error) {
	if template := message.TemplateMessage; template != nil && template.OmniTemplate != nil {
		for name, value := range template.OmniTemplate.Parameters {
			if _, ok := value.(string); !ok {
				return platformAppMessage{}, &ArgumentError{
					Operation: op.name, Field: field + ".template_message.omni_template.parameters." + name,
					Reason: fmt.Sprintf("is a %T: the platform takes strings only", value),
				}
			}
		}
	}
	return platformAppMessage{AppMessage: message, ListMessage: toPlatformListMessage(message.ListMessage)}, nil
}

func toPlatformListMessage(list *ListMessage) *platformListMessage {
	if list == nil {
		return nil
	}
	made := &platformListMessage{ListMessage: *list}
	for _, section := range list.Sections {
		items := make([]platformListItem, len(section.Items))
		for i, choice := range section.Items {
			items[i].Choice.PostbackData = choice.PostbackData
			if choice.TextMessage != nil {
				items[i].Choice.Title = choice.TextMessage.Text
			}
		}
		made.Sections = append(made.Sections, platformListSection{ListSection: section, Items: items})
	}
	return made
}

// UnmarshalJSON implements [json.Unmarshaler]. It reads a choice as openapi.yaml has it, and a menu item of the live
// platform, whose title becomes the text. Postback data that is no text is kept as its JSON.
func (c *Choice) UnmarshalJSON(data []byte) error {
	var item struct {
		TextMessage  *TextMessage    `json:"text_message"`
		PostbackData json.RawMessage `json:"postback_data"`
		Choice       *struct {
			Title        string          `json:"title"`
			PostbackData json.RawMessage `json:"postback_data"`
		} `json:"choice"`
	}
	if err := json.Unmarshal(data, &item); err != nil {
		return err
	}
	*c = Choice{TextMessage: item.TextMessage, PostbackData: textOrJSON(item.PostbackData)}
	if item.Choice != nil {
		*c = TextChoice(item.Choice.Title, textOrJSON(item.Choice.PostbackData))
	}
	return nil
}

// textOrJSON gives the text of a JSON string, nothing for null, and any other value as it came.
func textOrJSON(raw json.RawMessage) string {
	var text string
	if json.Unmarshal(raw, &text) != nil {
		return string(raw)
	}
	return text
}
