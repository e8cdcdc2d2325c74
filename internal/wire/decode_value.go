package wire

import (
	"bytes"
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"
)

// value decodes data into v, and reports whether the value fits. If encoding/json cannot decode it as it is, its members
// are decoded one by one.
func (p Place) value(data []byte, v reflect.Value) bool {
	if decode := decodeFuncs[v.Type()]; decode != nil {
		return decode(p, data, v.Addr().Interface())
	}
	before := swallowed.Load()
	err := unmarshal(data, v.Addr().Interface())
	if err == nil && (swallowed.Load() == before || string(data) == "null") {
		return true
	}
	if decodesItself(v) {
		return p.foreign(err)
	}
	switch v.Kind() {
	case reflect.Pointer:
		return p.pointer(data, v)
	case reflect.Struct:
		return p.members(data, '{', func(name string, member []byte) { p.structField(v, name, member) })
	case reflect.Slice:
		return p.items(data, v)
	case reflect.Map:
		return p.mapped(data, v)
	default:
		return err == nil || p.scalar(data, v)
	}
}

// decodesItself reports whether encoding/json calls a method of a value to decode it.
func decodesItself(v reflect.Value) bool {
	switch v.Addr().Interface().(type) {
	case json.Unmarshaler, encoding.TextUnmarshaler:
		return true
	}
	return false
}

// foreign evaluates the error of an UnmarshalJSON method that is not registered.
func (p Place) foreign(err error) bool {
	if _, mistyped := errors.AsType[*json.UnmarshalTypeError](err); mistyped {
		return p.Mistyped()
	}
	if err != nil && p.found.err == nil {
		p.found.err = err
	}
	return err == nil
}

func (p Place) pointer(data []byte, v reflect.Value) bool {
	if v.IsNil() {
		v.Set(reflect.New(v.Type().Elem()))
	}
	fits := p.value(data, v.Elem())
	if !fits {
		v.SetZero()
	}
	return fits
}

func (p Place) structField(v reflect.Value, name string, member []byte) {
	known, field := fieldNamed(v, name)
	if field.IsValid() {
		p.field(known).value(member, field)
	}
}

// items decodes the items of an array. One that does not fit is an empty item.
func (p Place) items(data []byte, v reflect.Value) bool {
	v.Set(reflect.MakeSlice(v.Type(), 0, 0))
	fits := p.members(data, '[', func(_ string, item []byte) {
		i := v.Len()
		v.Set(reflect.Append(v, reflect.Zero(v.Type().Elem())))
		Place{found: p.found, path: fmt.Sprintf("%s[%d]", p.path, i)}.value(item, v.Index(i))
	})
	if !fits {
		v.SetZero()
	}
	return fits
}

// mapped decodes the values of a map. One that does not fit is left out, except from a map whose keys are not strings: it
// stays as encoding/json has decoded it.
func (p Place) mapped(data []byte, v reflect.Value) bool {
	if v.Type().Key().Kind() != reflect.String {
		p.Mistyped()
		return true
	}
	v.Set(reflect.MakeMap(v.Type()))
	fits := p.members(data, '{', func(key string, member []byte) {
		value := reflect.New(v.Type().Elem()).Elem()
		if p.field("*").value(member, value) {
			v.SetMapIndex(reflect.ValueOf(key).Convert(v.Type().Key()), value)
		}
	})
	if !fits {
		v.SetZero()
	}
	return fits
}

// members calls visit for each member of the object or array here, which opens with the bracket. The name of an item of an
// array is empty.
func (p Place) members(data []byte, opens byte, visit func(name string, member []byte)) bool {
	if len(data) == 0 || data[0] != opens {
		return p.Mistyped()
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	_, _ = decoder.Token() // the bracket: the syntax was checked before
	for decoder.More() {
		var name string
		if opens == '{' {
			key, _ := decoder.Token()
			name, _ = key.(string)
		}
		var member json.RawMessage
		if decoder.Decode(&member) != nil {
			break
		}
		visit(name, member)
	}
	return true
}

// scalar converts a number or a boolean in quotes, and a number in place of a string. It records the value in any case.
func (p Place) scalar(data []byte, v reflect.Value) bool {
	p.Mistyped()
	var text string
	quoted := json.Unmarshal(data, &text) == nil
	if !quoted {
		text = string(data)
	}
	text = strings.TrimSpace(text)
	switch {
	case v.Kind() == reflect.String:
		if quoted || !isNumber(text) {
			return false
		}
		v.SetString(text)
		return true
	case v.Kind() == reflect.Bool:
		lower := strings.ToLower(text)
		v.SetBool(lower == "true")
		return quoted && (lower == "true" || lower == "false")
	case !isNumber(text):
		return false
	case v.CanInt():
		number, ok := wholeNumber(text)
		if !ok || v.OverflowInt(number) {
			return false
		}
		v.SetInt(number)
		return true
	case v.CanUint():
		number, ok := wholeNumber(text)
		if !ok || number < 0 || v.OverflowUint(uint64(number)) {
			return false
		}
		v.SetUint(uint64(number))
		return true
	case v.CanFloat():
		number, err := strconv.ParseFloat(text, v.Type().Bits())
		if err != nil {
			return false
		}
		v.SetFloat(number)
		return true
	}
	return false
}

// isNumber reports whether text is a number in JSON.
func isNumber(text string) bool {
	return text != "" && (text[0] == '-' || text[0] >= '0' && text[0] <= '9') && json.Valid([]byte(text))
}

// wholeNumber returns the integer that a number in JSON is, also if it is written as 2.0 or 2e3.
func wholeNumber(text string) (int64, bool) {
	if number, err := strconv.ParseInt(text, 10, 64); err == nil {
		return number, true
	}
	const exact = 1 << 53 // up to here, a float64 is the integer that was written
	float, err := strconv.ParseFloat(text, 64)
	whole := err == nil && float == math.Trunc(float) && math.Abs(float) < exact && strings.ContainsAny(text, ".eE")
	if !whole {
		return 0, false
	}
	return int64(float), true
}
