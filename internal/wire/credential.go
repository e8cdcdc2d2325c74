package wire

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// quotes are what people put around a value, also in other languages.
const quotes = "\"'`´“”„‟‘’‚‛«»‹›「」『』＂＇"

// CredentialProblem returns what copying, a file or a shell has added to a project id, key id or secret, with the fix.
// It returns "" if there is nothing. It shows no part of the value but the character that is wrong.
//
// White space inside the value is not a problem, see [KeyProblem].
func CredentialProblem(value string) string {
	if value == "" {
		return "is empty"
	}
	if !utf8.ValidString(value) {
		return "is not UTF-8: copy it again, or save its file as UTF-8"
	}
	if IsBlank(value) {
		return "is only white space or invisible characters: set it, or check that its file is not empty"
	}
	first, _ := utf8.DecodeRuneInString(value)
	last, _ := utf8.DecodeLastRuneInString(value)
	switch {
	case unicode.IsSpace(first):
		return fmt.Sprintf("begins with white space (%s): copy it again, or trim it", character(first))
	case unicode.IsSpace(last):
		return fmt.Sprintf("ends with white space (%s): copy it again, or trim it", character(last))
	case strings.ContainsRune(quotes, first) && strings.ContainsRune(quotes, last):
		return "is in quotes: remove them"
	}
	for _, char := range value {
		switch {
		case unicode.IsControl(char) || char == '\u2028' || char == '\u2029':
			return fmt.Sprintf("contains a control character (%s): remove it, or copy it again", character(char))
		case invisible(char):
			return fmt.Sprintf("contains an invisible character (%s): remove it, or copy it again", character(char))
		}
	}
	return ""
}

// IsBlank reports whether a value has no character that can be seen.
func IsBlank(value string) bool {
	return !strings.ContainsFunc(value, func(char rune) bool {
		return !unicode.IsSpace(char) && !unicode.IsControl(char) && !invisible(char)
	})
}

// KeyProblem is [CredentialProblem] for a key id or key secret, which contains no white space either.
func KeyProblem(value string) string {
	if value == "" {
		return "is empty: create an access key in the Sinch dashboard"
	}
	if problem := CredentialProblem(value); problem != "" {
		return problem
	}
	if strings.ContainsFunc(value, unicode.IsSpace) {
		return "contains white space: copy it again"
	}
	return ""
}

// invisible reports whether a character has no width or only changes how others are shown.
func invisible(char rune) bool {
	return unicode.In(char, unicode.Cf, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector) || char == '\u2800'
}

// names are the characters that copying adds most often.
var names = map[rune]string{
	' ': "a space", '\t': "a tab", '\n': "a line break", '\r': "a carriage return", 0: "NUL", '\u00a0': "a no-break space",
	'\u00ad': "a soft hyphen", '\u200b': "a zero-width space", '\u200e': "a left-to-right mark",
	'\u200f': "a right-to-left mark", '\ufeff': "a byte order mark",
}

// character returns the code point of a character, with its name if it is known.
func character(char rune) string {
	if name := names[char]; name != "" {
		return fmt.Sprintf("%U, %s", char, name)
	}
	return fmt.Sprintf("%U", char)
}
