package outbox

import (
	"bytes"
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/sinchgo/conversation"
)

// notUTF8 returns the JSON path of a string of a request that is not UTF-8, or "". encoding/json replaces each byte at fault by
// U+FFFD, or before Go 1.27 by an escape of it: only a body that has one is looked into.
func notUTF8(req *conversation.SendMessageRequest, body []byte) string {
	if !bytes.Contains(body, []byte(`\ufffd`)) && !bytes.Contains(body, []byte("\ufffd")) {
		return ""
	}
	return faultBelow("", reflect.ValueOf(req).Elem())
}

// faultBelow returns the path of the first string at or below a value that is not UTF-8.
func faultBelow(path string, value reflect.Value) string {
	switch value.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !value.IsNil() {
			return faultBelow(path, value.Elem())
		}
	case reflect.String:
		if !utf8.ValidString(value.String()) {
			return path
		}
	case reflect.Slice:
		for i := range value.Len() {
			if fault := faultBelow(fmt.Sprintf("%s[%d]", path, i), value.Index(i)); fault != "" {
				return fault
			}
		}
	case reflect.Map:
		return faultInMap(path, value)
	case reflect.Struct:
		for i := range value.NumField() {
			field := value.Type().Field(i)
			name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
			if !field.IsExported() || name == "-" {
				continue
			}
			if fault := faultBelow(joined(path, cmp.Or(name, field.Name)), value.Field(i)); fault != "" {
				return fault
			}
		}
	}
	return ""
}

func faultInMap(path string, value reflect.Value) string {
	keys := value.MapKeys()
	slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
	for _, key := range keys {
		at := joined(path, strings.ToValidUTF8(key.String(), "\ufffd"))
		if !utf8.ValidString(key.String()) {
			return at
		}
		if fault := faultBelow(at, value.MapIndex(key)); fault != "" {
			return fault
		}
	}
	return ""
}

func joined(path, name string) string { return strings.TrimPrefix(path+"."+name, ".") }
