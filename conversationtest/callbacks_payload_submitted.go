package conversationtest

import "encoding/json"

// MarshalJSON implements [json.Marshaler]. A menu that cannot be read is left unchanged.
func (m submittedMessage) MarshalJSON() ([]byte, error) {
	var message object
	if err := json.Unmarshal(m, &message); err != nil {
		return nil, err
	}
	if menu, ok := platformMenu(message["list_message"]); ok {
		message["list_message"] = menu
	}
	return json.Marshal(message)
}

// platformMenu converts the items of a menu from the form of openapi.yaml. It reports whether the menu could be read.
func platformMenu(raw json.RawMessage) (json.RawMessage, bool) {
	var menu object
	var sections []object
	if json.Unmarshal(raw, &menu) != nil || json.Unmarshal(menu["sections"], &sections) != nil {
		return nil, false
	}
	for _, section := range sections {
		var items []json.RawMessage
		if json.Unmarshal(section["items"], &items) != nil {
			return nil, false
		}
		for i, item := range items {
			items[i] = platformItem(item)
		}
		section["items"] = encoded(items)
	}
	menu["sections"] = encoded(sections)
	return encoded(menu), true
}

// platformItem converts {"text_message": {"text": ...}} to {"choice": {"title": ...}}.
func platformItem(raw json.RawMessage) json.RawMessage {
	var item struct {
		TextMessage *struct {
			Text json.RawMessage `json:"text,omitempty"`
		} `json:"text_message"`
		PostbackData json.RawMessage `json:"postback_data"`
	}
	if json.Unmarshal(raw, &item) != nil || item.TextMessage == nil {
		return raw
	}
	choice := object{"title": item.TextMessage.Text}
	if item.PostbackData != nil {
		choice["postback_data"] = item.PostbackData
	}
	return encoded(map[string]object{"choice": choice})
}
