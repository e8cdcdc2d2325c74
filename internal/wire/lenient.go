package wire

import (
	"encoding/json"
	"errors"
)

// SkipMistyped returns err, or nil if err is a [*json.UnmarshalTypeError]. encoding/json returns that error after it has
// decoded everything but the mistyped value; an UnmarshalJSON method that returned it would stop the decoding of all that
// follows.
func SkipMistyped(err error) error {
	if _, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return nil
	}
	return err
}

// StringOrJSON returns the string that raw encodes, "" for null, and any other value as its JSON.
func StringOrJSON(raw json.RawMessage) string {
	var text string
	if json.Unmarshal(raw, &text) != nil {
		return string(raw)
	}
	return text
}
