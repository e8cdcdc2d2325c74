package conversationtest

import (
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"strconv"
	"time"
)

const maxRequestBytes = 1 << 20

// reply is an answer that is complete before its first byte is written.
type reply struct {
	status int
	header http.Header
	body   []byte
}

// serve answers a request that came over a socket.
func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	connected := r.Header.Get(connectedHeader) != ""
	r.Header.Del(connectedHeader)
	r.Body = http.MaxBytesReader(w, r.Body, maxRequestBytes)
	s.attend(&socketPeer{ResponseWriter: w, server: s, request: r}, r, connected)
}

// attend answers every request, or lets the fault happen that it meets. It records the answer before it leaves, so that
// a client that has it finds all about the request in the ledger. A client that is connected has met the faults of
// connecting already.
func (s *Server) attend(p peer, r *http.Request, connected bool) {
	if !s.tasks.begin() {
		p.cut(false)
		return
	}
	defer s.tasks.end()
	began := time.Now()
	fault := s.faults.meet(r, connected)
	body, err := fault.read(r)
	number := s.ledger.arrived(r, body)
	defer s.observed(number, began)

	var answer reply
	switch {
	case fault.Kind.isSilent() && !fault.Kind.isAccepted():
	case fault.Kind.answersItself():
		answer = s.faultReply(fault, r)
	default:
		if fault.Kind == FaultRevokeTokens {
			s.RevokeTokens()
		}
		answer = s.spoil(fault, r, s.answer(r, body, err))
	}
	s.deliver(p, r, fault, answer, number)
}

// deliver sends an answer, as far as the fault lets it, after the time that it takes.
func (s *Server) deliver(p peer, r *http.Request, fault Fault, answer reply, number int) {
	inTime := s.tasks.pause(r.Context(), fault.Delay+s.latency(r))
	if fault.Kind.isHanging() {
		s.tasks.hang(r.Context())
	}
	if !inTime || fault.Kind.isSilent() {
		p.cut(fault.Graceful)
		return
	}
	s.ledger.answered(number, answer.status)
	maps.Copy(p.Header(), answer.header)
	if answer.header.Get("Content-Type") == "" {
		p.Header().Set("Content-Type", "application/json")
	}
	now := s.config.Clock()
	p.Header().Set("Date", now.UTC().Format(http.TimeFormat))
	p.Header().Set("X-Request-Id", s.ids.next(now))
	p.Header().Set("Content-Length", strconv.Itoa(len(answer.body)))
	p.WriteHeader(answer.status)
	if fault.Kind != FaultTruncatedBody && fault.Kind != FaultStall {
		_, _ = p.Write(answer.body) // A client that left is no failure of the server.
		return
	}
	_, _ = p.Write(answer.body[:len(answer.body)/2])
	if fault.Kind == FaultStall {
		p.stall()
		return
	}
	p.cut(true) // A reset could overtake the half that was sent.
}

// latency is how long the answer takes. Only answers of the API have one.
func (s *Server) latency(r *http.Request) time.Duration {
	if r.URL.Path == tokenPath {
		return 0
	}
	return s.config.Latency
}

func (s *Server) answer(r *http.Request, body []byte, bodyErr error) reply {
	if r.URL.Path == tokenPath {
		return s.answerToken(r, body)
	}
	result, err := s.answerAPI(r, body, bodyErr)
	if err != nil {
		return errorReply(err)
	}
	return jsonReply(http.StatusOK, result)
}

func (s *Server) answerAPI(r *http.Request, body []byte, bodyErr error) (any, error) {
	projectID, err := s.authenticate(r)
	if err != nil {
		return nil, err
	}
	call, err := s.route(r.Method, r.URL)
	if err != nil {
		return nil, err
	}
	if call.project.id != projectID {
		return nil, forbidden(call.project.id)
	}
	if err := checkBody(bodyErr); err != nil {
		return nil, err
	}
	if err := s.config.Contract.check(r, body); err != nil {
		return nil, err
	}
	call.body = body
	return call.handler(call.project, call)
}

func checkBody(err error) error {
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return &apiError{
			status:  http.StatusRequestEntityTooLarge,
			message: "the request body is larger than 1 MiB",
		}
	}
	if err != nil {
		return invalidArgument("the request body ended early")
	}
	return nil
}

func errorReply(err error) reply {
	failure, ok := errors.AsType[*apiError](err)
	if !ok {
		failure = &apiError{status: http.StatusInternalServerError, message: err.Error()}
	}
	answer := jsonReply(failure.status, newErrorBody(failure.status, failure.message))
	answer.header = failure.header
	return answer
}

func jsonReply(status int, body any) reply {
	encoded, err := json.Marshal(body)
	if err != nil {
		return errorReply(err) // An error body always encodes.
	}
	return reply{status: status, body: encoded}
}
