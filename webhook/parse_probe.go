package webhook

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// maxDepth bounds the nesting of a body. Callbacks from Sinch have about ten levels.
const maxDepth = 200

// payloadProbe finds the payload of a body before anything is decoded.
type payloadProbe struct {
	scanner
	payload *payload // nil if there is none that is known
	seen    uint64   // a bit for each known field
}

// probePayload returns the payload of a body, or nil if there is none that is known, and bounds the nesting. Decoding
// reports whether the body is JSON at all.
func probePayload(body []byte) (*payload, error) {
	start := skipSpace(body, 0)
	if start == len(body) || body[start] != '{' {
		return nil, notAnObject(body, start)
	}
	p := payloadProbe{scanner: scanner{body: body}}
	atName := false
	for token := p.scan(); token != 0; token = p.scan() {
		switch token {
		case '{', '[':
			if p.depth > maxDepth {
				return nil, &ParseError{Offset: int64(p.start), Reason: "it is nested too deeply"}
			}
			atName = p.depth == 1
		case '}', ']':
			if p.depth == 0 {
				return p.payload, nil
			}
		case ',':
			atName = p.depth == 1
		case '"':
			if atName {
				if err := p.note(); err != nil {
					return nil, err
				}
			}
			atName = false
		}
	}
	return p.payload, nil
}

// note records the field whose name is the token.
func (p *payloadProbe) note() error {
	index, known := topField(p.name())
	if !known {
		return nil
	}
	if p.seen&(1<<index) != 0 {
		return &ParseError{Offset: int64(p.start), Reason: "a field is duplicated"}
	}
	p.seen |= 1 << index
	if index >= len(payloads) {
		return nil
	}
	found := &payloads[index]
	value := p.value()
	switch {
	case value == len(p.body) || p.body[value] != found.opens:
		return nil // null, or a field of another product of Sinch that has the same name, such as "event": "ice"
	case p.payload == nil || p.payload.name == bareIdentities:
		p.payload = found
		return nil
	case found.name == bareIdentities:
		return nil
	default:
		return &ParseError{Offset: int64(p.start), Reason: fmt.Sprintf("it has two payloads, %s and %s", p.payload.name, found.name)}
	}
}

// name returns the name that is the token, without escapes.
func (p *payloadProbe) name() []byte {
	name := p.text()
	if bytes.IndexByte(name, '\\') < 0 {
		return name
	}
	var decoded string
	_ = json.Unmarshal(p.body[p.start:min(p.next, len(p.body))], &decoded) // an error shows when the body is decoded
	return []byte(decoded)
}

// notAnObject returns the error for a body that does not begin with a brace at start.
func notAnObject(body []byte, start int) error {
	var value json.RawMessage
	if _, err := decode(body, &value); err != nil {
		return err
	}
	return &ParseError{Offset: int64(start), Reason: "it is not a JSON object"}
}
