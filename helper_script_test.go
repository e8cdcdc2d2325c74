package conversation_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"

	"github.com/sinchgo/conversation"
)

// script is a transport that answers each request with the next of its steps, and the last one from then on. It reports
// connections as net/http does. It holds no socket, so that it works inside testing/synctest.
type script struct {
	steps []step

	mu   sync.Mutex
	seen []seenRequest
}

// step is one answer of a script, or one fault.
type step struct {
	status   int
	header   map[string]string
	body     string
	err      error         // no answer, for this reason
	neverHad bool          // the connection was asked for and not had
	untraced bool          // nothing about connections is reported
	replayed bool          // net/http sent the request a second time
	bodyErr  error         // the body breaks off with this error
	takes    time.Duration // virtual time before the answer
}

type seenRequest struct {
	method, url, body string
	header            http.Header
	at                time.Time
}

var (
	errReset = errors.New("connection reset by peer")
	errDial  = errors.New("dial tcp: connection refused")
)

func (s *script) RoundTrip(req *http.Request) (*http.Response, error) {
	body := ""
	if req.Body != nil {
		data, err := io.ReadAll(req.Body)
		if err != nil {
			return nil, err
		}
		body = string(data)
	}
	s.mu.Lock()
	s.seen = append(s.seen, seenRequest{req.Method, req.URL.String(), body, req.Header.Clone(), time.Now()})
	next := s.steps[min(len(s.seen), len(s.steps))-1]
	s.mu.Unlock()

	if trace := httptrace.ContextClientTrace(req.Context()); trace != nil && !next.untraced {
		trace.GetConn("api.test:443")
		if !next.neverHad {
			trace.GotConn(httptrace.GotConnInfo{})
		}
		if next.replayed {
			trace.GotConn(httptrace.GotConnInfo{})
		}
	}
	select {
	case <-time.After(next.takes):
	case <-req.Context().Done():
		return nil, req.Context().Err()
	}
	if next.err != nil {
		return nil, next.err
	}
	header := http.Header{"Content-Type": {"application/json"}}
	for name, value := range next.header {
		header.Set(name, value)
	}
	return &http.Response{
		StatusCode: next.status, Header: header, Request: req, ProtoMajor: 1, ProtoMinor: 1,
		Body: io.NopCloser(io.MultiReader(strings.NewReader(next.body), failing{next.bodyErr})), ContentLength: -1,
	}, nil
}

// requests returns what was sent so far.
func (s *script) requests() []seenRequest {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]seenRequest(nil), s.seen...)
}

// failing is a reader that ends with an error, or with nothing when there is none.
type failing struct{ err error }

func (f failing) Read([]byte) (int, error) {
	if f.err == nil {
		return 0, io.EOF
	}
	return 0, f.err
}

// scripted returns a client with an access token on a script. It speaks DialectOpenAPI.
func scripted(t *testing.T, steps []step, opts ...conversation.Option) (*conversation.Client, *script) {
	t.Helper()
	return scriptedWith(t, staticToken(), steps, opts...)
}

// staticToken returns the option for an access token that never expires.
func staticToken() conversation.Option {
	return conversation.WithTokenSource(oauth2.StaticTokenSource(&oauth2.Token{AccessToken: "token"}))
}

// scriptedWith is scripted with another credential.
func scriptedWith(t *testing.T, credential conversation.Option, steps []step, opts ...conversation.Option) (*conversation.Client, *script) {
	t.Helper()
	transport := &script{steps: steps}
	client, err := conversation.NewClient("project", append([]conversation.Option{
		credential,
		conversation.WithRegion(conversation.RegionEU),
		conversation.WithDialect(conversation.DialectOpenAPI),
		conversation.WithHTTPClient(&http.Client{Transport: transport}),
	}, opts...)...)
	require.NoError(t, err)
	return client, transport
}

// textMessage is a request that nothing is wrong with.
func textMessage() *conversation.SendMessageRequest {
	return &conversation.SendMessageRequest{
		AppID:     "app",
		Recipient: conversation.ToChannel(conversation.ChannelSMS, "15551230000"),
		Message:   conversation.Text("hello"),
	}
}
