package conversation

import (
	"bytes"
	"encoding/json"

	"github.com/sinchgo/conversation/internal/wire"
)

// UnmarshalJSON implements [json.Unmarshaler]. It decodes a choice as defined in openapi.yaml, and a menu item of the live
// platform, whose title and postback data it copies to the choice. Postback data that is not a string is kept as raw JSON in
// PostbackJSON, and as text in PostbackData.
func (c *Choice) UnmarshalJSON(data []byte) error { return wire.Unmarshal(data, c, decodeChoice) }

func decodeChoice(at wire.Place, data []byte, c *Choice) bool {
	type plain Choice
	var read struct {
		plain
		PostbackData json.RawMessage `json:"postback_data"`
	}
	fits := at.Decode(data, &read)
	*c = Choice(read.plain)
	c.PostbackData = wire.StringOrJSON(read.PostbackData)
	if raw := read.PostbackData; len(raw) > 0 && raw[0] != '"' && string(raw) != "null" {
		c.PostbackJSON = bytes.Clone(raw)
	}
	if c.Item != nil {
		c.TextMessage, c.PostbackData, c.PostbackJSON = &TextMessage{Text: c.Item.Title}, c.Item.PostbackData, nil
	}
	return fits
}

// MarshalJSON implements [json.Marshaler]. With Item set, it omits the text and postback data that duplicate it. PostbackJSON is
// encoded as the postback data if it is set.
func (c Choice) MarshalJSON() ([]byte, error) {
	type plain Choice
	switch {
	case c.Item != nil:
		c.TextMessage, c.PostbackData = nil, ""
	case len(c.PostbackJSON) > 0:
		return wire.EncodeJSON(struct {
			plain
			PostbackData json.RawMessage `json:"postback_data"`
		}{plain(c), c.PostbackJSON})
	}
	return wire.EncodeJSON(plain(c))
}

// UnmarshalJSON implements [json.Unmarshaler]. Postback data that is not a string is kept as raw JSON.
func (i *ChoiceItem) UnmarshalJSON(data []byte) error {
	return wire.Unmarshal(data, i, decodeChoiceItem)
}

func decodeChoiceItem(at wire.Place, data []byte, i *ChoiceItem) bool {
	type plain ChoiceItem
	var read struct {
		plain
		PostbackData json.RawMessage `json:"postback_data"`
	}
	fits := at.Decode(data, &read)
	*i = ChoiceItem(read.plain)
	i.PostbackData = wire.StringOrJSON(read.PostbackData)
	return fits
}

// choiceKinds returns the fields of a choice of which exactly one is set.
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
