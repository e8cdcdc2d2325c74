package auth

import (
	"bytes"
	"encoding/json"
	"io"
	"math"
	"net/http"
	"strconv"
	"strings"

	"github.com/sinchgo/conversation/internal/transport"
)

// readableExpiry corrects an expires_in that is not a whole number. Package oauth2 would reject the whole reply for it.
type readableExpiry struct{ next http.RoundTripper }

func (t readableExpiry) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := t.next.RoundTrip(req)
	if err != nil || resp == nil || resp.StatusCode != http.StatusOK {
		return resp, err
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, transport.MaxErrorBytes))
	if err == nil {
		body = withReadableExpiry(body)
	}
	resp.ContentLength = -1
	resp.Body = readBody{io.MultiReader(bytes.NewReader(body), endOf{err}), resp.Body}
	return resp, nil
}

// readBody is a body that was read and can be read again.
type readBody struct {
	io.Reader
	io.Closer
}

// endOf is the end of a body: io.EOF, or the error with which the body broke off.
type endOf struct{ err error }

func (e endOf) Read([]byte) (int, error) {
	if e.err == nil {
		return 0, io.EOF
	}
	return 0, e.err
}

// withReadableExpiry returns the body of a token reply with an expires_in that is a whole number of seconds, or without
// expires_in if that is not possible.
func withReadableExpiry(body []byte) []byte {
	var fields map[string]json.RawMessage
	if json.Unmarshal(body, &fields) != nil {
		return body
	}
	changed := false
	for name, value := range fields {
		if !strings.EqualFold(name, "expires_in") || strings.Trim(string(value), "0123456789") == "" && len(value) < 19 {
			continue
		}
		changed = true
		delete(fields, name)
		seconds, err := strconv.ParseFloat(strings.Trim(string(value), `"`), 64)
		if err == nil && seconds >= 1 && seconds <= math.MaxInt32 {
			fields[name] = strconv.AppendInt(nil, int64(seconds), 10)
		}
	}
	if !changed {
		return body
	}
	fixed, err := json.Marshal(fields)
	if err != nil {
		return body
	}
	return fixed
}
