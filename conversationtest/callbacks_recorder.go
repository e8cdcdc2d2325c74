package conversationtest

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
)

var errEnded = errors.New("the handler ended its goroutine")

// maxAnswer is how much of the body of an answer is kept, in bytes. Only that of a token endpoint is read.
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

// result returns the status and the body. A handler that panics or ends its goroutine, as t.FailNow does, is a 500.
func (r *recorder) result() (int, []byte, error) {
	switch {
	case r.panicked != nil:
		return http.StatusInternalServerError, nil, fmt.Errorf("the handler panicked: %v", r.panicked)
	case !r.returned:
		return http.StatusInternalServerError, nil, errEnded
	case r.status == 0:
		return http.StatusOK, r.body.Bytes(), nil
	default:
		return r.status, r.body.Bytes(), nil
	}
}
