package conversationtest_test

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

// faultCase is a fault, and the result of a send whose every attempt meets it.
type faultCase struct {
	fault    conversationtest.Fault
	outcome  conversation.Outcome
	requests int // To the API.
	sent     int
	hits     int
	check    func(t assert.TestingT, err error)
}

var faultCases = []faultCase{
	{conversationtest.Fault{Kind: conversationtest.FaultRefuse}, notSent, 0, 0, 3, is(syscall.ECONNREFUSED)},
	{conversationtest.Fault{Kind: conversationtest.FaultUnknownHost}, notSent, 0, 0, 3, as[*net.DNSError]},
	{conversationtest.Fault{Kind: conversationtest.FaultBadCertificate}, notSent, 0, 0, 3, as[*tls.CertificateVerificationError]},
	{conversationtest.Fault{Kind: conversationtest.FaultConnectHang}, notSent, 0, 0, 3, is(context.DeadlineExceeded)},

	{conversationtest.Fault{Kind: conversationtest.FaultReset}, unknown, 1, 0, 1, is(syscall.ECONNRESET)},
	{conversationtest.Fault{Kind: conversationtest.FaultReset, Graceful: true}, unknown, 1, 0, 1, is(io.EOF)},
	{conversationtest.Fault{Kind: conversationtest.FaultResetMidRequest}, unknown, 1, 0, 1, is(syscall.ECONNRESET)},
	{conversationtest.Fault{Kind: conversationtest.FaultHang}, unknown, 1, 0, 1, is(context.DeadlineExceeded)},
	{conversationtest.Fault{Kind: conversationtest.FaultRateLimit}, notSent, 3, 0, 3, is(conversation.ErrRateLimited)},
	{conversationtest.Fault{Kind: conversationtest.FaultRateLimit, RetryAfter: "90"}, notSent, 1, 0, 1, asksToWait},
	{
		conversationtest.Fault{Kind: conversationtest.FaultRateLimit, RetryAfter: "90", RetryAfterDate: true},
		notSent, 1, 0, 1, asksToWait,
	},
	{conversationtest.Fault{Kind: conversationtest.FaultStatus}, unknown, 1, 0, 1, says("HTTP 500: INTERNAL")},
	{conversationtest.Fault{Kind: conversationtest.FaultStatus, Status: 503}, unknown, 1, 0, 1, is(conversation.ErrUnavailable)},
	{conversationtest.Fault{Kind: conversationtest.FaultStatus, Status: 408}, unknown, 1, 0, 1, says("DEADLINE_EXCEEDED")},
	{conversationtest.Fault{Kind: conversationtest.FaultStatus, Status: 400, Body: "?"}, rejected, 1, 0, 1, is(conversation.ErrBadRequest)},
	{conversationtest.Fault{Kind: conversationtest.FaultHTML}, unknown, 1, 0, 1, says("HTML")},
	{conversationtest.Fault{Kind: conversationtest.FaultRedirect}, rejected, 1, 0, 1, leadsTo(":8443/v1/projects/")},
	{
		conversationtest.Fault{Kind: conversationtest.FaultRedirect, Status: 301, Location: "https://example.com/x"},
		rejected, 1, 0, 1, leadsTo("https://example.com/x"),
	},
	{conversationtest.Fault{Kind: conversationtest.FaultExpiredToken}, notSent, 1, 0, 1, is(conversation.ErrUnauthorized)},
	{conversationtest.Fault{Kind: conversationtest.FaultTokenEndpointDown}, notSent, 0, 0, 3, as[*conversation.AuthError]},
	{conversationtest.Fault{Kind: conversationtest.FaultReset, Operation: "token"}, notSent, 0, 0, 3, as[*conversation.AuthError]},
	{conversationtest.Fault{Kind: conversationtest.FaultRefuse, Operation: "token"}, notSent, 0, 0, 3, as[*conversation.AuthError]},

	{conversationtest.Fault{Kind: conversationtest.FaultSlow, Delay: time.Millisecond}, accepted, 1, 1, 1, none},
	{conversationtest.Fault{Kind: conversationtest.FaultRevokeTokens}, notSent, 1, 0, 1, is(conversation.ErrUnauthorized)},
	{conversationtest.Fault{Kind: conversationtest.FaultDropAfterAccept}, unknown, 1, 1, 1, is(syscall.ECONNRESET)},
	{conversationtest.Fault{Kind: conversationtest.FaultDropAfterAccept, Graceful: true}, unknown, 1, 1, 1, is(io.EOF)},
	{conversationtest.Fault{Kind: conversationtest.FaultHangAfterAccept}, unknown, 1, 1, 1, is(context.DeadlineExceeded)},
	{conversationtest.Fault{Kind: conversationtest.FaultStatusAfterAccept}, unknown, 1, 1, 1, is(conversation.ErrUnavailable)},
	{conversationtest.Fault{Kind: conversationtest.FaultTruncatedBody}, accepted, 1, 1, 1, is(io.ErrUnexpectedEOF)},
	{conversationtest.Fault{Kind: conversationtest.FaultStall}, accepted, 1, 1, 1, is(context.DeadlineExceeded)},
	{conversationtest.Fault{Kind: conversationtest.FaultEmptyBody}, unknown, 1, 1, 1, says("no body")},
	{conversationtest.Fault{Kind: conversationtest.FaultBadJSON}, accepted, 1, 1, 1, says("not JSON")},
	{conversationtest.Fault{Kind: conversationtest.FaultBadJSON, Body: "<p>Sign in</p>"}, unknown, 1, 1, 1, says("HTML")},
	{conversationtest.Fault{Kind: conversationtest.FaultBadJSON, Body: "{}"}, unknown, 1, 1, 1, says(`no "message_id"`)},
	{conversationtest.Fault{Kind: conversationtest.FaultCutGzip}, accepted, 1, 1, 1, is(io.ErrUnexpectedEOF)},
}

func none(t assert.TestingT, err error) { assert.NoError(t, err) }

func is(target error) func(assert.TestingT, error) {
	return func(t assert.TestingT, err error) { assert.ErrorIs(t, err, target) }
}

func as[E error](t assert.TestingT, err error) {
	_, ok := errors.AsType[E](err)
	assert.True(t, ok, "%T: %v", err, err)
}

func says(text string) func(assert.TestingT, error) {
	return func(t assert.TestingT, err error) { assert.ErrorContains(t, err, text) }
}

func asksToWait(t assert.TestingT, err error) {
	answer, ok := errors.AsType[*conversation.Error](err)
	assert.True(t, ok && answer.RetryAfter == 90*time.Second, "%v", err)
}

func leadsTo(location string) func(assert.TestingT, error) {
	return func(t assert.TestingT, err error) {
		answer, ok := errors.AsType[*conversation.Error](err)
		assert.True(t, ok && strings.Contains(answer.Header.Get("Location"), location), "%v", err)
	}
}

// patience returns the timeout of one attempt. It is short where a fault hangs in real time, on a socket.
func patience(cfg conversationtest.Config, kind conversationtest.FaultKind) time.Duration {
	switch kind {
	case conversationtest.FaultConnectHang, conversationtest.FaultHang, conversationtest.FaultHangAfterAccept, conversationtest.FaultStall:
		if !cfg.InMemory {
			return time.Second
		}
	default:
	}
	return time.Minute
}

func TestEveryKindOfFaultHasItsOutcomeAndItsPlaceInTheLedger(t *testing.T) {
	t.Parallel()
	for _, tt := range faultCases {
		name := tt.fault.Kind.String() + " " + tt.fault.Operation + tt.fault.RetryAfter
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBothModes(t, func(t *testing.T, cfg conversationtest.Config) {
				t.Helper()
				srv := start(t, cfg)
				client := srv.NewClient(t, atOnce, conversation.WithTimeout(patience(cfg, tt.fault.Kind)))
				fault := srv.Fault(tt.fault)

				_, err := client.Messages.Send(t.Context(), hello(srv.AppID()))

				assert.Equal(t, tt.outcome, conversation.OutcomeOf(err), "%v", err)
				tt.check(t, err)
				assert.Len(t, apiRequests(srv), tt.requests)
				assert.Len(t, srv.Sent(), tt.sent)
				assert.Equal(t, tt.hits, fault.Hits())
				assert.Equal(t, tt.hits, srv.FaultHits())
			})
		})
	}
}

func TestEveryKindOfFaultIsTested(t *testing.T) {
	t.Parallel()
	tested := map[conversationtest.FaultKind]bool{}
	for _, tt := range faultCases {
		tested[tt.fault.Kind] = true
	}
	for kind := range conversationtest.FaultKind(1000) {
		assert.Equal(t, !strings.HasPrefix(kind.String(), "FaultKind("), tested[kind], "%v", kind)
	}
}

func TestAfterAFaultTheNextAttemptOfAReadWorks(t *testing.T) {
	t.Parallel()
	for _, tt := range faultCases {
		if tt.fault.Kind == conversationtest.FaultRedirect || tt.fault.Status == 400 || tt.fault.RetryAfter != "" ||
			tt.fault.Kind == conversationtest.FaultEmptyBody || tt.fault.Kind == conversationtest.FaultBadJSON {
			continue // The call is not retried.
		}
		t.Run(tt.fault.Kind.String()+" "+tt.fault.Operation, func(t *testing.T) {
			t.Parallel()
			inBothModes(t, func(t *testing.T, cfg conversationtest.Config) {
				t.Helper()
				srv := start(t, cfg)
				client := srv.NewClient(t, atOnce, conversation.WithTimeout(patience(cfg, tt.fault.Kind)))
				_, err := client.Messages.Send(t.Context(), hello(srv.AppID()))
				require.NoError(t, err)
				once := tt.fault
				once.Times = 1
				fault := srv.Fault(once)
				if tt.fault.Operation == "token" || tt.fault.Kind == conversationtest.FaultTokenEndpointDown {
					srv.ExpireTokens()
				}

				page, err := client.Messages.List(t.Context(), nil)

				require.NoError(t, err)
				assert.Len(t, page.Items, 1)
				assert.Equal(t, 1, fault.Hits())
			})
		})
	}
}
