package webhook

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
)

// MaxParseBytes is the size of the largest body that [Parse] accepts: 16 MiB. Callbacks from Sinch are far smaller.
const MaxParseBytes = 16 << 20

// ParseError reports that a body is not a callback. It contains nothing of the body.
type ParseError struct {
	// Offset is the number of bytes that were read before the error.
	Offset int64
	// Reason describes the error.
	Reason string
}

// Error implements error.
func (e *ParseError) Error() string {
	return fmt.Sprintf("webhook: not a callback: byte %d: %s", e.Offset, e.Reason)
}

// Parse parses the body of a callback. The payload field determines the type of the event; a body without a payload that
// this package knows is an [*Unknown]. [Envelope] keeps a copy of the body.
//
// New fields, new enum values and values of an unexpected type are not errors: what does not fit is left out, and Raw has
// it. A field that is duplicated within a payload, and bytes that are not UTF-8, are read as encoding/json reads them: the
// last value is used, and the bytes become U+FFFD.
//
// Parse returns a [*ParseError] if the body is not a JSON object, has two payload fields or a duplicated field at the top
// level, has more than 200 levels of nesting, or is larger than [MaxParseBytes]. It does not check who sent the body: see
// [Verify].
func Parse(body []byte) (Event, error) {
	if len(body) > MaxParseBytes {
		return nil, &ParseError{Offset: MaxParseBytes, Reason: "the body is larger than MaxParseBytes"}
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

// decode decodes the values that fit into target. encoding/json continues after a value of an unexpected type, and returns
// an error for it at the end.
func decode(body []byte, target any) error {
	err := json.Unmarshal(body, target)
	if broken, ok := errors.AsType[*json.SyntaxError](err); ok {
		return &ParseError{Offset: broken.Offset, Reason: broken.Error()}
	}
	return nil
}
