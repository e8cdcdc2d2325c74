package conversationtest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"
)

// controlCall is a request to the control API.
type controlCall struct {
	server  *Server
	state   *serverState
	api     *control
	route   controlRoute
	request *http.Request
	query   url.Values
	body    io.Reader
	status  int // The status of an answer without error.
}

// name returns the name of the request in errors, such as "receive".
func (c *controlCall) name() string {
	name := strings.TrimPrefix(c.route.path, controlPrefix)
	name, _, _ = strings.Cut(name, "/")
	return name
}

// checkedResult runs the call if its query has no unknown parameter.
func (c *controlCall) checkedResult() (any, error) {
	for parameter, values := range c.query {
		if !slices.Contains(c.route.query, parameter) {
			return nil, c.invalid("query parameter %q is unknown: %s", parameter, known(c.route.query))
		}
		if len(values) > 1 {
			return nil, c.invalid("query parameter %q is duplicated: leave one", parameter)
		}
	}
	return c.route.run(c)
}

// invalid returns an error that is answered with 400.
func (c *controlCall) invalid(format string, args ...any) error {
	return invalidArgument("%s: %s", c.name(), fmt.Sprintf(format, args...))
}

// notFound returns an error that is answered with 404.
func (c *controlCall) notFound(format string, args ...any) error {
	return notFoundControl("%s: %s", c.name(), fmt.Sprintf(format, args...))
}

func notFoundControl(format string, args ...any) error {
	return &apiError{status: http.StatusNotFound, message: fmt.Sprintf(format, args...)}
}

// read decodes the body into a pointer to a struct. An empty body is an empty object. Unknown fields are an error.
func (c *controlCall) read(into any) error {
	body, err := io.ReadAll(c.body)
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return &apiError{status: http.StatusRequestEntityTooLarge, message: c.name() + ": the body is larger than 1 MiB"}
	}
	if err != nil {
		return c.invalid("the body ended early: send as many bytes as Content-Length announces")
	}
	body = bytes.TrimSpace(body)
	switch {
	case len(body) == 0:
		return nil
	case !utf8.Valid(body):
		return c.invalid("the body is not UTF-8: encode it as UTF-8")
	case body[0] != '{' || !json.Valid(body):
		return c.invalid("the body is not a single JSON object: send one with the fields %s", strings.Join(fieldsOf(into), ", "))
	}
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.DisallowUnknownFields()
	return c.explain(decoder.Decode(into), into)
}

// explain returns an error that names the field that cannot be decoded.
func (c *controlCall) explain(err error, into any) error {
	if err == nil {
		return nil
	}
	if unknown, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
		return c.invalid("field %s is unknown: %s", unknown, known(fieldsOf(into)))
	}
	if mismatch, ok := errors.AsType[*json.UnmarshalTypeError](err); ok && mismatch.Field != "" {
		return c.invalid("%s: a JSON %s is not allowed here: send %s", mismatch.Field, mismatch.Value, jsonKindOf(mismatch.Type))
	}
	return c.invalid("%s", strings.TrimPrefix(err.Error(), "json: "))
}

// jsonKindOf returns what JSON is decoded into a type.
func jsonKindOf(t reflect.Type) string {
	switch t.Kind() {
	case reflect.String:
		return "a string"
	case reflect.Bool:
		return "true or false"
	case reflect.Struct, reflect.Map:
		return "an object"
	case reflect.Slice:
		return "a list"
	default:
		return "a number"
	}
}

// known returns what a caller can use in place of a name that is unknown.
func known(names []string) string {
	if len(names) == 0 {
		return "there are none"
	}
	return "use " + strings.Join(names, ", ")
}

// fieldsOf returns the names of the fields of a pointer to a struct in JSON.
func fieldsOf(into any) []string {
	var names []string
	for field := range reflect.TypeOf(into).Elem().Fields() {
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		names = append(names, name)
	}
	return names
}
