package conversation

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// escapeSegment makes an id one segment of a path. A colon is escaped too, so that an id can never end in what the API
// reads as a verb, such as ":stop".
func escapeSegment(id string) string {
	return strings.ReplaceAll(url.PathEscape(id), ":", "%3A")
}

// segmentProblem says why an id cannot be a segment of a path.
func segmentProblem(id string) string {
	switch strings.TrimSpace(id) {
	case "":
		return "is empty"
	case ".", "..":
		return "is a dot segment, which would lead to another path"
	}
	return ""
}

// segment makes an id one segment of a path, or refuses it by the name of its field.
func segment(op operation, field, id string) (string, error) {
	if problem := segmentProblem(id); problem != "" {
		return "", refuse(op, field, problem)
	}
	return escapeSegment(id), nil
}

// resource gives the path of one resource of the project, such as messages/{message_id}.
func (c *Client) resource(op operation, collection, field, id string) (string, error) {
	last, err := segment(op, field, id)
	return c.projectPath + "/" + collection + "/" + last, err
}

// queryFlag writes a flag for a query; nil is left out.
func queryFlag(flag *bool) string {
	if flag == nil {
		return ""
	}
	return strconv.FormatBool(*flag)
}

// queryTime writes a time for a query; the zero time is left out.
func queryTime(moment Time) string {
	if moment.IsZero() {
		return ""
	}
	return moment.UTC().Format(time.RFC3339Nano)
}

// queryOf encodes a query; an empty value is left out.
func queryOf(values map[string]string) string {
	query := make(url.Values, len(values))
	for name, value := range values {
		if value != "" {
			query.Set(name, value)
		}
	}
	return query.Encode()
}

// freePath checks a path that the caller of [Client.Do] wrote.
func (c *Client) freePath(path string) (*url.URL, error) {
	parsed, err := url.Parse(strings.ReplaceAll(path, "{project_id}", escapeSegment(c.projectID)))
	var problem string
	switch {
	case !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//"):
		problem = "must begin with one slash: it goes below the base URL"
	case err != nil || parsed.Host != "" || strings.Contains(parsed.RawQuery, " "):
		problem = "is not escaped: use url.PathEscape for ids and url.Values for a query"
	case parsed.Fragment != "":
		problem = "must hold no fragment"
	case hasDotSegment(parsed.Path):
		problem = "holds a dot segment, which would lead to another path"
	default:
		return parsed, nil
	}
	return nil, &ArgumentError{Operation: "Do", Field: "path", Reason: problem}
}

func hasDotSegment(path string) bool {
	for segment := range strings.SplitSeq(path, "/") {
		if segment == "." || segment == ".." {
			return true
		}
	}
	return false
}

// validToken reports whether a text is a token as RFC 9110 defines it: the form of methods and header names.
func validToken(text string) bool {
	if text == "" {
		return false
	}
	for _, char := range text {
		isAlnum := char >= '0' && char <= '9' || char >= 'a' && char <= 'z' || char >= 'A' && char <= 'Z'
		if !isAlnum && !strings.ContainsRune("!#$%&'*+-.^_`|~", char) {
			return false
		}
	}
	return true
}

// validHeaderValue reports whether a text can be the value of a header.
func validHeaderValue(value string) bool {
	for i := range len(value) {
		if value[i] < ' ' && value[i] != '\t' || value[i] == 0x7f {
			return false
		}
	}
	return true
}

// classOfMethod is the class of a call that is known by its HTTP method alone.
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
