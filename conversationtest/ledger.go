package conversationtest

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/sinchgo/conversation"
)

// SentMessage is a message that the server accepted. Its pointers are shared: do not modify what they point to.
type SentMessage struct {
	// MessageID is the id of the message.
	MessageID string

	// Request is the request of the client. It is the same for both dialects.
	Request conversation.SendMessageRequest

	// AcceptedTime is when the server accepted the message.
	AcceptedTime time.Time

	// Body is the JSON that the client sent, byte for byte.
	Body json.RawMessage
}

// SentEvent is an event that the server accepted. Its pointers are shared: do not modify what they point to.
type SentEvent struct {
	// EventID is the id of the event.
	EventID string

	// Request is the request of the client, with the fields that the SDK knows. Body has all of them.
	Request conversation.SendEventRequest

	// AcceptedTime is when the server accepted the event.
	AcceptedTime time.Time

	// Body is the JSON that the client sent, byte for byte.
	Body json.RawMessage
}

// Request is a request that arrived at the server. Its header and body are shared: do not modify them.
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

	// Status is the status code of the answer, 0 while there is none.
	Status int
}

// Sent returns the messages that the server accepted, oldest first. A message that was sent twice is in it twice.
func (s *Server) Sent() []SentMessage { return s.current().ledger.sentMessages() }

// SentEvents returns the events that the server accepted, oldest first.
func (s *Server) SentEvents() []SentEvent { return s.current().ledger.sentEvents() }

// Requests returns every request that arrived, oldest first, including those to the token endpoint.
func (s *Server) Requests() []Request { return s.current().ledger.allRequests() }

// ledger records requests, and the messages and events that were accepted.
type ledger struct {
	mu       sync.Mutex
	sent     []SentMessage
	events   []SentEvent
	requests []Request
}

func (l *ledger) accepted(sent SentMessage) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.sent = append(l.sent, sent)
}

func (l *ledger) acceptedEvent(sent SentEvent) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.events = append(l.events, sent)
}

// arrived records a request and returns its number, for answered.
func (l *ledger) arrived(r *http.Request, body []byte) int {
	request := Request{
		Method: r.Method,
		Path:   r.URL.EscapedPath(),
		Query:  r.URL.Query(),
		Header: redact(r.Header),
		Body:   body,
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.requests = append(l.requests, request)
	return len(l.requests) - 1
}

func (l *ledger) answered(number, status int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.requests[number].Status = status
}

func (l *ledger) sentMessages() []SentMessage {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.sent)
}

func (l *ledger) sentEvents() []SentEvent {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.events)
}

func (l *ledger) allRequests() []Request {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.requests)
}

func redact(header http.Header) http.Header {
	redacted := header.Clone()
	for i, value := range redacted["Authorization"] {
		scheme, _, _ := strings.Cut(value, " ")
		redacted["Authorization"][i] = scheme + " [redacted]"
	}
	return redacted
}

// observed calls Config.OnRequest after a request.
func (s *Server) observed(c *call, since time.Time) {
	if s.config.OnRequest != nil {
		s.config.OnRequest(c.state.ledger.request(c.number), time.Since(since))
	}
}

func (l *ledger) request(number int) Request {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.requests[number]
}
