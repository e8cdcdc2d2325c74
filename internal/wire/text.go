package wire

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// mayReplace reports whether encoded has what encoding/json writes for each byte that is not UTF-8: an escape, or since Go
// 1.27 the character itself.
func mayReplace(encoded []byte) bool {
	return bytes.Contains(encoded, []byte(`\ufffd`)) || bytes.Contains(encoded, []byte("\ufffd"))
}

// NotUTF8 returns the JSON path of the first string of value that is not UTF-8, and a description of the first byte at fault.
// It returns "" if there is none. The encoded form of value shows whether a search is necessary, so that one rarely is.
func NotUTF8(value any, encoded []byte) (path, problem string) {
	valid := utf8.Valid(encoded)
	if valid && !mayReplace(encoded) {
		return "", ""
	}
	EachString(value, func(at, text string) bool {
		path, problem = at, TextProblem(text)
		return problem == ""
	})
	switch {
	case problem != "":
		return cmp.Or(path, "request"), problem
	case valid: // The caller wrote the escape.
		return "", ""
	default: // It is in JSON of the caller's own.
		return "request", TextProblem(string(encoded))
	}
}

// TextProblem describes why a string cannot be sent as it is. It returns "" for UTF-8.
func TextProblem(text string) string {
	for at, char := range text {
		if char == utf8.RuneError {
			if _, size := utf8.DecodeRuneInString(text[at:]); size == 1 {
				return fmt.Sprintf("is not UTF-8 at byte %d (0x%02X): convert it from its encoding, such as Latin-1, and do not cut characters", at, text[at])
			}
		}
	}
	return ""
}

// EachString calls visit with each string of value that encoding/json writes, and its JSON path, until visit returns false.
// The keys of maps are strings too.
func EachString(value any, visit func(path, text string) bool) {
	eachString("", reflect.ValueOf(value), visit)
}

func eachString(path string, value reflect.Value, visit func(path, text string) bool) bool {
	switch value.Kind() {
	case reflect.Pointer, reflect.Interface:
		return value.IsNil() || eachString(path, value.Elem(), visit)
	case reflect.String:
		return encodesItself(value) || visit(path, value.String())
	case reflect.Struct:
		return eachField(path, value, visit)
	case reflect.Map:
		return eachEntry(path, value, visit)
	case reflect.Slice, reflect.Array:
		if value.Type() == reflect.TypeFor[json.RawMessage]() {
			return visit(path, string(value.Bytes()))
		}
		for i := range value.Len() {
			if !eachString(path+"["+strconv.Itoa(i)+"]", value.Index(i), visit) {
				return false
			}
		}
	}
	return true
}

// eachField visits the fields of a struct. The untagged fields of a type that encodes itself are the kinds of a union, whose
// fields are encoded as those of the union.
func eachField(path string, value reflect.Value, visit func(path, text string) bool) bool {
	flat := encodesItself(value)
	for i := range value.NumField() {
		field := value.Type().Field(i)
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		below := path
		switch {
		case name == "-" || !field.IsExported() && !field.Anonymous:
			continue
		case name != "":
			below = join(path, name)
		case !field.Anonymous && !flat:
			below = join(path, field.Name)
		}
		if !eachString(below, value.Field(i), visit) {
			return false
		}
	}
	return true
}

func encodesItself(value reflect.Value) bool {
	return value.Type().Implements(reflect.TypeFor[json.Marshaler]())
}

func eachEntry(path string, value reflect.Value, visit func(path, text string) bool) bool {
	if value.Type().Key().Kind() != reflect.String {
		return true
	}
	keys := value.MapKeys()
	slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
	for _, key := range keys {
		below := join(path, strings.ToValidUTF8(key.String(), "?"))
		if !visit(below, key.String()) || !eachString(below, value.MapIndex(key), visit) {
			return false
		}
	}
	return true
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}
