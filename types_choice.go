package conversation

import (
	"encoding/json"

	"github.com/sinchgo/conversation/internal/wire"
)

// UnmarshalJSON implements [json.Unmarshaler]. It reads a choice as openapi.yaml has it, and a menu item of the live
// platform, whose title and postback become those of the choice too. Postback data that is no text is kept as its JSON.
func (c *Choice) UnmarshalJSON(data []byte) error {
	type plain Choice
	var read struct {
		plain
		PostbackData json.RawMessage `json:"postback_data"`
	}
	if err := json.Unmarshal(data, &read); err != nil {
		return err
	}
	*c = Choice(read.plain)
	c.PostbackData = wire.StringOrJSON(read.PostbackData)
	if c.Item != nil {
		c.TextMessage, c.PostbackData = &TextMessage{Text: c.Item.Title}, c.Item.PostbackData
	}
	return nil
}

// MarshalJSON implements [json.Marshaler]. Beside an Item, the text and postback that repeat it are left out.
func (c Choice) MarshalJSON() ([]byte, error) {
	type plain Choice
	if c.Item != nil {
		c.TextMessage, c.PostbackData = nil, ""
	}
	return wire.EncodeJSON(plain(c))
}

// UnmarshalJSON implements [json.Unmarshaler]. Postback data that is no text is kept as its JSON.
func (i *ChoiceItem) UnmarshalJSON(data []byte) error {
	type plain ChoiceItem
	var read struct {
		plain
		PostbackData json.RawMessage `json:"postback_data"`
	}
	if err := json.Unmarshal(data, &read); err != nil {
		return err
	}
	*i = ChoiceItem(read.plain)
	i.PostbackData = wire.StringOrJSON(read.PostbackData)
	return nil
}

// choiceKinds are the fields of a choice of which one is set.
func choiceKinds(c *Choice) []kind {
	return []kind{
		{"text_message", &c.TextMessage},
		{"call_message", &c.CallMessage},
		{"url_message", &c.URLMessage},
		{"location_message", &c.LocationMessage},
		{"calendar_message", &c.CalendarMessage},
		{"share_location_message", &c.ShareLocationMessage},
		{"choice", &c.Item},
		{"product", &c.Product},
	}
}
