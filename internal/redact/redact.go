// Package redact keeps credentials and phone numbers out of everything that prints.
package redact

import (
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
)

// Secret keeps a string out of everything that prints. A func prints as an address for every verb, even in an unexported
// field of a struct, where a string type with a String method would be printed in full.
type Secret func() string

// NewSecret returns a Secret that returns text when it is called.
func NewSecret(text string) Secret { return func() string { return text } }

// maskedRun is the number of consecutive digits that are treated as a phone number.
const maskedRun = 7

// international is a phone number with its plus sign, however it is spaced and escaped.
var international = regexp.MustCompile(`(\+|%2[Bb])[0-9](?:(?:[\s()./\x{2010}-\x{2015}-]|%2[089D-Fd-f]){0,3}[0-9]){6,}`)

// Mask masks phone numbers with a plus sign and every run of 7 or more digits in text, since they may be phone numbers.
func Mask(text string) string {
	if strings.ContainsAny(text, "+%") {
		text = international.ReplaceAllString(text, "$1*******")
	}
	var out strings.Builder
	for i := 0; i < len(text); {
		run := digits(text[i:])
		switch {
		case run == 0:
			out.WriteByte(text[i])
			i++
			continue
		case run >= maskedRun:
			out.WriteString("*******")
		default:
			out.WriteString(text[i : i+run])
		}
		i += run
	}
	return out.String()
}

// digits counts the digits at the start of text.
func digits(text string) int {
	for i := range len(text) {
		if text[i] < '0' || text[i] > '9' {
			return i
		}
	}
	return len(text)
}

// OneLine masks text of unknown origin, and shortens it to one line of at most about 500 bytes.
func OneLine(text string) string {
	const limit = 500
	text = Mask(strings.Join(strings.Fields(text), " "))
	if len(text) > limit {
		text = strings.ToValidUTF8(text[:limit], "") + "..."
	}
	return text
}

// Print prints text for every verb of package fmt. A Format method that calls it keeps all verbs from the fields.
func Print(state fmt.State, verb rune, text string) {
	if verb == 'q' {
		text = strconv.Quote(text)
	}
	_, _ = io.WriteString(state, text)
}
