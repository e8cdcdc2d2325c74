// Package redact keeps credentials and phone numbers out of everything that prints.
package redact

import (
	"fmt"
	"io"
	"strconv"
)

// Secret keeps a string out of everything that prints. A func prints as an address for every verb, even in an unexported
// field of a struct, where a string type with a String method would be printed in full.
type Secret func() string

// NewSecret returns a Secret that returns text when it is called.
func NewSecret(text string) Secret { return func() string { return text } }

// Print prints text for every verb of package fmt. A Format method that calls it keeps all verbs from the fields.
func Print(state fmt.State, verb rune, text string) {
	if verb == 'q' {
		text = strconv.Quote(text)
	}
	_, _ = io.WriteString(state, text)
}
