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
		return errorReply(err) // An error body can always be encoded.
	}
	return reply{status: status, body: encoded}
}
