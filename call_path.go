package conversation

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/sinchgo/conversation/internal/wire"
)

// segment returns an id as one segment of a path, or an *ArgumentError that names its field.
func segment(op operation, field, id string) (string, error) {
	if problem := wire.SegmentProblem(id); problem != "" {
		return "", refuse(op, field, problem)
	}
	return wire.EscapeSegment(id), nil
}

// resource returns the path of one resource of the project, such as messages/{message_id}.
func (c *Client) resource(op operation, collection, field, id string) (string, error) {
	last, err := segment(op, field, id)
	return c.projectPath + "/" + collection + "/" + last, err
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

// freePath parses the path of [Client.Do].
func (c *Client) freePath(path string) (*url.URL, error) {
	parsed, err := url.Parse(strings.ReplaceAll(path, "{project_id}", wire.EscapeSegment(c.projectID)))
	var problem string
	switch {
	case !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//"):
		problem = "must begin with one slash: it is relative to the base URL"
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
