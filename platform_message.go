package conversation

import "fmt"

// This file has what platform.go says of requests for the messages in them.

// platformAppMessage is an AppMessage as the live platform reads it.
type platformAppMessage struct {
	AppMessage
	ExplicitChannelOmniMessage map[ChannelSpecificTemplate]platformOverride `json:"explicit_channel_omni_message,omitempty"`
	ListMessage                *platformListMessage                         `json:"list_message,omitempty"`
}

// platformOverride is an OmniMessageOverride as the live platform reads it.
type platformOverride struct {
	OmniMessageOverride
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
	Choice  *ChoiceItem  `json:"choice,omitempty"`
	Product *ProductItem `json:"product,omitempty"`
}

// toPlatformAppMessage rewrites menu items, and refuses template parameters that are no texts.
func toPlatformAppMessage(op operation, field string, message AppMessage) (platformAppMessage, error) {
	made := platformAppMessage{AppMessage: message, ListMessage: toPlatformListMessage(message.ListMessage)}
	if template := message.TemplateMessage; template != nil {
		if err := checkTextParameters(op, field+".template_message.omni_template", template.OmniTemplate); err != nil {
			return made, err
		}
	}
	for channel, override := range message.ExplicitChannelOmniMessage {
		at := field + ".explicit_channel_omni_message." + string(channel) + ".template_reference"
		if err := checkTextParameters(op, at, override.TemplateReference); err != nil {
			return made, err
		}
		if made.ExplicitChannelOmniMessage == nil {
			made.ExplicitChannelOmniMessage = make(map[ChannelSpecificTemplate]platformOverride)
		}
		made.ExplicitChannelOmniMessage[channel] = platformOverride{
			OmniMessageOverride: override,
			ListMessage:         toPlatformListMessage(override.ListMessage),
		}
	}
	return made, nil
}

// checkTextParameters wants the parameters of a template to be texts.
func checkTextParameters(op operation, field string, template *OmniTemplate) error {
	if template == nil {
		return nil
	}
	for name, value := range template.Parameters {
		if _, ok := value.(string); !ok {
			return refuse(op, field+".parameters."+name, fmt.Sprintf("has the Go type %T: the platform takes strings only", value))
		}
	}
	return nil
}

func toPlatformListMessage(list *ListMessage) *platformListMessage {
	if list == nil {
		return nil
	}
	made := &platformListMessage{ListMessage: *list}
	for _, section := range list.Sections {
		items := make([]platformListItem, len(section.Items))
		for i, choice := range section.Items {
			items[i] = toPlatformListItem(choice)
		}
		made.Sections = append(made.Sections, platformListSection{ListSection: section, Items: items})
	}
	return made
}

// toPlatformListItem makes an item of a text. Items and products are what they are.
func toPlatformListItem(choice Choice) platformListItem {
	if choice.TextMessage != nil && choice.Item == nil {
		return platformListItem{Choice: &ChoiceItem{Title: choice.TextMessage.Text, PostbackData: choice.PostbackData}}
	}
	return platformListItem{Choice: choice.Item, Product: choice.Product}
}
