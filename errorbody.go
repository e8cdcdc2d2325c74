package conversation

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
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

// decodeProblem says why a body does not fit, without showing any value of it.
func decodeProblem(err error) string {
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		return fmt.Sprintf("the reply is no JSON (at byte %d)", syntax.Offset)
	}
	if kind, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return fmt.Sprintf("the reply has another type than expected in %q (at byte %d)", kind.Field, kind.Offset)
	}
	return "the reply could not be decoded"
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
