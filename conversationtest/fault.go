package conversationtest

import (
	"fmt"
	"strconv"
	"time"
)

// Fault describes a failure to inject and the requests it applies to. Only Kind is required.
//
// At most one fault happens to a request: the first that applies, in the order of the calls of [Server.Fault]. Faults of
// connecting come before the others.
type Fault struct {
	// Kind is the kind of failure.
	Kind FaultKind

	// Operation restricts the fault to one operation: by its name in the SDK, such as "Messages.Send", by its method and
	// path, such as "POST messages:send" or "GET messages/{message_id}", or "token" for the token endpoint. Empty: every
	// request except those to the token endpoint. FaultTokenEndpointDown does not need it.
	Operation string

	// Skip is the number of requests to which the fault does not happen at first.
	Skip int

	// Times is how often the fault happens. Zero: until it is removed.
	Times int

	// Probability is the probability, up to 1, that the fault happens to a request. Zero: it happens to every request. With
	// the same Seed it happens to the same requests, counted in the order in which they arrive.
	Probability float64
	Seed        uint64

	// Delay is the time before the failure or the answer.
	Delay time.Duration

	// Graceful closes the connection where it would be reset. The client receives io.EOF.
	Graceful bool

	// Status is the status code of the faults that answer. Zero: the default of the kind.
	Status int

	// Body is the body of the faults that answer. Empty: the platform's error body, or the default of the kind.
	Body string

	// RetryAfter is the Retry-After header of FaultRateLimit and the other faults that answer: a number of seconds, or any
	// string. Empty: the header is left out.
	RetryAfter string

	// RetryAfterDate sends RetryAfter as a date: the time of the answer plus that number of seconds.
	RetryAfterDate bool

	// Location is the target of FaultRedirect. Empty: another port of the same host.
	Location string
}

// ActiveFault is a fault of a server. It is created by [Server.Fault].
type ActiveFault struct {
	faults *faults
	state  *faultState
}

// Hits returns how often the fault has happened.
func (f *ActiveFault) Hits() int { return f.faults.hitsOf(f.state) }

// Remove removes the fault. Requests to which it has happened still fail.
func (f *ActiveFault) Remove() { f.faults.remove(f.state) }

// Fault injects a failure from now on:
//
//	srv.Fault(conversationtest.Fault{Kind: conversationtest.FaultDropAfterAccept, Operation: "Messages.Send", Times: 1})
//
// The result reports how often the fault has happened, and can remove it. Fault panics if f is not valid.
func (s *Server) Fault(f Fault) *ActiveFault {
	if problem := f.problem(); problem != "" {
		panic("conversationtest: Fault." + problem)
	}
	faults := s.current().faults
	return &ActiveFault{faults: faults, state: faults.add(f)}
}

// FaultHits returns how often faults of any kind have happened, including those that were removed.
func (s *Server) FaultHits() int { return s.current().faults.total() }

// ClearFaults removes all faults.
func (s *Server) ClearFaults() { _ = s.current().faults.clear() }

func (f Fault) limits() limits { return limits{f.Skip, f.Times, f.Probability, f.Seed} }

// problem describes why the Fault is not valid. It is empty for a valid one.
func (f Fault) problem() string {
	switch {
	case !f.Kind.known():
		return fmt.Sprintf("Kind: %d is not a FaultKind: set it, to FaultReset for example", int(f.Kind))
	case !isOperation(f.Operation):
		return fmt.Sprintf("Operation: %q is not known: use its name in the SDK, such as \"Messages.Send\", "+
			"its method and path, such as \"POST messages:send\", or \"token\"", f.Operation)
	case f.Kind == FaultTokenEndpointDown && f.Operation != "" && f.Operation != tokenRoute.operation:
		return fmt.Sprintf("Operation: %s does not happen to %q: use FaultStatus", f.Kind, f.Operation)
	case f.limits().problem() != "":
		return f.limits().problem()
	case f.Delay < 0:
		return negativeDelay(f.Delay)
	case f.Status != 0 && (f.Status < 200 || f.Status > 599):
		return fmt.Sprintf("Status: %d is not from 200 to 599", f.Status)
	}
	if _, err := strconv.Atoi(f.RetryAfter); f.RetryAfterDate && err != nil {
		return fmt.Sprintf("RetryAfter: %q must be a number of seconds for RetryAfterDate", f.RetryAfter)
	}
	return ""
}
