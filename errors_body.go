package conversation

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"path"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/sinchgo/conversation/internal/wire"
)

// parseErrorBody decodes an error body into failed. It reads the API's own form, an object in "error", the same object
// without that envelope, and the form of Sinch's error registry. It skips each part that does not have the expected type,
// so that a surprising body never hides the status.
func parseErrorBody(failed *Error, body []byte) {
	var object jsonObject
	_ = json.Unmarshal(wire.TrimBody(body), &object)
	envelope := object.envelope()
	if envelope != nil {
		object = envelope
	}
	switch {
	case isRegistryError(object):
		parseRegistryError(failed, object)
	case envelope != nil, isFlatError(object):
		failed.Code = object.integer("code")
		failed.Status = object.text("status")
		failed.Message = object.text("message")
		failed.Details = object.list("details")
	default:
		failed.problem = problemOfErrorBody(body)
	}
}

// isErrorBody reports whether the body of a 2xx is an error of the API.
func isErrorBody(body []byte) bool {
	if !bytes.Contains(body, []byte(`"error"`)) {
		return false
	}
	var object jsonObject
	_ = json.Unmarshal(wire.TrimBody(body), &object)
	return object.envelope() != nil
}

// isFlatError reports whether an object has the fields of an error without an envelope. One field alone may mean anything.
func isFlatError(object jsonObject) bool {
	found := 0
	for _, is := range []bool{
		object.integer("code") != 0, object.text("status") != "", object.text("message") != "", object.list("details") != nil,
	} {
		if is {
			found++
		}
	}
	return found > 1
}

// jsonObject is an object of which a member of another type than expected counts as missing.
type jsonObject map[string]json.RawMessage

// envelope returns the object in "error", or nil.
func (o jsonObject) envelope() jsonObject {
	var inner jsonObject
	_ = json.Unmarshal(o["error"], &inner)
	return inner
}

func (o jsonObject) text(key string) string {
	var text string
	_ = json.Unmarshal(o[key], &text)
	return text
}

func (o jsonObject) list(key string) []json.RawMessage {
	var list []json.RawMessage
	_ = json.Unmarshal(o[key], &list)
	return list
}

// integer returns a whole number, which may be in quotes.
func (o jsonObject) integer(key string) int {
	n, _ := strconv.Atoi(strings.Trim(string(o[key]), `"`))
	return n
}

func problemOfErrorBody(body []byte) string {
	trimmed := wire.TrimBody(body)
	switch {
	case len(trimmed) == 0:
		return "the reply has no body"
	case trimmed[0] == '<':
		return "the reply is HTML, not JSON"
	case !json.Valid(trimmed):
		return "the reply is not JSON"
	default:
		return "the reply is not an error of the API"
	}
}

// decodeProblem describes why a body cannot be decoded into out, without showing any of it.
func decodeProblem(err error, out any) string {
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		return fmt.Sprintf("the reply is not JSON (at byte %d)", syntax.Offset)
	}
	if kind, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return fmt.Sprintf("the reply has an unexpected type in %q (at byte %d)", knownPath(kind.Field, reflect.TypeOf(out)), kind.Offset)
	}
	return "the reply cannot be decoded"
}

// knownPath returns the part of a path in a response that consists of fields of our types. With encoding/json built on
// version 2, a path can hold map keys too, which come from the server.
func knownPath(path string, in reflect.Type) string {
	var known []string
	for segment := range strings.SplitSeq(path, ".") {
		for in.Kind() == reflect.Pointer || in.Kind() == reflect.Slice {
			in = in.Elem()
		}
		if strings.Trim(segment, "0123456789") == "" { // an index of a list
			continue
		}
		name, field := fieldOf(in, segment)
		if field == nil {
			break
		}
		known, in = append(known, name), field
	}
	return strings.Join(known, ".")
}

// fieldOf returns the name and type of the field that a key is decoded into.
func fieldOf(in reflect.Type, key string) (string, reflect.Type) {
	if in.Kind() == reflect.Struct {
		for field := range in.Fields() {
			if name, _, _ := strings.Cut(field.Tag.Get("json"), ","); strings.EqualFold(name, key) {
				return name, field.Type
			}
		}
	}
	return "", nil
}

// cutShort returns io.ErrUnexpectedEOF for a body that is valid JSON up to its end but incomplete: the connection broke
// unnoticed.
func cutShort(body []byte) error {
	var whole json.RawMessage
	if err := json.NewDecoder(bytes.NewReader(body)).Decode(&whole); errors.Is(err, io.ErrUnexpectedEOF) {
		return io.ErrUnexpectedEOF
	}
	return nil
}

// registryKinds are the sentinels of the types in Sinch's error registry,
// https://developers.sinch.com/docs/errors/registry. The status of an error is the last part of its type.
var registryKinds = map[string]error{
	"validation-error":     ErrBadRequest,
	"invalid-credentials":  ErrUnauthorized,
	"access-token-expired": ErrUnauthorized,
	"permission-denied":    ErrForbidden,
	"not-found":            ErrNotFound,
	"too-many-requests":    ErrRateLimited,
}

// isOfRegistry reports whether target is the sentinel of the type of an error whose HTTP status has no sentinel.
func (e *Error) isOfRegistry(target error) bool {
	kind, found := registryKinds[e.Status]
	if !found || !errors.Is(target, kind) {
		return false
	}
	plain := &Error{StatusCode: e.StatusCode}
	return !slices.ContainsFunc([]error{
		ErrBadRequest, ErrUnauthorized, ErrForbidden, ErrNotFound, ErrConflict, ErrRateLimited, ErrUnavailable,
	}, plain.Is)
}

// isRegistryError reports whether an object has the form of the error registry, which is that of RFC 9457.
func isRegistryError(object jsonObject) bool {
	return object.text("message") == "" &&
		(object.text("title") != "" || object.text("type") != "" && (object.text("detail") != "" || object.list("errors") != nil))
}

// parseRegistryError decodes the form of the error registry. The message is the title and the detail, then the pointer to
// each invalid field of the request and what is wrong with it.
func parseRegistryError(failed *Error, object jsonObject) {
	if kind := object.text("type"); kind != "" && kind != "about:blank" { // which means none, in RFC 9457
		failed.Status = path.Base(kind)
	}
	failed.Details = object.list("errors")
	parts := []string{joinNonEmpty(": ", object.text("title"), object.text("detail"))}
	for _, item := range failed.Details {
		var field jsonObject
		_ = json.Unmarshal(item, &field)
		parts = append(parts, joinNonEmpty(" ", field.text("pointer"), field.text("detail")))
	}
	failed.Message = joinNonEmpty("; ", parts...)
}

func joinNonEmpty(separator string, parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, isBlank), separator)
}

// retryInfo returns the wait that a google.rpc.RetryInfo in the details asks for, in whole seconds, or 0.
func retryInfo(details []json.RawMessage) time.Duration {
	for _, detail := range details {
		var object jsonObject
		_ = json.Unmarshal(detail, &object)
		if !strings.HasSuffix(object.text("@type"), "google.rpc.RetryInfo") {
			continue
		}
		wait, _ := time.ParseDuration(cmp.Or(object.text("retryDelay"), object.text("retry_delay")))
		wait = min(wait, math.MaxInt64-time.Second)
		return max(0, (wait + time.Second - 1).Truncate(time.Second))
	}
	return 0
}
