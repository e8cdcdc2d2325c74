package conversation

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
)

// parseErrorBody reads the API's error body into failed. Each part that has another form than expected is left out, so
// that a surprising body never hides the status.
func parseErrorBody(failed *Error, body []byte) {
	var envelope struct {
		Error map[string]json.RawMessage `json:"error"`
	}
	if json.Unmarshal(body, &envelope) != nil || envelope.Error == nil {
		failed.problem = problemOfErrorBody(body)
		return
	}
	_ = json.Unmarshal(envelope.Error["code"], &failed.Code)
	_ = json.Unmarshal(envelope.Error["status"], &failed.Status)
	_ = json.Unmarshal(envelope.Error["message"], &failed.Message)
	_ = json.Unmarshal(envelope.Error["details"], &failed.Details)
}

func problemOfErrorBody(body []byte) string {
	trimmed := bytes.TrimSpace(body)
	switch {
	case len(trimmed) == 0:
		return "the reply has no body"
	case trimmed[0] == '<':
		return "the reply is HTML, not JSON"
	case !json.Valid(trimmed):
		return "the reply is no JSON"
	default:
		return "the reply is JSON of an unknown form"
	}
}

// decodeProblem says why a body does not fit into out, without showing anything of it.
func decodeProblem(err error, out any) string {
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		return fmt.Sprintf("the reply is no JSON (at byte %d)", syntax.Offset)
	}
	if kind, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return fmt.Sprintf("the reply has another type than expected in %q (at byte %d)", knownPath(kind.Field, reflect.TypeOf(out)), kind.Offset)
	}
	return "the reply could not be decoded"
}

// knownPath gives the part of a path in a reply that the fields of our own types make. Where encoding/json stands on
// version 2, a path holds keys of maps too, and what is in them came from the server.
func knownPath(path string, in reflect.Type) string {
	var known []string
	for segment := range strings.SplitSeq(path, ".") {
		for in.Kind() == reflect.Pointer || in.Kind() == reflect.Slice {
			in = in.Elem()
		}
		if strings.Trim(segment, "0123456789") == "" { // the place in a list
			continue
		}
		name, field := fieldOf(in, segment)
		if field == nil {
			break
		}
		known, in = append(known, name), field
	}
	return strings.Join(known, ".")
}

// fieldOf gives name and type of the field that a key is read into.
func fieldOf(in reflect.Type, key string) (string, reflect.Type) {
	if in.Kind() == reflect.Struct {
		for field := range in.Fields() {
			if name, _, _ := strings.Cut(field.Tag.Get("json"), ","); strings.EqualFold(name, key) {
				return name, field.Type
			}
		}
	}
	return "", nil
}

// cutShort gives io.ErrUnexpectedEOF for a body that is right as far as it goes but ends in the middle: a connection
// that broke unnoticed.
func cutShort(body []byte) error {
	var whole json.RawMessage
	if err := json.NewDecoder(bytes.NewReader(body)).Decode(&whole); errors.Is(err, io.ErrUnexpectedEOF) {
		return io.ErrUnexpectedEOF
	}
	return nil
}
