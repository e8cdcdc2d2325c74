package conversationtest

import (
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
)

const maxRequestBytes = 1 << 20

// reply is an answer that is complete before its first byte is written.
type reply struct {
	status int
	header http.Header
	body   []byte
}

// serve answers every request. It records the answer before it leaves, so that a client that has it finds
// all about the request in the ledger.
func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxRequestBytes))
	number := s.ledger.arrived(r, body)
	answer := s.answer(r, body, err)
	s.ledger.answered(number, answer.status)

	maps.Copy(w.Header(), answer.header)
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("X-Request-Id", s.ids.next(s.config.Clock()))
	w.WriteHeader(answer.status)
	_, _ = w.Write(answer.body) // A client that left is no failure of the server.
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
	if err := s.authenticate(r); err != nil {
		return nil, err
	}
	call, err := s.route(r.Method, r.URL)
	if err != nil {
		return nil, err
	}
	if err := checkBody(bodyErr); err != nil {
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
