package contract

import (
	"bytes"
	"encoding/json"
)

// withoutNulls removes the fields that are null from JSON. A body that is not valid JSON is returned unchanged.
func withoutNulls(body []byte) []byte {
	var value any
	if !bytes.Contains(body, []byte("null")) || json.Unmarshal(body, &value) != nil {
		return body
	}
	stripped, err := json.Marshal(stripNulls(value))
	if err != nil {
		return body
	}
	return stripped
}

func stripNulls(value any) any {
	switch value := value.(type) {
	case map[string]any:
		for name, field := range value {
			if value[name] = stripNulls(field); field == nil {
				delete(value, name)
			}
		}
	case []any:
		for i, item := range value {
			value[i] = stripNulls(item)
		}
	}
	return value
}
