package command

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// kindOf returns the kind of the first object that has one in brackets, such as [card_message]. Its kinds are its fields whose
// names end in _message or _event.
func kindOf(objects ...any) string {
	for _, object := range objects {
		encoded, err := json.Marshal(object)
		var fields map[string]json.RawMessage
		if err != nil || json.Unmarshal(encoded, &fields) != nil {
			continue
		}
		for _, name := range slices.Sorted(maps.Keys(fields)) {
			if strings.HasSuffix(name, "_message") || strings.HasSuffix(name, "_event") {
				return "[" + name + "]"
			}
		}
	}
	return ""
}
