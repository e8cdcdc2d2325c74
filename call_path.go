package conversation

import (
	"context"
	"net/http"
	"net/url"
	"reflect"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/sinchgo/conversation/internal/wire"
)

// ids are the values of a route's placeholders after {project_id}, in order.
type ids [2]string

// path returns the route of an operation with its placeholders filled in, escaped. If a value cannot be a segment, it
// returns an [*ArgumentError] that names the placeholder.
func (c *Client) path(op operation, values ids) (string, error) {
	var path strings.Builder
	path.Grow(len(op.route) + len(c.projectID) + len(values[0]) + len(values[1]))
	rest := op.route
	for next := 0; ; {
		literal, after, found := strings.Cut(rest, "{")
		path.WriteString(literal)
		if !found {
			return path.String(), nil
		}
		placeholder, remainder, _ := strings.Cut(after, "}")
		rest = remainder
		value := c.projectID
		if placeholder != "project_id" {
			value = values[next]
			next++
		}
		if problem := wire.SegmentProblem(value); problem != "" {
			return "", refuse(op, placeholder, problem)
		}
		path.WriteString(wire.EscapeSegment(value))
	}
}

// queryFlag formats a flag for a query. It returns "" for nil.
func queryFlag(flag *bool) string {
	if flag == nil {
		return ""
	}
	return strconv.FormatBool(*flag)
}

// queryTime formats a time for a query. It returns "" for the zero time.
func queryTime(moment Time) string {
	if moment.IsZero() {
		return ""
	}
	return moment.UTC().Format(time.RFC3339Nano)
}

// queryOf encodes a query without its empty values.
func queryOf(values map[string]string) string {
	query := make(url.Values, len(values))
	for name, value := range values {
		if value != "" {
			query.Set(name, value)
		}
	}
	return query.Encode()
}

// checkQuery rejects a parameter that is not UTF-8.
func checkQuery(op operation, query string) error {
	for parameter := range strings.SplitSeq(query, "&") {
		name, value, _ := strings.Cut(parameter, "=")
		text, err := url.QueryUnescape(value)
		if problem := wire.TextProblem(text); err == nil && problem != "" {
			return refuse(op, name, problem)
		}
	}
	return nil
}

// freeRoute is the route of [Client.Do].
const freeRoute = "(free)"

// Do makes a call that this package has no method for. The path begins with a slash, is relative to the base URL, may have
// a query, and must be escaped; "{project_id}" in it is replaced with the client's project. A non-nil in is sent as JSON. The
// reply is decoded into out, a pointer, unless out is nil. Numbers become [json.Number] where out holds anything, as
// map[string]any does.
//
// GET, HEAD, PUT, PATCH and DELETE are retried like idempotent calls, other methods like sends. Do returns the same errors
// as every method.
func (c *Client) Do(ctx context.Context, method, path string, in, out any, opts ...RequestOption) error {
	op := operation{name: "Do", method: method, route: freeRoute, class: classOfMethod(method)}
	target, err := c.freePath(path)
	switch {
	case err != nil:
	case !wire.ValidToken(method):
		err = refuse(op, "method", "is not an HTTP method: use http.MethodGet and the like")
	case out != nil && (reflect.TypeOf(out).Kind() != reflect.Pointer || reflect.ValueOf(out).IsNil()):
		err = refuse(op, "out", "is not a pointer that a reply can be decoded into: pass the address of a value, or nil")
	}
	if !wire.ValidToken(method) {
		op.method = "" // it is shown to observers
	}
	if err != nil {
		return c.rejected(ctx, op, err, opts)
	}
	return c.do(ctx, &call{operation: op, path: target.EscapedPath(), query: target.RawQuery, in: in, out: out}, opts)
}

// freePath parses the path of [Client.Do].
func (c *Client) freePath(path string) (*url.URL, error) {
	parsed, err := url.Parse(strings.ReplaceAll(path, "{project_id}", wire.EscapeSegment(c.projectID)))
	var problem string
	switch {
	case !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//"):
		problem = "must begin with one slash: it is relative to the base URL"
	case !utf8.ValidString(path):
		problem = wire.TextProblem(path)
	case err != nil || parsed.Host != "" || strings.Contains(parsed.RawQuery, " "):
		problem = "is not escaped: use url.PathEscape for ids and url.Values for a query"
	case parsed.Fragment != "":
		problem = "must not have a fragment"
	case wire.HasDotSegment(parsed.Path):
		problem = "holds a dot segment, which would lead to another path"
	default:
		return parsed, nil
	}
	return nil, &ArgumentError{Operation: "Do", Field: "path", Reason: problem}
}

// classOfMethod returns the class of a call of which only the HTTP method is known.
func classOfMethod(method string) class {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodOptions:
		return classReadOnly
	case http.MethodPut, http.MethodPatch, http.MethodDelete:
		return classIdempotent
	default:
		return classNotIdempotent
	}
}
