package webhook

import "bytes"

// scanner steps through the tokens of a JSON document that are brackets, commas or strings. It does not decode strings and
// does not check the syntax: in a broken document it finds what looks like a token. An index of something that is missing,
// such as the closing quote of a string that is cut short, is len(body).
type scanner struct {
	body  []byte
	start int // the first byte of the token
	end   int // the last byte of the token: the closing quote of a string
	next  int // the byte after the token
	depth int // how many objects and arrays are open after the token; below zero if more were closed than opened
}

// scan advances to the next token and returns its first byte, or 0 at the end of the document.
func (s *scanner) scan() byte {
	for i := s.next; i < len(s.body); i++ {
		first := s.body[i]
		end := i
		switch first {
		case '{', '[':
			s.depth++
		case '}', ']':
			s.depth--
		case ',':
		case '"':
			end = stringEnd(s.body, i)
		default:
			continue
		}
		s.start, s.end, s.next = i, end, end+1
		return first
	}
	return 0
}

// text returns the bytes between the quotes of a string, with their escapes.
func (s *scanner) text() []byte { return s.body[s.start+1 : s.end] }

// isName reports whether a string is the name of a field, not a value.
func (s *scanner) isName() bool {
	colon := skipSpace(s.body, s.next)
	return colon < len(s.body) && s.body[colon] == ':'
}

// value returns the index of the value that follows a name.
func (s *scanner) value() int { return skipSpace(s.body, skipSpace(s.body, s.next)+1) }

// stringValue returns the string that follows a name, with its escapes, or nil if the value is not a string.
func (s *scanner) stringValue() []byte {
	start := s.value()
	if start >= len(s.body) || s.body[start] != '"' {
		return nil
	}
	end := stringEnd(s.body, start)
	return s.body[start+1 : end : end]
}

// stringEnd returns the index of the quote that closes the string whose opening quote is at start.
func stringEnd(body []byte, start int) int {
	for end := start + 1; ; end++ {
		quote := bytes.IndexByte(body[end:], '"')
		if quote < 0 {
			return len(body)
		}
		end += quote
		first := end // of the backslashes before the quote, which is escaped if their number is odd
		for body[first-1] == '\\' {
			first--
		}
		if (end-first)%2 == 0 {
			return end
		}
	}
}

// skipSpace returns the index of the first byte from start on that is not white space.
func skipSpace(body []byte, start int) int {
	for start < len(body) && (body[start] == ' ' || body[start] == '\n' || body[start] == '\t' || body[start] == '\r') {
		start++
	}
	return min(start, len(body))
}
