package relay

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// notUTF8 returns the JSON path of a string of an encoded message that was not UTF-8, or "". encoding/json writes an escape in
// place of each byte at fault; it does not escape U+FFFD itself.
func notUTF8(body []byte) string {
	escape := []byte(`\ufffd`)
	if !bytes.Contains(body, escape) || !bytes.Contains(bytes.ReplaceAll(body, []byte(`\\`), nil), escape) {
		return ""
	}
	var message any
	if json.Unmarshal(body, &message) != nil {
		return ""
	}
	return replaced("", message)
}

// replaced returns the path of the first string below a value that has U+FFFD in it.
func replaced(path string, value any) string {
	switch value := value.(type) {
	case string:
		if strings.ContainsRune(value, '\ufffd') {
			return strings.TrimPrefix(path, ".")
		}
	case []any:
		for i, item := range value {
			if found := replaced(fmt.Sprintf("%s[%d]", path, i), item); found != "" {
				return found
			}
		}
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(value)) {
			at := path + "." + name
			if found := replaced(at, name); found != "" {
				return found
			}
			if found := replaced(at, value[name]); found != "" {
				return found
			}
		}
	}
	return ""
}
