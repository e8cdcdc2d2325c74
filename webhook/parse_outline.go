package webhook

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// maxDepth bounds the nesting of a body. Those of Sinch have about ten levels.
const maxDepth = 200

// outline is what a walk over the top level of a body finds.
type outline struct {
	body    []byte
	payload *payload // is nil when there is none that is known.
	seen    uint64   // has a bit for each known field.
}

// outlineOf finds the payload of a body before anything is decoded, and bounds the nesting. It takes for granted that
// the body is JSON: decoding will tell.
func outlineOf(body []byte) (*payload, error) {
	start := skipSpace(body, 0)
	if start == len(body) || body[start] != '{' {
		return nil, notAnObject(body, start)
	}
	o := outline{body: body}
	depth, atName := 0, false
	for i := start; i < len(body); i++ {
		switch body[i] {
		case '{', '[':
			depth++
			atName = depth == 1
			if depth > maxDepth {
				return nil, &ParseError{Offset: int64(i), Reason: "it is nested too deep"}
			}
		case '}', ']':
			if depth--; depth == 0 {
				return o.payload, nil
			}
		case ',':
			atName = depth == 1
		case '"':
			end := stringEnd(body, i)
			if atName {
				if err := o.note(i, end); err != nil {
					return nil, err
				}
			}
			atName = false
			i = end
		}
	}
	return o.payload, nil
}

// note takes in a field whose quoted name stands at body[start:end+1].
func (o *outline) note(start, end int) error {
	index, known := topField(plainName(o.body, start, end))
	if !known {
		return nil
	}
	if o.seen&(1<<index) != 0 {
		return &ParseError{Offset: int64(start), Reason: "a field is there twice"}
	}
	o.seen |= 1 << index
	if index >= len(payloads) {
		return nil
	}
	found := &payloads[index]
	value := skipSpace(o.body, skipSpace(o.body, end+1)+1)
	switch {
	case value >= len(o.body) || o.body[value] == 'n':
		return nil
	case o.body[value] != found.opens:
		return &ParseError{Offset: int64(value), Reason: found.name + " is of another type"}
	case o.payload == nil || o.payload.name == bareIdentities:
		o.payload = found
		return nil
	case found.name == bareIdentities:
		return nil
	default:
		return &ParseError{Offset: int64(start), Reason: fmt.Sprintf("it has two payloads, %s and %s", o.payload.name, found.name)}
	}
}

// notAnObject says why a body that does not begin with a brace is refused.
func notAnObject(body []byte, start int) error {
	var value json.RawMessage
	if err := decode(body, &value); err != nil {
		return err
	}
	return &ParseError{Offset: int64(start), Reason: "it is no JSON object"}
}

// plainName gives the name between quotes, without escapes.
func plainName(body []byte, start, end int) []byte {
	name := body[start+1 : min(end, len(body))]
	if bytes.IndexByte(name, '\\') < 0 {
		return name
	}
	var text string
	_ = json.Unmarshal(body[start:min(end+1, len(body))], &text) // decoding the body will tell what is wrong
	return []byte(text)
}

// stringEnd gives the index of the quote that ends the string which starts at an index, or the length of the body.
func stringEnd(body []byte, start int) int {
	quote := bytes.IndexByte(body[start+1:], '"')
	if quote < 0 {
		return len(body)
	}
	end := start + 1 + quote
	escape := bytes.IndexByte(body[start+1:end], '\\')
	if escape < 0 {
		return end
	}
	for i := start + 1 + escape; i < len(body); i++ {
		switch body[i] {
		case '\\':
			i++
		case '"':
			return i
		}
	}
	return len(body)
}

// skipSpace gives the index of the first byte from an index on that is no white space.
func skipSpace(body []byte, from int) int {
	for from < len(body) && (body[from] == ' ' || body[from] == '\n' || body[from] == '\t' || body[from] == '\r') {
		from++
	}
	return from
}
