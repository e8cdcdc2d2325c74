package wire

import (
	"bytes"
	"encoding/json"
	"errors"
	"reflect"
	"sync/atomic"
)

// Decode decodes JSON into target, which is a pointer, and is as tolerant as can be: a value of another JSON type than its
// field never fails the rest. A number or a boolean in quotes, and a number in place of a string, are converted. Any other
// value that does not fit leaves its field empty. In both cases Decode returns the path of the field, which never contains
// a key of a map. At most 10 paths are returned.
//
// Decode returns an error if data is not JSON, if the whole value does not fit target, or if an UnmarshalJSON method that
// is not of this module returns one. In a target that contains an interface, numbers are decoded as [json.Number].
func Decode(data []byte, target any) (mistyped []string, err error) {
	before := swallowed.Load()
	err = unmarshal(data, target)
	if err == nil && swallowed.Load() == before {
		return nil, nil
	}
	if _, broken := errors.AsType[*json.SyntaxError](err); broken {
		return nil, err
	}
	into := reflect.ValueOf(target)
	if into.Kind() != reflect.Pointer || into.IsNil() {
		return nil, err
	}
	found := new(findings)
	if fits := (Place{found: found}).value(bytes.TrimSpace(data), into.Elem()); !fits && err != nil {
		return nil, err
	}
	return found.paths, found.err
}

// maxPaths bounds the paths that Decode returns.
const maxPaths = 10

// findings are what was found in a document while it was decoded.
type findings struct {
	paths []string // of mistyped values
	err   error    // the first error that is not about a type
}

// Place is where in a document a value is decoded.
type Place struct {
	found *findings
	path  string
}

// Mistyped records that the value here has another JSON type than expected. It returns false, as Decode does for a value
// that does not fit.
func (p Place) Mistyped() bool {
	if len(p.found.paths) < maxPaths {
		p.found.paths = append(p.found.paths, p.path)
	}
	return false
}

// Decode decodes the value here into target, which is a pointer. It reports whether the value fits at all.
func (p Place) Decode(data []byte, target any) bool {
	return p.value(data, reflect.ValueOf(target).Elem())
}

// field returns the place of a field of the object here.
func (p Place) field(name string) Place {
	if p.path != "" {
		name = p.path + "." + name
	}
	return Place{found: p.found, path: name}
}

// swallowed counts the calls of [Unmarshal] that came across a mistyped value, so that the Decode around them knows that
// there is a path to find, although encoding/json had no error. A call in another goroutine costs Decode a second look.
var swallowed atomic.Int64

// decodeFuncs are the decode functions of the types that have UnmarshalJSON, by type.
var decodeFuncs = map[reflect.Type]func(at Place, data []byte, into any) bool{}

// Register makes Decode call decode for values of type T, in place of the UnmarshalJSON method, which has no place to
// report. The method calls [Unmarshal]. Register is for functions named init.
func Register[T any](decode func(at Place, data []byte, into *T) bool) {
	decodeFuncs[reflect.TypeFor[T]()] = func(at Place, data []byte, into any) bool {
		typed, ok := into.(*T)
		return ok && decode(at, data, typed)
	}
}

// Unmarshal implements UnmarshalJSON for a type whose decode function is registered. Like Decode, it does not fail for a
// mistyped value inside: encoding/json would leave out all that follows.
func Unmarshal[T any](data []byte, into *T, decode func(at Place, data []byte, into *T) bool) error {
	found := new(findings)
	fits := decode(Place{found: found}, data, into)
	if len(found.paths) > 0 {
		swallowed.Add(1)
	}
	if !fits && found.err == nil {
		return &json.UnmarshalTypeError{Value: "a value", Type: reflect.TypeFor[T]()}
	}
	return found.err
}
