package conversationtest

import (
	"fmt"
	"strconv"
	"time"
)

// Fault is something that goes wrong, and the requests that it happens to. Only Kind must be set.
//
// A request meets one fault at most: the first, in the order of the calls of [Server.Fault], that happens to it. Those
// of connecting come before the others.
type Fault struct {
	// Kind is what goes wrong.
	Kind FaultKind

	// Operation is what it happens to: an operation by its name in the SDK, such as "Messages.Send", or by its route, such
	// as "POST messages:send" or "GET messages/{message_id}"; or "token", the token endpoint. Empty: every request but
	// those to the token endpoint. FaultTokenEndpointDown needs none.
	Operation string

	// Skip is the number of requests that it leaves alone before the first one that it can happen to.
	Skip int

	// Times is how often it happens. Zero: until it is removed.
	Times int

	// Probability is how likely it is to happen to a request, above 0 and up to 1. Zero: it happens to every request.
	// The same Seed lets it happen to the same requests, counted in the order in which they arrive.
	Probability float64
	Seed        uint64

	// Delay is the time that passes before the failure or the answer.
	Delay time.Duration

	// Graceful closes the connection in order, where it would be reset. The client sees io.EOF.
	Graceful bool

	// Status is the status code of the faults that answer. Zero: the one that belongs to the kind.
	Status int

	// Body is the body of the faults that answer. Empty: the platform's error body, or what belongs to the kind.
	Body string

	// RetryAfter is the Retry-After header of FaultRateLimit and of other answers that have one: a number of seconds, or
	// any text. Empty: there is none.
	RetryAfter string

	// RetryAfterDate sends the number of seconds in RetryAfter as a date, counted from the time of the answer.
	RetryAfterDate bool

	// Location is where FaultRedirect points to. Empty: another port of the same host.
	Location string
}

// ActiveFault is a fault of a server.
type ActiveFault struct {
	faults *faults
	state  *faultState
}

// Hits is how often the fault has happened.
func (f *ActiveFault) Hits() int { return f.faults.hitsOf(f.state) }

// Remove ends the fault. Requests that it is happening to are not spared.
func (f *ActiveFault) Remove() { f.faults.remove(f.state) }

// Fault lets something go wrong from now on:
//
//	srv.Fault(conversationtest.Fault{Kind: conversationtest.FaultDropAfterAccept, Operation: "Messages.Send", Times: 1})
//
// It panics when the Fault makes no sense. The result counts how often the fault happens, and removes it.
func (s *Server) Fault(f Fault) *ActiveFault {
	if problem := f.problem(); problem != "" {
		panic("conversationtest: Fault." + problem)
	}
	return &ActiveFault{faults: s.faults, state: s.faults.add(f)}
}

// FaultHits is how often faults of any kind have happened, removed ones included.
func (s *Server) FaultHits() int { return s.faults.total() }

// ClearFaults removes all faults.
func (s *Server) ClearFaults() { s.faults.clear() }

// problem describes why the Fault is not valid. It is empty for a valid one.
func (f Fault) problem() string {
	switch {
	case !f.Kind.known():
		return fmt.Sprintf("Kind: %d is none: it must be set, to FaultReset for example", int(f.Kind))
	case !isOperation(f.Operation):
		return fmt.Sprintf("Operation: %q is not known: give its name in the SDK, such as \"Messages.Send\", "+
			"its route, such as \"POST messages:send\", or \"token\"", f.Operation)
	case f.Kind == FaultTokenEndpointDown && f.Operation != "" && f.Operation != tokenRoute.operation:
		return fmt.Sprintf("Operation: %s does not happen to %q: use FaultStatus", f.Kind, f.Operation)
	case f.Skip < 0 || f.Times < 0 || f.Delay < 0:
		return "Skip, Times and Delay must not be below zero"
	case !(f.Probability >= 0 && f.Probability <= 1): // False for NaN too.
		return fmt.Sprintf("Probability: %v is not from 0 to 1", f.Probability)
	case f.Status != 0 && (f.Status < 200 || f.Status > 599):
		return fmt.Sprintf("Status: %d is not from 200 to 599", f.Status)
	}
	if _, err := strconv.Atoi(f.RetryAfter); f.RetryAfterDate && err != nil {
		return fmt.Sprintf("RetryAfter: %q must be a number of seconds for RetryAfterDate", f.RetryAfter)
	}
	return ""
}
