package wire

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"sync"
)

// unmarshal is [json.Unmarshal], except that numbers are decoded as [json.Number] in a target that contains an interface.
func unmarshal(data []byte, target any) error {
	if into := reflect.ValueOf(target); into.Kind() == reflect.Pointer && !into.IsNil() && into.Elem().IsZero() {
		if readInto(data, into.Elem()) {
			return nil
		}
		into.Elem().SetZero()
	}
	return unmarshalStandard(data, target)
}

// unmarshalStandard is unmarshal with encoding/json alone.
func unmarshalStandard(data []byte, target any) error {
	if !containsInterface(reflect.TypeOf(target)) {
		return json.Unmarshal(data, target)
	}
	if !json.Valid(data) {
		return json.Unmarshal(data, target) // for its error
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	return decoder.Decode(target)
}

// withInterface caches the results of containsInterface.
var withInterface sync.Map

// containsInterface reports whether a type is an interface, or has one in its fields or elements. A type that decodes
// itself does not count.
func containsInterface(kind reflect.Type) bool {
	if kind == nil {
		return false
	}
	if known, ok := withInterface.Load(kind); ok {
		found, _ := known.(bool)
		return found
	}
	found := searchInterface(kind, map[reflect.Type]bool{})
	withInterface.Store(kind, found)
	return found
}

var unmarshaler = reflect.TypeFor[json.Unmarshaler]()

func searchInterface(kind reflect.Type, seen map[reflect.Type]bool) bool {
	if seen[kind] {
		return false
	}
	seen[kind] = true
	if reflect.PointerTo(kind).Implements(unmarshaler) {
		return false
	}
	switch kind.Kind() {
	case reflect.Interface:
		return true
	case reflect.Pointer, reflect.Slice, reflect.Array, reflect.Map:
		return searchInterface(kind.Elem(), seen)
	case reflect.Struct:
		for field := range kind.Fields() {
			if field.Tag.Get("json") != "-" && searchInterface(field.Type, seen) {
				return true
			}
		}
	}
	return false
}

// fieldNamed returns the field of a struct that encoding/json decodes a member into, with its name in JSON: the field with
// exactly that name, else one with that name in another case. Of two, the one that is embedded less deeply counts.
func fieldNamed(v reflect.Value, name string) (string, reflect.Value) {
	var other string
	var otherField reflect.Value
	for level := []reflect.Value{v}; len(level) > 0; {
		var next []reflect.Value
		for _, structure := range level {
			for i := range structure.NumField() {
				described := structure.Type().Field(i)
				field := structure.Field(i)
				known, tagged := jsonName(described)
				switch {
				case known == "-":
				case described.Anonymous && !tagged && embedded(field).IsValid():
					next = append(next, embedded(field))
				case !described.IsExported():
				case known == name:
					return known, field
				case !otherField.IsValid() && strings.EqualFold(known, name):
					other, otherField = known, field
				}
			}
		}
		level = next
	}
	return other, otherField
}

// jsonName returns the name of a field in JSON, and whether its tag has it.
func jsonName(field reflect.StructField) (string, bool) {
	tag := field.Tag.Get("json")
	if tag == "-" {
		return tag, true
	}
	if name, _, _ := strings.Cut(tag, ","); name != "" {
		return name, true
	}
	return field.Name, false
}

// embedded returns the struct that an embedded field is or points to. It allocates what a nil pointer points to.
func embedded(field reflect.Value) reflect.Value {
	if field.Kind() == reflect.Pointer && field.Type().Elem().Kind() == reflect.Struct {
		if field.IsNil() {
			if !field.CanSet() {
				return reflect.Value{}
			}
			field.Set(reflect.New(field.Type().Elem()))
		}
		field = field.Elem()
	}
	if field.Kind() != reflect.Struct {
		return reflect.Value{}
	}
	return field
}
