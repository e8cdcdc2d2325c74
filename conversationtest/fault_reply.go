package conversationtest

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"io"
	"net"
	"net/http"
	"strconv"
	"time"
)

// read reads the body of a request, as far as the fault allows.
func (f Fault) read(r *http.Request) ([]byte, error) {
	switch f.Kind {
	case FaultReset:
		if f.Graceful {
			_, _ = io.Copy(io.Discard, r.Body) // An unread body would turn the close into a reset.
		}
		return nil, nil
	case FaultResetMidRequest:
		return io.ReadAll(io.LimitReader(r.Body, max(r.ContentLength, 0)/2))
	default:
		return io.ReadAll(r.Body)
	}
}

// faultReply returns the answer of a fault that answers in place of the server.
func (s *Server) faultReply(f Fault, c *call) reply {
	switch f.Kind {
	case FaultRateLimit:
		return s.faultStatus(f, c, http.StatusTooManyRequests, "Too many requests")
	case FaultHTML:
		answer := s.faultStatus(f, c, http.StatusBadGateway, "")
		answer.header.Set("Content-Type", "text/html; charset=utf-8")
		answer.body = []byte(cmp.Or(f.Body, "<!DOCTYPE html><html><body><h1>Bad gateway</h1></body></html>"))
		return answer
	case FaultRedirect:
		answer := s.faultStatus(f, c, http.StatusTemporaryRedirect, "Moved")
		answer.header.Set("Location", cmp.Or(f.Location, "https://"+hostName(c.request)+":8443"+c.request.URL.RequestURI()))
		return answer
	case FaultExpiredToken:
		return c.errorReply(expiredToken(c.state.clock.Now()))
	case FaultTokenEndpointDown:
		return s.faultStatus(f, c, http.StatusServiceUnavailable, "The token endpoint is down")
	default:
		return s.faultStatus(f, c, http.StatusInternalServerError, "An error on demand")
	}
}

// faultStatus returns an answer with the fault's status, or with the given one if the fault has none.
func (*Server) faultStatus(f Fault, c *call, status int, message string) reply {
	chosen := cmp.Or(f.Status, status)
	if c.batch && chosen == http.StatusForbidden {
		message = noBatches
	}
	answer := jsonReply(chosen, c.errorBody(chosen, message))
	if c.isToken() {
		answer = refusedGrant(chosen, "temporarily_unavailable", message)
	}
	if f.Body != "" {
		answer.body = []byte(f.Body)
	}
	answer.header = http.Header{}
	if f.RetryAfter != "" {
		answer.header.Set("Retry-After", f.retryAfter(c.state.clock.Now()))
	}
	return answer
}

func (f Fault) retryAfter(now time.Time) string {
	if !f.RetryAfterDate {
		return f.RetryAfter
	}
	seconds, _ := strconv.Atoi(f.RetryAfter) // problem has checked that it is a number.
	return now.Add(time.Duration(seconds) * time.Second).UTC().Format(http.TimeFormat)
}

// sentPart returns the part of the body of an answer that is sent.
func (f Fault) sentPart(body []byte) []byte {
	if f.Kind == FaultTruncatedBody || f.Kind == FaultStall {
		return body[:len(body)/2]
	}
	return body
}

// spoil returns a good answer as the fault changes it.
func (s *Server) spoil(f Fault, c *call, good reply) reply {
	spoiled := good
	switch f.Kind {
	case FaultStatusAfterAccept:
		return s.faultStatus(f, c, http.StatusGatewayTimeout, "Deadline exceeded")
	case FaultEmptyBody:
		spoiled.body = nil
	case FaultBadJSON:
		spoiled.body = []byte(cmp.Or(f.Body, `{"this is": no JSON}`))
	case FaultCutGzip:
		spoiled.header = http.Header{"Content-Encoding": {"gzip"}}
		spoiled.body = halfGzip(good.body)
	}
	return spoiled
}

func halfGzip(body []byte) []byte {
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	_, _ = w.Write(body) // Writing to a buffer never fails.
	_ = w.Close()
	return packed.Bytes()[:packed.Len()/2]
}

// hostName returns the host of a request, without its port.
func hostName(r *http.Request) string {
	if host, _, err := net.SplitHostPort(r.Host); err == nil {
		return host
	}
	return r.Host
}
