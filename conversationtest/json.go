package conversationtest

import (
	"bytes"
	"encoding/json"
)

// object is a JSON object whose values are kept byte for byte.
type object = map[string]json.RawMessage

// text returns a field of an object if it is a string, else the empty string.
func text(of object, field string) string {
	var value string
	_ = json.Unmarshal(of[field], &value)
	return value
}

// isSet reports whether an object has a field that is not null.
func isSet(of object, field string) bool {
	value, ok := of[field]
	return ok && string(value) != "null"
}

// decodedValue decodes JSON. Numbers stay as they are written.
func decodedValue(data []byte) (value any, err error) {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	err = decoder.Decode(&value)
	return value, err
}

// encoded encodes a value that was decoded from JSON.
func encoded(value any) json.RawMessage {
	data, err := json.Marshal(value)
	if err != nil {
		panic("conversationtest: a value from JSON cannot be encoded: " + err.Error())
	}
	return data
}

// asObject returns the object with values that are encoded byte for byte, so that large numbers are not rounded.
func asObject(values object) map[string]any {
	if values == nil {
		return nil
	}
	made := make(map[string]any, len(values))
	for name, value := range values {
		made[name] = value
	}
	return made
}
