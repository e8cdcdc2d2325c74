package wire

import "reflect"

// ReadInto decodes data in one pass into target, a pointer to a zero value, if it can.
func ReadInto(data []byte, target any) bool { return readInto(data, reflect.ValueOf(target).Elem()) }

// UnmarshalStandard decodes data with encoding/json alone.
var UnmarshalStandard = unmarshalStandard
