package conversationtest

import (
	"encoding/json"
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

	// Body is the JSON that the client sent, byte for byte. For a message of a batch, it is that of a send of its own.
	Body json.RawMessage

	// BatchID is the id of the batch that the message belongs to, and MessageIndex is the place of its recipient in the batch.
	// Empty and 0 for a message of a send.
	BatchID      string
	MessageIndex int
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

// Sent returns the messages that the server accepted, oldest first. A message that was sent twice is in it twice.
func (s *Server) Sent() []SentMessage { return s.current().ledger.sentMessages() }

// SentEvents returns the events that the server accepted, oldest first.
func (s *Server) SentEvents() []SentEvent { return s.current().ledger.sentEvents() }

// Requests returns every request that arrived, oldest first, including those to the token endpoint. It leaves out the HEAD
// requests by which Client.Warm connects: they are not calls.
func (s *Server) Requests() []Request { return s.current().ledger.allRequests() }

// ledger records requests, and the messages, events and batches that were accepted.
type ledger struct {
	mu       sync.Mutex
	sent     history[SentMessage]
	events   history[SentEvent]
	batches  history[SentBatch]
	requests history[Request]
}

// newLedger returns a ledger that keeps limit entries of each kind, or all if it is 0.
func newLedger(limit int) *ledger {
	return &ledger{
		sent:     history[SentMessage]{limit: limit},
		events:   history[SentEvent]{limit: limit},
		batches:  history[SentBatch]{limit: limit},
		requests: history[Request]{limit: limit},
	}
}

func (l *ledger) accepted(sent SentMessage) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.sent.add(&sent, len(sent.Body))
}

func (l *ledger) acceptedEvent(sent SentEvent) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.events.add(&sent, len(sent.Body))
}

// arrived records a request, and returns its number.
func (l *ledger) arrived(request *Request) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.requests.add(request, len(request.Body))
}

// handled records what came of a request before its answer is sent. The body is the part of the answer that is sent.
func (l *ledger) handled(c *call, body []byte) {
	l.mu.Lock()
	defer l.mu.Unlock()
	c.entry.Accepted, c.entry.MessageID = c.accepted, c.messageID
	if c.isToken() {
		return
	}
	c.entry.Response = firstBytes(body, maxResponseBytes)
	l.requests.resize(c.number, c.entry.size())
}

// note changes a request that was recorded, and returns a copy of it.
func (l *ledger) note(request *Request, change func(*Request)) Request {
	l.mu.Lock()
	defer l.mu.Unlock()
	change(request)
	return *request
}

func (l *ledger) sentMessages() []SentMessage {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.sent.all()
}

func (l *ledger) sentEvents() []SentEvent {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.events.all()
}

func (l *ledger) allRequests() []Request {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.requests.all()
}

func (l *ledger) requestsAfter(number int) []numbered[Request] {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.requests.after(number)
}
