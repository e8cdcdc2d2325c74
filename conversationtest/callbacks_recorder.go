package conversationtest

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"net/http"
)

var errEnded = errors.New("the handler ended its goroutine")

// maxAnswer is how much of the body of an answer is kept, in bytes. Only that of a token endpoint is read further than
// maxCallbackAnswer.
const maxAnswer = 64 << 10

// recorder is the ResponseWriter of a handler in this process.
type recorder struct {
	header   http.Header
	status   int
	body     bytes.Buffer
	returned bool
	panicked any
}

func (r *recorder) Header() http.Header { return r.header }

func (r *recorder) Write(data []byte) (int, error) {
	r.WriteHeader(http.StatusOK)
	r.body.Write(data[:min(len(data), maxAnswer-r.body.Len())])
	return len(data), nil
}

// WriteHeader keeps the first status. Informational ones, such as 103, are ignored.
func (r *recorder) WriteHeader(status int) {
	if r.status == 0 && status >= 200 {
		r.status = status
	}
}

// result returns the answer. A handler that panics or ends its goroutine, as t.FailNow does, is a 500.
func (r *recorder) result() (callbackAnswer, error) {
	switch {
	case r.panicked != nil:
		return callbackAnswer{status: http.StatusInternalServerError}, fmt.Errorf("the handler panicked: %v", r.panicked)
	case !r.returned:
		return callbackAnswer{status: http.StatusInternalServerError}, errEnded
	default:
		return callbackAnswer{cmp.Or(r.status, http.StatusOK), r.header.Get("Content-Type"), r.body.Bytes()}, nil
	}
}
