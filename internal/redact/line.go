package redact

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// lineLimit is the length in bytes at which a line is cut.
const lineLimit = 500

// OneLine returns text of unknown origin as one printable line of at most about 500 bytes. It masks phone numbers, except in
// the strings of kept, such as a host name.
func OneLine(text string, kept ...string) string {
	if isPlain(text) {
		return text
	}
	text = strings.Join(strings.Fields(text), " ")
	// The digits of an escape may complete a number.
	return Line(maskAround(escape(maskAround(text, kept)), kept))
}

// isPlain reports whether text is a short word with nothing to mask or to escape, as most ids are.
func isPlain(text string) bool {
	digits := 0
	for i := range len(text) {
		switch char := text[i]; {
		case char >= '0' && char <= '9':
			digits++
		case char >= 'a' && char <= 'z', char >= 'A' && char <= 'Z', char == '-', char == '_', char == '.':
			digits = 0
		default:
			return false
		}
		if digits == maskedRun {
			return false
		}
	}
	return len(text) <= lineLimit
}

// Line returns text as one printable line of at most about 500 bytes.
func Line(text string) string {
	text = escape(text)
	if len(text) > lineLimit {
		text = strings.ToValidUTF8(text[:lineLimit], "") + "..."
	}
	return text
}

// maskAround masks text except for the strings in kept.
func maskAround(text string, kept []string) string {
	if len(kept) == 0 {
		return Mask(text)
	}
	if Mask(kept[0]) == kept[0] {
		return maskAround(text, kept[1:])
	}
	parts := strings.Split(text, kept[0])
	for i := range parts {
		parts[i] = maskAround(parts[i], kept[1:])
	}
	return strings.Join(parts, kept[0])
}

// escape writes the characters that control a terminal or the direction of text as Go escapes, such as \x1b and \u202e. It
// escapes invisible characters, line separators and invalid UTF-8 too.
func escape(text string) string {
	var out strings.Builder
	for i := 0; i < len(text); {
		char, size := utf8.DecodeRuneInString(text[i:])
		switch {
		case char == utf8.RuneError && size == 1:
			out.WriteString(`\x` + strconv.FormatUint(uint64(text[i]), 16))
		case unicode.In(char, unicode.C, unicode.Zl, unicode.Zp):
			out.WriteString(strings.Trim(strconv.QuoteRuneToASCII(char), "'"))
		default:
			out.WriteString(text[i : i+size])
		}
		i += size
	}
	return out.String()
}
