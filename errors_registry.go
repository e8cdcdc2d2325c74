package conversation

import (
	"cmp"
	"encoding/json"
	"errors"
	"math"
	"path"
	"slices"
	"strings"
	"time"
)

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
