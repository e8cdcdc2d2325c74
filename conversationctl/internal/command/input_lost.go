package command

import (
	"encoding/json"
	"maps"
	"slices"
)

// lostField returns the path of a field that JSON has and the value that was decoded from it has not, or "". Some types of the
// SDK decode what they can and drop the rest: right for a response, wrong for a file with a misspelled field or a time that is none.
func lostField(content []byte, decoded any) string {
	encoded, err := json.Marshal(decoded)
	if err != nil {
		return "" // The SDK reports the same when it encodes the request.
	}
	var before, after any
	if json.Unmarshal(content, &before) != nil || json.Unmarshal(encoded, &after) != nil {
		return ""
	}
	return lost("", before, after)
}

// lost compares two JSON values. A value of another kind, such as a string in place of an object, is another form of it.
func lost(path string, before, after any) string {
	switch before := before.(type) {
	case map[string]any:
		kept, ok := after.(map[string]any)
		if !ok {
			return ""
		}
		for _, name := range slices.Sorted(maps.Keys(before)) {
			value, found := kept[name]
			if !found && !isEmpty(before[name]) {
				return path + shownName(name)
			}
			if field := lost(path+shownName(name)+".", before[name], value); field != "" {
				return field
			}
		}
	case []any:
		kept, ok := after.([]any)
		if !ok {
			return ""
		}
		for i := range min(len(before), len(kept)) {
			if field := lost(path, before[i], kept[i]); field != "" {
				return field
			}
		}
	}
	return ""
}

// isEmpty reports whether a JSON value may be left out of a request.
func isEmpty(value any) bool {
	switch value := value.(type) {
	case bool:
		return !value
	case map[string]any:
		return !slices.ContainsFunc(slices.Collect(maps.Values(value)), func(member any) bool { return !isEmpty(member) })
	case []any:
		return len(value) == 0
	}
	return value == nil || value == "" || value == 0.0
}
