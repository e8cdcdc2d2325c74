package conversation

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"

	"github.com/sinchgo/conversation/internal/wire"
)

// A union of the API is an object in which one field, the discriminator, says which others there are. Here it is a
// struct with a pointer for each kind, and the discriminator is written from the one that is set, so that the two cannot
// disagree. types_union_channels.go has the unions.

// union is what the methods of all unions share.
type union struct {
	discriminator string
	kinds         []kind
	unknown       *json.RawMessage // the whole object, if its kind is none of these
}

// kind is one thing that an object can be: its name in JSON, and a pointer to the field that holds it. The field is nil
// in an object that is something else.
type kind struct {
	name  string
	field any
}

func (k kind) isSet() bool { return !reflect.ValueOf(k.field).Elem().IsNil() }

// namesSet names the kinds that are set.
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

// encode writes the one kind that is set.
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

// withField puts a field before the others of a JSON object.
func withField(object []byte, name, value string) []byte {
	others := bytes.TrimPrefix(object, []byte("{"))
	comma := ","
	if string(others) == "}" {
		comma = ""
	}
	return fmt.Appendf(nil, "{%q:%q%s%s", name, value, comma, others)
}

// decode reads the kind that the discriminator names. Whatever it cannot be read as is kept as it came.
func (u union) decode(data []byte) error {
	var fields map[string]json.RawMessage
	if json.Unmarshal(data, &fields) == nil {
		name := wire.StringOrJSON(member(fields, u.discriminator))
		for _, kind := range u.kinds {
			if kind.name == name {
				return wire.SkipMistyped(json.Unmarshal(data, kind.field))
			}
		}
	}
	*u.unknown = bytes.Clone(data)
	return nil
}

// member gives a member of a JSON object. Like encoding/json, it takes a name in any case.
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
