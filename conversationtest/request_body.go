package conversationtest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
)

// readObject decodes a body, which must be a JSON object, into each of the targets: one for the fields that the SDK knows,
// others for the fields that it does not.
func readObject(body []byte, targets ...any) error {
	if !bytes.HasPrefix(bytes.TrimSpace(body), []byte("{")) {
		return invalidArgument("the body must be a JSON object")
	}
	for _, target := range targets {
		if err := json.Unmarshal(body, target); err != nil {
			return unreadable(err)
		}
	}
	return nil
}

// unreadable returns the error for JSON that cannot be decoded, with the path of the field if it is known.
func unreadable(err error) error {
	if _, ok := errors.AsType[*apiError](err); ok {
		return err
	}
	if mismatch, ok := errors.AsType[*json.UnmarshalTypeError](err); ok && mismatch.Field != "" {
		field := strings.TrimPrefix(strings.TrimPrefix(mismatch.Field, "plainRequest."), "plainBatch.")
		return invalidArgument("%s: a JSON %s is not allowed here", field, mismatch.Value)
	}
	return invalidArgument("the body is not valid JSON: %v", err)
}

// invalid returns an error with the problems, and nil if there are none.
func invalid(problems []string) error {
	if len(problems) == 0 {
		return nil
	}
	return &apiError{status: http.StatusBadRequest, message: strings.Join(problems, "; "), problems: problems}
}

// required returns a problem if the value is empty.
func required(field, value string) []string {
	if value != "" {
		return nil
	}
	return []string{field + ": it is required"}
}

// oneKind returns a problem unless exactly one of the kinds is set in the JSON of a field. The SDK may not know the kind.
func oneKind(field, what string, present map[string]json.RawMessage, kinds []string) []string {
	set := 0
	for _, kind := range kinds {
		if isSet(present, kind) {
			set++
		}
	}
	if set == 1 {
		return nil
	}
	return []string{fmt.Sprintf("%s: exactly one %s kind must be set, not %d: one of %s",
		field, what, set, strings.Join(kinds, ", "))}
}
