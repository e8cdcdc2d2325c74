package conversationtest

import (
	"encoding/json"
	"errors"
	"net/http"
)

// reply is an answer that is complete before its first byte is written.
type reply struct {
	status int
	header http.Header
	body   []byte
}

// errorReply returns the answer for an error, in the form of the API that was called.
func (c *call) errorReply(err error) reply {
	failure, ok := errors.AsType[*apiError](err)
	if !ok {
		failure = &apiError{status: http.StatusInternalServerError, message: err.Error()}
	}
	answer := jsonReply(failure.status, c.errorBody(failure.status, failure.message))
	answer.header = failure.header
	return answer
}

// errorBody returns the JSON of a failure. The Batch API does not wrap it.
func (c *call) errorBody(status int, message string) any {
	body := newErrorBody(status, message)
	if c.batch {
		return body.Error
	}
	return body
}

func jsonReply(status int, body any) reply {
	encoded, err := json.Marshal(body)
	if err != nil {
		return new(call).errorReply(err) // An error body can always be encoded.
	}
	return reply{status: status, body: encoded}
}
