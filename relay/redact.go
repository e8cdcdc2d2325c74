package relay

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxReason is the length in bytes at which a reason is cut.
const maxReason = 500

// redact returns s on one printable line of at most about 500 bytes, with everything that may be a phone number masked. It
// does what internal/redact of the root module does, which this module cannot import.
func redact(s string) string {
	// The digits of an escape may complete a number.
	s = maskPhones(escape(maskPhones(strings.Join(strings.Fields(s), " "))))
	return cutText(s, maxReason)
}

// cutText cuts text to a number of bytes, and marks that.
func cutText(s string, most int) string {
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "..."
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
