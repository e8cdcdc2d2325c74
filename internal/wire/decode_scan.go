package wire

import (
	"bytes"
	"encoding/binary"
	"math/bits"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// scanner steps through the bytes of a JSON document.
type scanner struct {
	data []byte
	at   int // the next byte
}

// peek skips white space, and returns the byte after it, or 0 at the end of the document.
func (s *scanner) peek() byte {
	for s.at < len(s.data) {
		switch next := s.data[s.at]; next {
		case ' ', '\n', '\t', '\r':
			s.at++
		default:
			return next
		}
	}
	return 0
}

// word skips a word, and reports whether it is there.
func (s *scanner) word(word string) bool {
	end := s.at + len(word)
	if end > len(s.data) || string(s.data[s.at:end]) != word {
		return false
	}
	s.at = end
	return true
}

// textForm is what the content of a string in JSON has.
type textForm int

const (
	broken  textForm = iota // it is not a string
	ascii                   // neither escapes nor other characters than those of ASCII
	wide                    // other characters, but no escapes
	escaped                 // escapes
)

// isItself reports whether content is the string that it encodes.
func (f textForm) isItself(content []byte) bool {
	return f == ascii || f == wide && utf8.Valid(content)
}

// quoted skips a string, and returns what is between its quotes.
func (s *scanner) quoted() (content []byte, form textForm) {
	if s.peek() != '"' {
		return nil, broken
	}
	start := s.at + 1
	form = ascii
	for i := start; ; {
		clean, high := cleanPrefix(s.data[i:])
		i += clean
		if high && form == ascii {
			form = wide
		}
		switch {
		case i == len(s.data) || s.data[i] < ' ':
			return nil, broken
		case s.data[i] == '"':
			s.at = i + 1
			return s.data[start:i], form
		}
		length := escapeLength(s.data[i:])
		if length == 0 {
			return nil, broken
		}
		form, i = escaped, i+length
	}
}

// unescaped returns the string that content encodes. It returns false if encoding/json must replace something, or join two
// escapes to one character.
func unescaped(content []byte) (string, bool) {
	var text strings.Builder
	text.Grow(len(content))
	for {
		before, after, found := bytes.Cut(content, []byte(`\`))
		text.Write(before)
		if !found {
			return text.String(), utf8.ValidString(text.String())
		}
		if after[0] != 'u' {
			text.WriteByte(escapes[after[0]])
			content = after[1:]
			continue
		}
		code, err := strconv.ParseUint(string(after[1:5]), 16, 16)
		if err != nil || utf16.IsSurrogate(rune(code)) {
			return "", false
		}
		text.WriteRune(rune(code))
		content = after[5:]
	}
}

// escapes are the characters that follow a backslash, and what they mean.
var escapes = [256]byte{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

// The bits of eight bytes.
const (
	lowBits  = 0x0101_0101_0101_0101
	highBits = 0x8080_8080_8080_8080
)

// cleanPrefix returns how many bytes there are before the first quote, backslash or control character of data, and whether one
// of them is not ASCII. It looks at eight bytes at a time. Of a byte below 0x80, the differences below have the high bit only
// if it is one of these; a borrow can only reach the bytes after the first.
func cleanPrefix(data []byte) (length int, high bool) {
	var all uint64
	for ; length+8 <= len(data); length += 8 {
		word := binary.LittleEndian.Uint64(data[length:])
		special := (word - ' '*lowBits) | (word ^ '"'*lowBits - lowBits) | (word ^ '\\'*lowBits - lowBits)
		if special = special &^ word & highBits; special != 0 {
			before := bits.TrailingZeros64(special) &^ 7
			all |= word & (1<<before - 1)
			return length + before/8, all&highBits != 0
		}
		all |= word
	}
	for ; length < len(data) && data[length] >= ' ' && data[length] != '"' && data[length] != '\\'; length++ {
		all |= uint64(data[length])
	}
	return length, all&highBits != 0
}

// escapeLength returns the length of the escape that data begins with, or 0 if it is not one.
func escapeLength(data []byte) int {
	switch {
	case len(data) < 2:
		return 0
	case escapes[data[1]] != 0:
		return 2
	case data[1] != 'u' || len(data) < 6:
		return 0
	}
	for _, digit := range data[2:6] {
		if strings.IndexByte("0123456789abcdefABCDEF", digit) < 0 {
			return 0
		}
	}
	return 6
}

// numeral skips a number, and returns its bytes. It returns none if it is not there.
func (s *scanner) numeral() []byte {
	start := s.at
	s.skip('-')
	if !s.skip('0') && s.digits() == 0 {
		return nil
	}
	if s.skip('.') && s.digits() == 0 {
		return nil
	}
	if s.skip('e') || s.skip('E') {
		if !s.skip('+') {
			s.skip('-')
		}
		if s.digits() == 0 {
			return nil
		}
	}
	return s.data[start:s.at]
}

// skip skips a byte, and reports whether it is there.
func (s *scanner) skip(wanted byte) bool {
	if s.at == len(s.data) || s.data[s.at] != wanted {
		return false
	}
	s.at++
	return true
}

// digits skips digits, and returns how many there are.
func (s *scanner) digits() int {
	start := s.at
	for s.at < len(s.data) && s.data[s.at] >= '0' && s.data[s.at] <= '9' {
		s.at++
	}
	return s.at - start
}
