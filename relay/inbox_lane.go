package relay

import (
	"bytes"
	"hash/fnv"
)

// lanes is how many parts the inbox has. All callbacks of a conversation are in one of them. The number is the same in all
// processes and releases, or callbacks would change the lane.
const lanes = 64

// laneOf gives the lane of a callback: that of its conversation, else that of its contact, else any.
func laneOf(body []byte) int {
	hash := fnv.New32a()
	_, _ = hash.Write(whoseOf(body))
	return int(hash.Sum32() % lanes)
}

// whoseOf finds the id of the conversation that a callback is about, or that of the contact; without both it gives the body.
// A body that is no JSON gives anything. It is a walk over the bytes, since decoding them takes longer than to keep them.
func whoseOf(body []byte) []byte {
	w := walk{body: body}
	for w.next() {
		switch {
		case w.depth == 2 && (w.is("conversation_id") || w.is("conversationId")), w.depth == 3 && w.in("conversation") && w.is("id"):
			if id := w.value(); len(id) > 0 {
				return id
			}
		case w.depth == 2 && w.is("contact_id"), w.depth == 3 && w.in("contact") && w.is("id"):
			w.contact = w.value()
		}
	}
	if len(w.contact) > 0 {
		return w.contact
	}
	return body
}

// walk goes from string to string.
type walk struct {
	body       []byte
	at         int       // the byte to read next
	depth      int       // 1 in the outermost object
	names      [4][]byte // the last string of each depth, which is the name when a value begins
	start, end int       // of the string, without its quotes
	contact    []byte
}

// next goes to the next string, name or value.
func (w *walk) next() bool {
	for ; w.at < len(w.body); w.at++ {
		switch w.body[w.at] {
		case '{', '[':
			w.depth++
		case '}', ']':
			w.depth--
		case '"':
			w.start = w.at + 1
			w.end = stringEnd(w.body, w.start)
			w.at = w.end + 1
			if 0 < w.depth && w.depth < len(w.names) {
				w.names[w.depth] = w.body[w.start:w.end]
			}
			return true
		}
	}
	return false
}

// is reports whether the string is a name, and that one.
func (w *walk) is(name string) bool {
	return string(w.body[w.start:w.end]) == name && w.at < len(w.body) && w.body[skipSpace(w.body, w.at)] == ':'
}

// in reports whether the object that holds the string has that name.
func (w *walk) in(name string) bool { return string(w.names[w.depth-1]) == name }

// value gives the string that follows a name, if it is one.
func (w *walk) value() []byte {
	start := skipSpace(w.body, skipSpace(w.body, w.at)+1)
	if w.body[start] != '"' {
		return nil
	}
	return w.body[start+1 : stringEnd(w.body, start+1)]
}

// stringEnd gives the index of the quote that ends a string whose first byte is at start, or the length of the body.
func stringEnd(body []byte, start int) int {
	if start >= len(body) {
		return len(body)
	}
	quote := bytes.IndexByte(body[start:], '"')
	if quote < 0 {
		return len(body)
	}
	if escape := bytes.IndexByte(body[start:start+quote], '\\'); escape >= 0 {
		return escapedEnd(body, start+escape)
	}
	return start + quote
}

// escapedEnd is for a string with escapes.
func escapedEnd(body []byte, from int) int {
	for i := from; i < len(body); i++ {
		switch body[i] {
		case '\\':
			i++
		case '"':
			return i
		}
	}
	return len(body)
}

// skipSpace gives the index of the first byte from an index on that is no white space, or of the last byte.
func skipSpace(body []byte, from int) int {
	for from < len(body)-1 && (body[from] == ' ' || body[from] == '\n' || body[from] == '\t' || body[from] == '\r') {
		from++
	}
	return min(from, len(body)-1)
}
