package doctor

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"time"

	"github.com/sinchgo/conversation"
)

// reply is the answer of a receiver of callbacks.
type reply struct {
	status int
	header http.Header
	err    error
	sentAt time.Time
}

// post sends a body to a receiver of callbacks.
func (e *examination) post(ctx context.Context, target string, body []byte, header http.Header) reply {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, target, bytes.NewReader(body))
	if err != nil {
		return reply{err: err}
	}
	maps.Copy(req.Header, header)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "conversationctl-doctor/"+conversation.Version)
	answer := reply{sentAt: e.now()}
	resp, err := e.web.Do(req)
	if err != nil {
		answer.err = err
		return answer
	}
	defer func() { _ = resp.Body.Close() }()
	const enough = 64 << 10
	_, _ = io.CopyN(io.Discard, resp.Body, enough) // so that the connection can be used again
	answer.status, answer.header = resp.StatusCode, resp.Header
	return answer
}

func (r reply) accepted() bool { return r.status >= 200 && r.status < 300 }

// problem returns why a receiver cannot receive callbacks, as the rest of a sentence that begins with it, and the fix. It is
// empty for an answer that may be one of a receiver.
func (r reply) problem() (what, fix string) {
	switch {
	case r.err != nil:
		return networkProblem(r.err)
	case r.status >= 300 && r.status < 400:
		return fmt.Sprintf("redirects with %d%s: a callback is not sent again to another address", r.status, r.location()),
			"use the final address, of the receiver itself"
	case r.status == http.StatusNotFound, r.status == http.StatusGone:
		return fmt.Sprintf("answers with %d: there is no receiver at its path", r.status), "correct the path of the address, or mount the receiver there"
	case r.status == http.StatusMethodNotAllowed:
		return "answers with 405: it does not accept POST", "correct the path of the address, or accept POST there"
	case r.status >= http.StatusInternalServerError:
		return fmt.Sprintf("answers with %d", r.status), "look at the log of the receiver, and of the proxies before it"
	}
	return "", ""
}

// location returns where a redirect leads, without its path.
func (r reply) location() string {
	to, err := url.Parse(r.header.Get("Location"))
	if err != nil || to.Host == "" {
		return ""
	}
	return " to " + origin(to)
}
