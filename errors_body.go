package conversation

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"

	"github.com/sinchgo/conversation/internal/wire"
)

// parseErrorBody decodes the API's error body into failed. It skips each part that does not have the expected type, so that
// a surprising body never hides the status.
func parseErrorBody(failed *Error, body []byte) {
	var envelope struct {
		Error map[string]json.RawMessage `json:"error"`
	}
	if json.Unmarshal(wire.TrimBody(body), &envelope) != nil || envelope.Error == nil {
		failed.problem = problemOfErrorBody(body)
		return
	}
	_ = json.Unmarshal(envelope.Error["code"], &failed.Code)
	_ = json.Unmarshal(envelope.Error["status"], &failed.Status)
	_ = json.Unmarshal(envelope.Error["message"], &failed.Message)
	_ = json.Unmarshal(envelope.Error["details"], &failed.Details)
}

// isErrorBody reports whether the body of a 2xx is an error of the API.
func isErrorBody(body []byte) bool {
	if !bytes.Contains(body, []byte(`"error"`)) {
		return false
	}
	var failed Error
	parseErrorBody(&failed, body)
	return failed.problem == ""
}

func problemOfErrorBody(body []byte) string {
	trimmed := wire.TrimBody(body)
	switch {
	case len(trimmed) == 0:
		return "the reply has no body"
	case trimmed[0] == '<':
		return "the reply is HTML, not JSON"
	case !json.Valid(trimmed):
		return "the reply is not JSON"
	default:
		return "the reply is not an error of the API"
	}
}

// decodeProblem describes why a body cannot be decoded into out, without showing any of it.
func decodeProblem(err error, out any) string {
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		return fmt.Sprintf("the reply is not JSON (at byte %d)", syntax.Offset)
	}
	if kind, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return fmt.Sprintf("the reply has an unexpected type in %q (at byte %d)", knownPath(kind.Field, reflect.TypeOf(out)), kind.Offset)
	}
	return "the reply cannot be decoded"
}

// knownPath returns the part of a path in a response that consists of fields of our types. With encoding/json built on
// version 2, a path can hold map keys too, which come from the server.
func knownPath(path string, in reflect.Type) string {
	var known []string
	for segment := range strings.SplitSeq(path, ".") {
		for in.Kind() == reflect.Pointer || in.Kind() == reflect.Slice {
			in = in.Elem()
		}
		if strings.Trim(segment, "0123456789") == "" { // an index of a list
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

// fieldOf returns the name and type of the field that a key is decoded into.
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

// cutShort returns io.ErrUnexpectedEOF for a body that is valid JSON up to its end but incomplete: the connection broke
// unnoticed.
func cutShort(body []byte) error {
	var whole json.RawMessage
	if err := json.NewDecoder(bytes.NewReader(body)).Decode(&whole); errors.Is(err, io.ErrUnexpectedEOF) {
		return io.ErrUnexpectedEOF
	}
	return nil
}
