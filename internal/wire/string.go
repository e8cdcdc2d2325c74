package wire

import "encoding/json"

// StringOrJSON returns the string that raw encodes, "" for null, and any other value as its JSON.
func StringOrJSON(raw json.RawMessage) string {
	var text string
	if json.Unmarshal(raw, &text) != nil {
		return string(raw)
	}
	return text
}
