package conversation

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"

	"github.com/sinchgo/conversation/internal/wire"
)

// A union of the API is an object in which one field, the discriminator, names the kind of the object and so its other
// fields. In Go it is a struct with a pointer for each kind. The discriminator is encoded from the pointer that is set, so
// that the two cannot disagree. types_union_channels.go has the unions.

// union implements the JSON methods of all unions.
type union struct {
	discriminator string
	kinds         []kind
	unknown       *json.RawMessage // the whole object, if its kind is none of these
}

// kind is one kind of a union: its name in JSON and a pointer to its field, which is nil in an object of another kind.
type kind struct {
	name  string
	field any
}

func (k kind) isSet() bool { return !reflect.ValueOf(k.field).Elem().IsNil() }

// namesSet returns the names of the kinds that are set.
func namesSet(kinds ...kind) []string {
	var names []string
	for _, kind := range kinds {
		if kind.isSet() {
			names = append(names, kind.name)
		}
	}
	return names
}

func (u union) namesSet() []string {
	return append(namesSet(u.kinds...), namesSet(kind{"unknown", u.unknown})...)
}

// encode encodes the one kind that is set.
func (u union) encode() ([]byte, error) {
	if names := u.namesSet(); len(names) != 1 {
		return nil, fmt.Errorf("exactly one kind must be set, not %d (%s)", len(names), strings.Join(names, ", "))
	}
	for _, kind := range u.kinds {
		if kind.isSet() {
			content, err := wire.EncodeJSON(kind.field)
			return withField(content, u.discriminator, kind.name), err
		}
	}
	return *u.unknown, nil
}

// withField inserts a field before the others of a JSON object.
func withField(object []byte, name, value string) []byte {
	others := bytes.TrimPrefix(object, []byte("{"))
	comma := ","
	if string(others) == "}" {
		comma = ""
	}
	return fmt.Appendf(nil, "{%q:%q%s%s", name, value, comma, others)
}

// decode decodes the kind that the discriminator names. An object of an unknown kind is kept as raw JSON. What is not
// an object does not fit, so that an optional union is nil. An item of a list, which cannot be left out, keeps it.
func (u union) decode(at wire.Place, data []byte) bool {
	var fields map[string]json.RawMessage
	if json.Unmarshal(data, &fields) != nil {
		*u.unknown = bytes.Clone(data)
		return at.Mistyped()
	}
	name := wire.StringOrJSON(member(fields, u.discriminator))
	for _, kind := range u.kinds {
		if kind.name == name {
			return at.Decode(data, kind.field)
		}
	}
	*u.unknown = bytes.Clone(data)
	return true
}

// member returns a member of a JSON object. Like encoding/json, it ignores the case of the name.
func member(object map[string]json.RawMessage, name string) json.RawMessage {
	if value, ok := object[name]; ok {
		return value
	}
	for key, value := range object {
		if strings.EqualFold(key, name) {
			return value
		}
	}
	return nil
}

// UnmarshalJSON implements [json.Unmarshaler]. It decodes a choice as defined in openapi.yaml, and a menu item of the
// live platform, whose title and postback data it copies to the choice. Postback data that is not a string is kept as
// raw JSON in PostbackJSON, and as text in PostbackData.
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

// MarshalJSON implements [json.Marshaler]. With Item set, it omits the text and postback data that duplicate it.
// PostbackJSON is encoded as the postback data if it is set.
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
