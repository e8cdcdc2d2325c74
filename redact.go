package conversation

import (
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
)

// secret keeps a text out of everything that prints: a func prints as an address, whatever the verb and however deep
// in a struct it lies, where a string type with a String method would show itself in an unexported field.
type secret func() string

func newSecret(text string) secret { return func() string { return text } }

// maskedRun is the number of digits from which on a run of them is taken for a phone number.
const maskedRun = 7

// international is a phone number with its plus sign, however it is spaced.
var international = regexp.MustCompile(`\+[0-9](?:[ ().-]{0,2}[0-9]){6,}`)

// mask hides every run of 7 and more digits in a text that came from elsewhere, since it may be a phone number.
func mask(text string) string {
	if strings.Contains(text, "+") {
		text = international.ReplaceAllString(text, "+*******")
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

// hide takes the credential of an Authorization header out of a text that may repeat it.
func hide(text string, header secret) string {
	if header == nil {
		return text
	}
	_, credential, _ := strings.Cut(header(), " ")
	if credential == "" {
		return text
	}
	return strings.ReplaceAll(text, credential, "[redacted]")
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

// writeSafe prints text for any verb, so that none of them reaches the fields behind it.
func writeSafe(state fmt.State, verb rune, text string) {
	if verb == 'q' {
		text = strconv.Quote(text)
	}
	_, _ = io.WriteString(state, text)
}
