package webhook

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
)

// MaxParseBytes is the size of the largest body that [Parse] reads: 16 MiB. Callbacks of Sinch stay far below it.
const MaxParseBytes = 16 << 20

// ParseError says that a body is no callback. It shows nothing of the body.
type ParseError struct {
	Offset int64  // is how many bytes were read until the body made no sense.
	Reason string // says what is wrong there.
}

// Error implements error.
func (e *ParseError) Error() string {
	return fmt.Sprintf("webhook: not a callback: byte %d: %s", e.Offset, e.Reason)
}

// Parse reads the body of a callback. The type of the event follows from the payload field that is there; a body with
// none that this package knows gives [*Unknown]. [Envelope] keeps a copy of the body.
//
// New fields, new enum values and values of another type than expected never fail a callback: what does not fit is left
// out, and Raw has it. A field that stands twice in an object is read as encoding/json does, and bytes that are no UTF-8
// become U+FFFD.
//
// Parse gives a [*ParseError] for a body that is no JSON object, for two payload fields, for a field of the top level
// that is there twice, for more than 200 levels of nesting and for more than [MaxParseBytes]. It does not check who sent
// the body: that is for [Verify].
func Parse(body []byte) (Event, error) {
	if len(body) > MaxParseBytes {
		return nil, &ParseError{Offset: MaxParseBytes, Reason: "the body is larger than Parse reads"}
	}
	payload, err := probePayload(body)
	if err != nil {
		return nil, err
	}
	event := Event(new(Unknown))
	if payload != nil {
		event = payload.event()
	}
	if err := decode(body, event); err != nil {
		return nil, err
	}
	if e, ok := event.(*ContactIdentitiesDuplication); ok && payload.name == bareIdentities {
		if err := decode(body, &e.DuplicatedContactIdentitiesNotification); err != nil {
			return nil, err
		}
	}
	event.Meta().Raw = bytes.Clone(body)
	return event, nil
}

// decode reads what fits into the target. encoding/json goes on after a value of an unexpected type, and names it in an
// error at the end.
func decode(body []byte, target any) error {
	err := json.Unmarshal(body, target)
	if broken, ok := errors.AsType[*json.SyntaxError](err); ok {
		return &ParseError{Offset: broken.Offset, Reason: broken.Error()}
	}
	return nil
}
