package conversationtest

import (
	"bytes"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Request is a request that arrived at the server. Its header, body and violation are shared: do not modify them.
type Request struct {
	// Method is the HTTP method.
	Method string

	// Path is the path of the URL, escaped as the client sent it.
	Path string

	// Query holds the query parameters.
	Query url.Values

	// Header holds the headers. Only the scheme of Authorization is kept.
	Header http.Header

	// Body is the body, up to 1 MiB.
	Body []byte

	// Response is the body that the client received, or would have received if the connection had not broken, up to 64 KiB.
	// It is nil without an answer, and for the token endpoint, whose answers hold tokens. If an answer was cut short, it is
	// what was sent.
	Response []byte

	// Status is the status code of the answer, 0 while there is none.
	Status int

	// Operation is the name of the operation in the SDK, such as "Messages.Send". It is "token" for the token endpoint, and
	// empty if there is no such operation.
	Operation string

	// Time is when the request arrived, by Config.Clock.
	Time time.Time

	// Duration is the time until the answer was sent, 0 while there is none.
	Duration time.Duration

	// Violation is why the request was answered with 400: the first field that breaks the contract. It is nil if the
	// request keeps the contract.
	Violation *Violation

	// Fault is the kind of the fault that happened to the request, 0 if there was none.
	Fault FaultKind

	// Accepted reports whether the server has handled the request with success. A fault may hide that from the client.
	Accepted bool

	// MessageID is the id of the message that an accepted "Messages.Send" has sent, also if the client did not receive it.
	MessageID string

	over bool // Whether the answer was sent, or there is none.
}

// maxResponseBytes is how much of the body of an answer is kept.
const maxResponseBytes = 64 << 10

// size returns the size of the bodies, in bytes.
func (r *Request) size() int { return len(r.Body) + len(r.Response) }

// firstBytes returns a body up to a limit. It does not keep the rest in memory.
func firstBytes(body []byte, limit int) []byte {
	if len(body) <= limit {
		return body
	}
	return bytes.Clone(body[:limit])
}

// Violation is a field of a request that breaks the contract.
type Violation struct {
	// Field is the path of the field, such as "message.text_message.text". It is "the request" if no field is concerned.
	Field string `json:"field"`

	// Reason describes what is wrong with it.
	Reason string `json:"reason"`
}

// newRequest returns the entry of a call that has arrived.
func newRequest(c *call, fault Fault) *Request {
	request := &Request{
		Method: c.request.Method,
		Path:   c.path,
		Query:  c.request.URL.Query(),
		Header: redact(c.request.Header),
		Body:   c.body,
		Time:   c.state.clock.Now(),
		Fault:  fault.Kind,
	}
	if c.route != nil {
		request.Operation = c.route.operation
	}
	return request
}

func redact(header http.Header) http.Header {
	redacted := header.Clone()
	for i, value := range redacted["Authorization"] {
		scheme, _, _ := strings.Cut(value, " ")
		redacted["Authorization"][i] = scheme + " [redacted]"
	}
	return redacted
}

// violationOf returns the first of the problems of a request. Each begins with the path of its field.
func violationOf(problems []string) *Violation {
	if len(problems) == 0 {
		return nil
	}
	field, reason, ok := strings.Cut(problems[0], ": ")
	if !ok {
		return &Violation{Field: "the request", Reason: problems[0]}
	}
	return &Violation{Field: field, Reason: reason}
}

// observed publishes a request that is over, and calls Config.OnRequest.
func (s *Server) observed(c *call) {
	request := c.state.ledger.note(c.entry, func(*Request) {})
	c.state.publisher.publish(feedRequest, numberedRequest{c.number, request}, request.size())
	if s.config.OnRequest != nil {
		s.config.OnRequest(request, time.Since(c.began))
	}
}
