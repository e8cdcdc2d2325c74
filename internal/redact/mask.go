package redact

import (
	"html"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maskedRun is the number of digits that are treated as a phone number.
const maskedRun = 7

// mask replaces a phone number.
const mask = "*******"

// Mask masks everything in text that may be a phone number: 7 or more digits in a row, or after a plus sign with anything
// but letters between them. Digits of all scripts count, and so do characters that are escaped, such as %2B or \u200e.
func Mask(text string) string {
	return maskNumbers(maskNumbers(text, unescaped), utf8.DecodeRuneInString)
}

// uuid is the form of the ids that the platform assigns. Its groups of digits are not phone numbers.
var uuid = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)

// ID returns an id that the caller or the server wrote. It masks one that may be a phone number.
func ID(id string) string {
	if uuid.MatchString(id) {
		return id
	}
	return OneLine(id)
}

// splitter returns the first character of a string and its size in bytes.
type splitter func(text string) (char rune, size int)

func maskNumbers(text string, first splitter) string {
	var out strings.Builder
	for i := 0; i < len(text); {
		char, size := first(text[i:])
		begin, between := i, isInvisible
		switch {
		case isPlus(char):
			begin, between = i+size, isBetweenDigits
		case !unicode.IsNumber(char):
			out.WriteString(text[i : i+size])
			i += size
			continue
		}
		digits, length, end := number(text[begin:], first, between)
		if digits >= maskedRun {
			out.WriteString(text[i:begin] + mask)
			i = begin + length
		} else {
			out.WriteString(text[i : begin+end])
			i = begin + end
		}
	}
	return out.String()
}

// number counts the digits at the start of text, with other characters between them. It returns the length of the text up
// to the last digit, and the offset of the character that ends the search.
func number(text string, first splitter, between func(rune) bool) (digits, length, end int) {
	for end < len(text) {
		char, size := first(text[end:])
		isDigit := unicode.IsNumber(char)
		if !isDigit && !between(char) {
			break
		}
		end += size
		if isDigit {
			digits, length = digits+1, end
		}
	}
	return digits, length, end
}

func isPlus(char rune) bool {
	return strings.ContainsRune("+\uff0b\ufe62\u207a\u208a\u2795\u02d6", char)
}

// isInvisible reports whether a character does not separate the digits before and after it.
func isInvisible(char rune) bool {
	return unicode.In(char, unicode.Cc, unicode.Cf, unicode.M) && !unicode.IsSpace(char)
}

// isBetweenDigits reports whether a character may be between the digits of a number that begins with a plus sign. Modifier
// letters are used as dashes, and the Hangul fillers are invisible.
func isBetweenDigits(char rune) bool {
	return !unicode.IsLetter(char) || unicode.Is(unicode.Lm, char) || strings.ContainsRune("\u115f\u1160\u3164\uffa0", char)
}

// unescaped returns the first character of text and its size. It decodes the escapes of URLs, of Go and JSON strings, and
// of HTML.
func unescaped(text string) (char rune, size int) {
	switch text[0] {
	case '%':
		char, size = percentDecoded(text)
	case '\\':
		if value, _, rest, err := strconv.UnquoteChar(text, 0); err == nil {
			char, size = value, len(text)-len(rest)
		}
	case '&':
		if end := strings.IndexByte(text[:min(len(text), 12)], ';'); end > 0 {
			if decoded := html.UnescapeString(text[:end+1]); utf8.RuneCountInString(decoded) == 1 {
				char, _ = utf8.DecodeRuneInString(decoded)
				size = end + 1
			}
		}
	}
	if size == 0 {
		return utf8.DecodeRuneInString(text)
	}
	return char, size
}

// percentDecoded decodes the first character of text, which begins with a percent sign. A URL inside a URL is escaped
// twice: %252B. The size is 0 without an escape.
func percentDecoded(text string) (char rune, size int) {
	var bytes []byte
	var sizes []int // of the escapes so far
	for at := 0; len(bytes) < utf8.UTFMax && at < len(text) && text[at] == '%'; {
		at++
		for strings.HasPrefix(text[at:], "25") && isHexPair(text[at+2:]) {
			at += 2
		}
		if !isHexPair(text[at:]) {
			break
		}
		value, _ := strconv.ParseUint(text[at:at+2], 16, 8)
		at += 2
		bytes, sizes = append(bytes, byte(value)), append(sizes, at)
	}
	if len(bytes) == 0 {
		return 0, 0
	}
	char, width := utf8.DecodeRune(bytes)
	return char, sizes[width-1]
}

func isHexPair(text string) bool {
	const hex = "0123456789abcdefABCDEF"
	return len(text) >= 2 && strings.IndexByte(hex, text[0]) >= 0 && strings.IndexByte(hex, text[1]) >= 0
}
