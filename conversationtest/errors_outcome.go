package conversationtest

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"os"
	"strings"
	"syscall"

	"github.com/sinchgo/conversation"
)

// ErrorFor returns an error with an outcome, for a stub that takes the place of a client in your tests. It is the error
// of a real send, so that [conversation.OutcomeOf], errors.Is and errors.As treat it, and errors that wrap it, as in
// production:
//
//   - OutcomeAccepted: nil
//   - OutcomeRejected: a [*conversation.Error], HTTP 400
//   - OutcomeNotSent: a [*conversation.TransportError], since the connection was refused
//   - OutcomeUnknown: a [*conversation.TransportError], since the connection broke; it matches [conversation.ErrMaybeSent]
//
// It panics for a value that is not an outcome.
func ErrorFor(outcome conversation.Outcome) error {
	var answer cannedAnswer
	switch outcome {
	case conversation.OutcomeAccepted:
		return nil
	case conversation.OutcomeRejected:
		answer = rejects
	case conversation.OutcomeNotSent:
		answer = refuses
	case conversation.OutcomeUnknown:
		answer = breaks
	default:
		panic(fmt.Sprintf("conversationtest: ErrorFor: %d is not an Outcome", outcome))
	}
	client, err := conversation.NewClient("project",
		conversation.WithBasicAuth("key", "secret"),
		conversation.WithBaseURL("https://"+cannedHost),
		conversation.WithHTTPClient(&http.Client{Transport: answer}),
		conversation.WithRetry(conversation.NoRetry),
	)
	if err != nil {
		panic("conversationtest: ErrorFor: " + err.Error())
	}
	_, err = client.Messages.Send(context.Background(), &conversation.SendMessageRequest{
		AppID: "app", Recipient: conversation.ToContact("contact"), Message: conversation.Text("text"),
	})
	return err
}

const cannedHost = "conversation.example"

// cannedAnswer is a transport that answers every request in the same way.
type cannedAnswer func(r *http.Request) (*http.Response, error)

// RoundTrip implements [http.RoundTripper].
func (answer cannedAnswer) RoundTrip(r *http.Request) (*http.Response, error) {
	defer closeBody(r)
	return answer(r)
}

func rejects(r *http.Request) (*http.Response, error) {
	const message = "rejected, as conversationtest.ErrorFor was asked to"
	return &http.Response{
		StatusCode: http.StatusBadRequest,
		Header:     http.Header{"Content-Type": {"application/json"}},
		Body:       io.NopCloser(strings.NewReader(string(encoded(newErrorBody(http.StatusBadRequest, message))))),
		Request:    r,
	}, nil
}

func refuses(r *http.Request) (*http.Response, error) {
	traceOf(r.Context()).GetConn(hostPort(r.URL))
	return nil, &net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}
}

func breaks(r *http.Request) (*http.Response, error) {
	trace := traceOf(r.Context())
	trace.GetConn(hostPort(r.URL))
	trace.GotConn(httptrace.GotConnInfo{})
	return nil, &net.OpError{Op: "read", Net: "tcp", Err: os.NewSyscallError("read", syscall.ECONNRESET)}
}
