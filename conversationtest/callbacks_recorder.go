package conversationtest

import (
	"errors"
	"fmt"
	"net/http"
)

var errEnded = errors.New("the handler ended its goroutine")

// recorder is the ResponseWriter of a handler in this process. It keeps only the status.
type recorder struct {
	header   http.Header
	status   int
	returned bool
	panicked any
}

func (r *recorder) Header() http.Header { return r.header }

func (r *recorder) Write(data []byte) (int, error) {
	r.WriteHeader(http.StatusOK)
	return len(data), nil
}

// WriteHeader keeps the first status. Informational ones, such as 103, are ignored.
func (r *recorder) WriteHeader(status int) {
	if r.status == 0 && status >= 200 {
		r.status = status
	}
}

// result returns the status. It is 500 for a handler that panics or ends its goroutine, as t.FailNow does.
func (r *recorder) result() (int, error) {
	switch {
	case r.panicked != nil:
		return http.StatusInternalServerError, fmt.Errorf("the handler panicked: %v", r.panicked)
	case !r.returned:
		return http.StatusInternalServerError, errEnded
	case r.status == 0:
		return http.StatusOK, nil
	default:
		return r.status, nil
	}
}
