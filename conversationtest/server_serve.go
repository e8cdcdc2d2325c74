package conversationtest

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"strconv"
	"time"
)

const (
	maxRequestBytes = 1 << 20
	maxBatchBytes   = 16 << 20 // A batch has the parameters and metadata of a thousand people.
)

// maxBytes returns how large the body of a request to a path may be.
func maxBytes(path string) int64 {
	if isBatch(path) {
		return maxBatchBytes
	}
	return maxRequestBytes
}

// serve answers a request that came over a socket.
func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	if s.control != nil && isControl(r) {
		s.control.ServeHTTP(w, r)
		return
	}
	connected := r.Header.Get(connectedHeader) != ""
	r.Header.Del(connectedHeader)
	r.Body = http.MaxBytesReader(w, r.Body, maxBytes(r.URL.Path))
	s.attend(&socketPeer{ResponseWriter: w, server: s, request: r}, r, connected)
}

// attend answers every request, or fails it with the fault that happens to it. It records the answer before it sends it,
// so that a client with an answer finds all about its request in the ledger. To a client that is connected no fault of
// connecting happens.
func (s *Server) attend(p peer, r *http.Request, connected bool) {
	if !s.tasks.Begin() {
		p.cut(false)
		return
	}
	defer s.tasks.End()
	if r.Method == http.MethodHead && r.URL.Path == "/" { // Client.Warm connects by it. It is not a call.
		p.WriteHeader(http.StatusNotFound)
		return
	}
	c := s.newCall(r)
	fault := c.state.faults.meet(c.route, connected)
	c.body, c.bodyErr = fault.read(r)
	c.entry = newRequest(c, fault)
	c.number = c.state.ledger.arrived(c.entry)
	defer s.observed(c)

	var answer reply
	switch {
	case fault.Kind.isSilent() && !fault.Kind.isAccepted():
	case fault.Kind.answersItself():
		answer = s.faultReply(fault, c)
	default:
		if fault.Kind == FaultRevokeTokens {
			c.state.tokens.revoke()
		}
		handled := s.answer(c) //nolint:contextcheck // The call holds the request with its context.
		c.accepted = handled.status == http.StatusOK
		answer = s.spoil(fault, c, handled)
	}
	s.deliver(r.Context(), p, c, fault, answer)
}

// deliver sends an answer after its delay, as far as the fault allows.
func (s *Server) deliver(ctx context.Context, p peer, c *call, fault Fault, answer reply) {
	sent := fault.sentPart(answer.body)
	c.state.ledger.handled(c, sent)
	inTime := s.tasks.Pause(ctx, c.state.clock, fault.Delay+s.latency(c))
	if fault.Kind.isHanging() {
		s.tasks.Hang(ctx)
	}
	if !inTime || fault.Kind.isSilent() {
		c.state.ledger.note(c.entry, func(r *Request) { r.over = true })
		p.cut(fault.Graceful)
		return
	}
	c.state.ledger.note(c.entry, func(r *Request) { r.Status, r.Duration, r.over = answer.status, time.Since(c.began), true })
	maps.Copy(p.Header(), answer.header)
	if answer.header.Get("Content-Type") == "" {
		p.Header().Set("Content-Type", "application/json")
	}
	now := c.state.clock.Now()
	p.Header().Set("Date", now.UTC().Format(http.TimeFormat))
	p.Header().Set("X-Request-Id", c.state.ids.next(now))
	p.Header().Set("Content-Length", strconv.Itoa(len(answer.body)))
	p.WriteHeader(answer.status)
	_, _ = p.Write(sent) // It fails if the client has left.
	switch fault.Kind {
	case FaultStall:
		p.stall()
	case FaultTruncatedBody:
		p.cut(true) // A reset could overtake the half that was sent.
	}
}

// latency returns how long the answer takes. The token endpoint has no latency.
func (s *Server) latency(c *call) time.Duration {
	if c.isToken() {
		return 0
	}
	return s.config.Latency
}

func (s *Server) answer(c *call) reply {
	if c.isToken() {
		return s.answerToken(c)
	}
	result, err := s.answerAPI(c)
	if failure, ok := errors.AsType[*apiError](err); ok && failure.problems != nil {
		c.state.ledger.note(c.entry, func(r *Request) { r.Violation = violationOf(failure.problems) })
	}
	if err != nil {
		return c.errorReply(err)
	}
	return jsonReply(http.StatusOK, result)
}

func (s *Server) answerAPI(c *call) (any, error) {
	projectID, err := s.authenticate(c)
	if err != nil {
		return nil, err
	}
	if c.unroutable != nil {
		return nil, c.unroutable
	}
	if c.project.id != projectID {
		return nil, c.forbidden()
	}
	if err := c.project.checkRate(); err != nil {
		return nil, err
	}
	if err := checkBody(c.bodyErr); err != nil {
		return nil, err
	}
	if err := s.config.Contract.check(c); err != nil {
		return nil, err
	}
	c.project.cleanUp(c.project.now())
	c.project.runBatches(c.project.now()) // Config.Clock may have moved.
	return c.route.handler(c.project, c)
}

func checkBody(err error) error {
	if tooLarge, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return &apiError{
			status:  http.StatusRequestEntityTooLarge,
			message: fmt.Sprintf("the request body is larger than %d MiB", tooLarge.Limit>>20),
		}
	}
	if err != nil {
		return invalidArgument("the request body ended early")
	}
	return nil
}
