package conversation

import (
	"encoding/json"
	"errors"
)

// skipMistyped drops the error that encoding/json gives after it has read all but a value of an unexpected type: an
// UnmarshalJSON that returned it would end the decoding of all that follows.
func skipMistyped(err error) error {
	if _, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return nil
	}
	return err
}
