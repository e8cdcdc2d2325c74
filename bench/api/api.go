// Package api is a server that returns canned responses as fast as it can, over a socket or as a transport in memory.
package api

import (
	"bytes"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"time"
)

// Clients of the server are constructed with these.
const (
	Project = "01PROJECT0000000000000000"
	App     = "01APP00000000000000000000"
	Message = "01HXMESSAGE00000000000000"
	Token   = "a-token-as-long-as-one-of-the-real-ones-which-have-some-hundred-characters-and-more"
)

const (
	tokenAnswer = `{"access_token":"` + Token + `","expires_in":3600,"token_type":"bearer","scope":""}`
	sendAnswer  = `{"message_id":"` + Message + `","accepted_time":"2026-03-01T12:00:00.123Z"}`
	message     = `{"id":"` + Message + `","direction":"TO_CONTACT","conversation_id":"01HXCONVERSATION000000000",` +
		`"contact_id":"01HXCONTACT00000000000000","channel_identity":{"channel":"SMS","identity":"15551230000","app_id":""},` +
		`"app_message":{"text_message":{"text":"Your table is ready. We hold it for a quarter of an hour."}},` +
		`"metadata":"order 4711","accept_time":"2026-03-01T12:00:00.123Z"}`
)

// API answers every request. Requests of the same kind get the same response.
type API struct {
	latency  time.Duration  // before each response but that to a token request
	messages int            // how many there are to list
	pages    map[int][]byte // items by page size
	waiters  chan waiter
	late     atomic.Int64 // nanoseconds that a wait is late when it is not corrected
}

// lateShare slows the correction of waits: each wait corrects one part in lateShare of its error.
const lateShare = 64

// New returns an API whose lists have pages of the given sizes.
func New(latency time.Duration, messages int, pageSizes ...int) *API {
	pages := make(map[int][]byte)
	for _, size := range pageSizes {
		pages[size] = []byte(`{"messages":[` + strings.Repeat(message+",", size-1) + message + `],"next_page_token":"`)
	}
	made := &API{latency: latency, messages: messages, pages: pages, waiters: make(chan waiter, 1000)}
	if latency > 0 {
		go made.wake()
	}
	return made
}

// RoundTrip implements [http.RoundTripper].
func (a *API) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.Body != nil {
		if _, err := io.Copy(io.Discard, req.Body); err != nil {
			return nil, err
		}
	}
	answer := a.answer(req)
	return &http.Response{
		StatusCode: http.StatusOK, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Request: req,
		Header:        http.Header{"Content-Type": {"application/json"}},
		ContentLength: int64(len(answer)), Body: io.NopCloser(bytes.NewReader(answer)),
	}, nil
}

// ServeHTTP implements [http.Handler].
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	answer := a.answer(r)
	w.Header()["Content-Type"] = []string{"application/json"}
	_, _ = w.Write(answer) //nolint:gosec // The only part from the request is a number.
}

func (a *API) answer(req *http.Request) []byte {
	if strings.HasSuffix(req.URL.Path, "/oauth2/token") {
		return []byte(tokenAnswer)
	}
	if a.latency > 0 {
		a.wait()
	}
	switch {
	case strings.HasSuffix(req.URL.Path, "/messages:send"):
		return []byte(sendAnswer)
	case strings.HasSuffix(req.URL.Path, "/messages"):
		return a.page(req)
	default:
		return []byte(message)
	}
}

// waiter is a response that is due later.
type waiter struct {
	due  time.Time
	wake chan struct{}
}

// wait waits for the latency. It is exact on average, since it aims early by as much as recent waits were late.
func (a *API) wait() {
	came := time.Now()
	w := waiter{came.Add(a.latency - time.Duration(a.late.Load())), make(chan struct{})}
	a.waiters <- w
	<-w.wake
	a.late.Add(int64(time.Since(came)-a.latency) / lateShare)
}

// wake wakes waiters in the order of their arrival. It sleeps as exactly as the system can: Go's timers may be a
// millisecond late, which would be attributed to the client.
func (a *API) wake() {
	for w := range a.waiters {
		if left := time.Until(w.due); left > 0 {
			span := syscall.NsecToTimespec(left.Nanoseconds())
			_ = syscall.Nanosleep(&span, nil)
		}
		close(w.wake)
	}
}

// page returns a page of the requested size. The token of a page is the number of messages before it.
func (a *API) page(req *http.Request) []byte {
	query := req.URL.Query()
	size, _ := strconv.Atoi(query.Get("page_size"))
	before, _ := strconv.Atoi(query.Get("page_token"))
	next := ""
	if before+size < a.messages {
		next = strconv.Itoa(before + size)
	}
	items := a.pages[size]
	return append(slices.Clip(items), next+`"}`...)
}
