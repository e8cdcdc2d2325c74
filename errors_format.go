package conversation

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/sinchgo/conversation/internal/redact"
)

// Every verb prints an error of this package as Error does, so that %#v and %d do not reach its fields, and
// encoding/json encodes it as that string. The receivers are values, so that this holds for a dereferenced error too;
// for that reason the types silence recvcheck.

// innerText returns the string of an error that another error of this package wraps, without a second prefix.
func innerText(err error) string { return strings.TrimPrefix(err.Error(), "conversation: ") }

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

// MarshalJSON implements [json.Marshaler]. It encodes the error as the string that Error returns.
func (e Error) MarshalJSON() ([]byte, error) { return json.Marshal(e.Error()) }

// MarshalJSON implements [json.Marshaler]. It encodes the error as the string that Error returns.
func (e ArgumentError) MarshalJSON() ([]byte, error) { return json.Marshal(e.Error()) }

// MarshalJSON implements [json.Marshaler]. It encodes the error as the string that Error returns.
func (e AuthError) MarshalJSON() ([]byte, error) { return json.Marshal(e.Error()) }

// MarshalJSON implements [json.Marshaler]. It encodes the error as the string that Error returns.
func (e TransportError) MarshalJSON() ([]byte, error) { return json.Marshal(e.Error()) }

// MarshalJSON implements [json.Marshaler]. It encodes the error as the string that Error returns.
func (e PageError) MarshalJSON() ([]byte, error) { return json.Marshal(e.Error()) }
