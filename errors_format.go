package conversation

import (
	"encoding/json"
	"fmt"

	"github.com/sinchgo/conversation/internal/redact"
)

// Every verb prints an error of this package as its text, so that %#v and %d do not reach its fields, and
// encoding/json writes the same text. The receivers are values, so that this holds for a
// dereferenced error too; recvcheck is silenced for it where the types stand.

// Format implements [fmt.Formatter].
func (e Error) Format(state fmt.State, verb rune) { redact.Print(state, verb, e.Error()) }

// Format implements [fmt.Formatter].
func (e ArgumentError) Format(state fmt.State, verb rune) { redact.Print(state, verb, e.Error()) }

// Format implements [fmt.Formatter].
func (e AuthError) Format(state fmt.State, verb rune) { redact.Print(state, verb, e.Error()) }

// Format implements [fmt.Formatter].
func (e TransportError) Format(state fmt.State, verb rune) { redact.Print(state, verb, e.Error()) }

// Format implements [fmt.Formatter].
func (e PageError) Format(state fmt.State, verb rune) { redact.Print(state, verb, e.Error()) }

// MarshalJSON implements [json.Marshaler]: the text of the error.
func (e Error) MarshalJSON() ([]byte, error) { return json.Marshal(e.Error()) }

// MarshalJSON implements [json.Marshaler]: the text of the error.
func (e ArgumentError) MarshalJSON() ([]byte, error) { return json.Marshal(e.Error()) }

// MarshalJSON implements [json.Marshaler]: the text of the error.
func (e AuthError) MarshalJSON() ([]byte, error) { return json.Marshal(e.Error()) }

// MarshalJSON implements [json.Marshaler]: the text of the error.
func (e TransportError) MarshalJSON() ([]byte, error) { return json.Marshal(e.Error()) }

// MarshalJSON implements [json.Marshaler]: the text of the error.
func (e PageError) MarshalJSON() ([]byte, error) { return json.Marshal(e.Error()) }
