package outbox

import (
	"bytes"
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"time"

	"github.com/sinchgo/conversation"
)

// Encode returns the JSON of a message, from which [Decode] restores it, so that a queue sends later what Messages.Send would have sent
// now. It returns a [conversation.ArgumentError], which names the field, if JSON cannot express the message without a change: if a string
// is not UTF-8, for example. It does not validate the message: see [conversation.SendMessageRequest.Validate].
func Encode(req *conversation.SendMessageRequest) ([]byte, error) {
	if req == nil {
		return nil, argumentError("req", "is nil: pass a message")
	}
	body, err := encodePlain(req)
	if err == nil {
		err = checkExact(body)
	}
	if err != nil {
		return nil, argumentError("req", "cannot be encoded as JSON: "+err.Error())
	}
	if field := notUTF8(req, body); field != "" {
		return nil, argumentError(field, "is not UTF-8: convert it from its encoding, such as Latin-1, and do not cut characters")
	}
	return body, nil
}

func argumentError(field, reason string) error {
	return &conversation.ArgumentError{Operation: "outbox.Encode", Field: field, Reason: reason}
}

// encodePlain is like [json.Marshal] but does not escape HTML.
func encodePlain(value any) ([]byte, error) {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(value)
	return bytes.TrimSuffix(text.Bytes(), []byte("\n")), err
}

// Decode returns a message that [Encode] encoded. Encoding the result returns the same bytes: values of free-form objects stay as they
// were written, with every digit of their numbers and the order of their members. An error means that body is not JSON of a message, or is
// nested too deeply.
func Decode(body []byte) (*conversation.SendMessageRequest, error) {
	req := &conversation.SendMessageRequest{}
	if err := json.Unmarshal(body, req); err != nil {
		return nil, err
	}
	if again, err := encodePlain(req); err != nil || !bytes.Equal(again, body) {
		restore(reflect.ValueOf(req).Elem(), body)
	}
	return req, nil
}

// errInexact is the error for a message that would not be sent as it was enqueued.
var errInexact = errors.New("a worker would send other JSON than Send")

// checkExact returns an error if a worker would send something other than body. It decodes messages with free-form JSON only: the others
// are always sent as they are.
func checkExact(body []byte) error {
	if !bytes.Contains(body, []byte(`"channel_specific_message"`)) {
		return nil
	}
	req, err := Decode(body)
	if err != nil {
		return err
	}
	again, err := encodePlain(req)
	if err == nil && !bytes.Equal(again, body) {
		err = errInexact
	}
	return err
}

// restore sets what decoding may have changed in a value to the JSON that it was decoded from: the members of a free-form
// object, and a union that does not encode to the same object, because it had been written as an unknown kind.
func restore(value reflect.Value, from []byte) {
	if len(from) == 0 || string(from) == "null" {
		return
	}
	if moment, ok := reflect.TypeAssert[conversation.Time](value); ok && string(from) == `""` {
		moment.Time = noTime
		value.Set(reflect.ValueOf(moment))
		return
	}
	switch value.Kind() {
	case reflect.Pointer:
		if !value.IsNil() {
			restore(value.Elem(), from)
		}
	case reflect.Slice:
		var items []json.RawMessage
		if holdsObjects(value.Type()) && json.Unmarshal(from, &items) == nil {
			for i := range min(len(items), value.Len()) {
				restore(value.Index(i), items[i])
			}
		}
	case reflect.Map:
		restoreMap(value, membersOf(from))
	case reflect.Struct:
		if raw := value.FieldByName("Unknown"); raw.IsValid() && raw.Type() == reflect.TypeFor[json.RawMessage]() {
			restoreUnion(value, raw, from)
			return
		}
		restoreStruct(value, from)
	}
}

// noTime is a time that JSON cannot express, which is encoded as an empty string.
var noTime = time.Date(10_000, 1, 1, 0, 0, 0, 0, time.UTC)

// membersOf returns the members of an object, or nil if from is not an object.
func membersOf(from []byte) map[string]json.RawMessage {
	var members map[string]json.RawMessage
	_ = json.Unmarshal(from, &members)
	return members
}

func restoreMap(value reflect.Value, members map[string]json.RawMessage) {
	if !holdsObjects(value.Type()) {
		return
	}
	for name, member := range members {
		key := reflect.ValueOf(name).Convert(value.Type().Key())
		if value.Type().Elem().Kind() == reflect.Interface {
			value.SetMapIndex(key, reflect.ValueOf(member))
			continue
		}
		held := reflect.New(value.Type().Elem()).Elem() // the values of a map cannot be changed in place
		held.Set(value.MapIndex(key))
		restore(held, member)
		value.SetMapIndex(key, held)
	}
}

func restoreStruct(value reflect.Value, from []byte) {
	var members map[string]json.RawMessage
	for i := range value.NumField() {
		field := value.Type().Field(i)
		if !field.IsExported() || !holdsObjects(field.Type) || value.Field(i).IsZero() && field.Type.Kind() != reflect.Struct {
			continue
		}
		if members == nil {
			members = membersOf(from)
		}
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		restore(value.Field(i), members[name])
	}
}

// holdsObjects reports whether a value of a type may be or contain an object.
func holdsObjects(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Struct, reflect.Interface:
		return true
	case reflect.Pointer, reflect.Slice, reflect.Map:
		return holdsObjects(t.Elem())
	}
	return false
}

// restoreUnion restores the kind of a union that is set. Its fields are those of the object.
func restoreUnion(value, raw reflect.Value, from []byte) {
	for _, field := range value.Fields() {
		if field.Kind() == reflect.Pointer {
			restore(field, from)
		}
	}
	again, err := encodePlain(value.Interface())
	if err == nil && bytes.Equal(again, from) {
		return
	}
	value.SetZero()
	raw.SetBytes(bytes.Clone(from))
}
