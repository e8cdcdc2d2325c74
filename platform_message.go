package conversation

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

// platformListItem is a menu item, which is a Choice in openapi.yaml.
type platformListItem struct {
	Choice  *ChoiceItem  `json:"choice,omitempty"`
	Product *ProductItem `json:"product,omitempty"`
}

// toPlatformAppMessage rewrites the menu items of a message.
func toPlatformAppMessage(message AppMessage) platformAppMessage {
	rewritten := platformAppMessage{AppMessage: message, ListMessage: toPlatformListMessage(message.ListMessage)}
	if len(message.ExplicitChannelOmniMessage) > 0 {
		rewritten.ExplicitChannelOmniMessage = make(map[ChannelSpecificTemplate]platformOverride)
	}
	for channel, override := range message.ExplicitChannelOmniMessage {
		rewritten.ExplicitChannelOmniMessage[channel] = platformOverride{
			OmniMessageOverride: override,
			ListMessage:         toPlatformListMessage(override.ListMessage),
		}
	}
	return rewritten
}

func toPlatformListMessage(list *ListMessage) *platformListMessage {
	if list == nil {
		return nil
	}
	rewritten := &platformListMessage{ListMessage: *list}
	for _, section := range list.Sections {
		items := make([]platformListItem, len(section.Items))
		for i, choice := range section.Items {
			items[i] = toPlatformListItem(choice)
		}
		rewritten.Sections = append(rewritten.Sections, platformListSection{ListSection: section, Items: items})
	}
	return rewritten
}

// toPlatformListItem turns text into an item. Items and products stay as they are.
func toPlatformListItem(choice Choice) platformListItem {
	if choice.TextMessage != nil && choice.Item == nil {
		return platformListItem{Choice: &ChoiceItem{Title: choice.TextMessage.Text, PostbackData: choice.PostbackData}}
	}
	return platformListItem{Choice: choice.Item, Product: choice.Product}
}
