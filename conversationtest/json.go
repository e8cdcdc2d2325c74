package conversationtest

import "encoding/json"

// object is a JSON object whose values stay as they were written.
type object = map[string]json.RawMessage

// text reads a field of an object that is a text, else nothing.
func text(of object, field string) string {
	var value string
	_ = json.Unmarshal(of[field], &value)
	return value
}

// encoded writes what was read from JSON.
func encoded(value any) json.RawMessage {
	data, err := json.Marshal(value)
	if err != nil {
		panic("conversationtest: what was read as JSON cannot be written: " + err.Error())
	}
	return data
}

// asObject keeps the values as they were written, large numbers too.
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
