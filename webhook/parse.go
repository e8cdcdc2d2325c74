package webhook

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/sinchgo/conversation/internal/wire"
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
// this package knows is an [*Unknown], and so is one of another product of Sinch, such as a voice call with "event": "ice".
// [Envelope] keeps a copy of the body.
//
// New fields, new enum values and values of an unexpected type are not errors. A number or a boolean in quotes is read as
// what it is, and a number in place of a string as its digits. What does not fit is left out, and Raw has it. A field that is duplicated within a payload, and bytes that are not UTF-8, are read as encoding/json reads them: the
// last value is used, and the bytes become U+FFFD.
//
// The channel identity is also read from the old form of bodies, which have the channel beside it and the address as a string.
//
// Parse returns a [*ParseError] if the body is not a JSON object, has two payload fields or a duplicated field at the top
// level, has more than 200 levels of nesting, or is larger than [MaxParseBytes]. It does not check who sent the body: see
// [Verify]. A byte order mark at the beginning of the body is left out, also of Raw.
func Parse(body []byte) (Event, error) {
	event, _, err := parse(body)
	if err != nil {
		return nil, err
	}
	meta := event.Meta()
	meta.Raw = bytes.Clone(meta.Raw)
	return event, nil
}

// parse is Parse, except that the event shares the body. It returns the paths of the fields that have an unexpected type.
func parse(body []byte) (event Event, mistyped []string, err error) {
	if len(body) > MaxParseBytes {
		return nil, nil, &ParseError{Offset: MaxParseBytes, Reason: "the body is larger than MaxParseBytes"}
	}
	body = wire.TrimMark(body)
	payload, err := probePayload(body)
	if err != nil {
		return nil, nil, err
	}
	event = new(Unknown)
	if payload != nil {
		event = payload.event()
	}
	mistyped, err = decode(body, event)
	if err != nil {
		return nil, nil, err
	}
	if e, ok := event.(*ContactIdentitiesDuplication); ok && payload.name == bareIdentities {
		more, err := decode(body, &e.DuplicatedContactIdentitiesNotification)
		if err != nil {
			return nil, nil, err
		}
		mistyped = append(mistyped, more...)
	}
	if payload != nil {
		completeIdentity(event, body, payload.name)
	}
	event.Meta().Raw = slices.Clip(body)
	return event, mistyped, nil
}

// decode decodes the values that fit into target, and returns the paths of the others.
func decode(body []byte, target any) ([]string, error) {
	mistyped, err := wire.Decode(body, target)
	if broken, ok := errors.AsType[*json.SyntaxError](err); ok {
		return nil, &ParseError{Offset: broken.Offset, Reason: broken.Error()}
	}
	return mistyped, nil
}
