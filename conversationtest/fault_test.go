package conversationtest_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

// faultCase is a fault, and what a send that meets it every time must come to.
type faultCase struct {
	fault    conversationtest.Fault
	outcome  conversation.Outcome
	requests int // Of the API.
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
	{conversationtest.Fault{Kind: conversationtest.FaultEmptyBody}, accepted, 1, 1, 1, says("no body")},
	{conversationtest.Fault{Kind: conversationtest.FaultBadJSON}, accepted, 1, 1, 1, says("no JSON")},
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

// patience is how long a client waits for one attempt. Where something hangs on a socket, that is real time.
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
			continue // It is final.
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

func TestAFaultHappensToItsOperationOnly(t *testing.T) {
	t.Parallel()
	srv := start(t, conversationtest.Config{InMemory: true})
	client := srv.NewClient(t, conversation.WithRetry(conversation.NoRetry))
	named := srv.Fault(conversationtest.Fault{Kind: conversationtest.FaultStatus, Operation: "Messages.Get"})
	byRoute := srv.Fault(conversationtest.Fault{Kind: conversationtest.FaultStatus, Operation: "DELETE messages/{message_id}"})

	sent, err := client.Messages.Send(t.Context(), hello(srv.AppID()))
	require.NoError(t, err)
	_, err = client.Messages.Get(t.Context(), sent.MessageID)
	require.Error(t, err)
	require.Error(t, client.Messages.Delete(t.Context(), sent.MessageID))
	_, err = client.Messages.List(t.Context(), nil)
	require.NoError(t, err)

	assert.Equal(t, []int{1, 1}, []int{named.Hits(), byRoute.Hits()})
}

func TestAFaultWithoutAnOperationLeavesTheTokenEndpointAlone(t *testing.T) {
	t.Parallel()
	srv := start(t, conversationtest.Config{InMemory: true})
	srv.Fault(conversationtest.Fault{Kind: conversationtest.FaultStatus})

	err := srv.NewClient(t).Do(t.Context(), http.MethodPost, "/v1/nothing", nil, nil)

	as[*conversation.Error](t, err)
}

func TestAFaultHappensAsOftenAsItSaysAndNoSooner(t *testing.T) {
	t.Parallel()
	srv := start(t, conversationtest.Config{InMemory: true})
	client := srv.NewClient(t, conversation.WithRetry(conversation.NoRetry))
	fault := srv.Fault(conversationtest.Fault{Kind: conversationtest.FaultStatus, Skip: 2, Times: 3})

	assert.Equal(t, "++---++++", outcomes(t, client, srv.AppID(), 9))

	assert.Equal(t, 3, fault.Hits())
	assert.Len(t, srv.Sent(), 6)
}

// outcomes sends a number of messages and writes down which failed.
func outcomes(t *testing.T, client *conversation.Client, appID string, sends int) string {
	t.Helper()
	var signs strings.Builder
	for range sends {
		sign := "+"
		if _, err := client.Messages.Send(t.Context(), hello(appID)); err != nil {
			sign = "-"
		}
		signs.WriteString(sign)
	}
	return signs.String()
}

func TestAFaultByChanceHappensTheSameWayForTheSameSeed(t *testing.T) {
	t.Parallel()
	run := func(seed uint64) string {
		srv := start(t, conversationtest.Config{InMemory: true})
		srv.Fault(conversationtest.Fault{Kind: conversationtest.FaultStatus, Probability: 0.3, Seed: seed})
		return outcomes(t, srv.NewClient(t, conversation.WithRetry(conversation.NoRetry)), srv.AppID(), 200)
	}

	one, again, other := run(1), run(1), run(2)

	assert.Equal(t, one, again)
	assert.NotEqual(t, one, other)
	assert.InDelta(t, 60, strings.Count(one, "-"), 20)
}

func TestTheFirstFaultThatHappensIsTheOnlyOne(t *testing.T) {
	t.Parallel()
	srv := start(t, conversationtest.Config{InMemory: true})
	client := srv.NewClient(t, conversation.WithRetry(conversation.NoRetry))
	first := srv.Fault(conversationtest.Fault{Kind: conversationtest.FaultStatus, Times: 2})
	second := srv.Fault(conversationtest.Fault{Kind: conversationtest.FaultReset})

	assert.Equal(t, "---", outcomes(t, client, srv.AppID(), 3))

	assert.Equal(t, []int{2, 1, 3}, []int{first.Hits(), second.Hits(), srv.FaultHits()})
}

func TestAFaultThatIsRemovedHappensNoMore(t *testing.T) {
	t.Parallel()
	srv := start(t, conversationtest.Config{InMemory: true})
	client := srv.NewClient(t, conversation.WithRetry(conversation.NoRetry))
	fault := srv.Fault(conversationtest.Fault{Kind: conversationtest.FaultStatus})

	assert.Equal(t, "--", outcomes(t, client, srv.AppID(), 2))
	fault.Remove()
	fault.Remove()
	assert.Equal(t, "+", outcomes(t, client, srv.AppID(), 1))
	srv.Fault(conversationtest.Fault{Kind: conversationtest.FaultStatus})
	srv.ClearFaults()
	assert.Equal(t, "+", outcomes(t, client, srv.AppID(), 1))

	assert.Equal(t, []int{2, 2}, []int{fault.Hits(), srv.FaultHits()})
}

func TestAFaultThatMakesNoSensePanics(t *testing.T) {
	t.Parallel()
	srv := start(t, conversationtest.Config{InMemory: true})
	for says, fault := range map[string]conversationtest.Fault{
		"Kind":        {},
		"Messages.Se": {Kind: conversationtest.FaultReset, Operation: "Messages.Se"},
		"FaultStatus": {Kind: conversationtest.FaultTokenEndpointDown, Operation: "Messages.Send"},
		"Times":       {Kind: conversationtest.FaultReset, Times: -1},
		"Probability": {Kind: conversationtest.FaultReset, Probability: 1.5},
		"Status":      {Kind: conversationtest.FaultStatus, Status: 100},
		"RetryAfter":  {Kind: conversationtest.FaultRateLimit, RetryAfter: "soon", RetryAfterDate: true},
	} {
		t.Run(says, func(t *testing.T) {
			t.Parallel()
			defer func() {
				text, _ := recover().(string)
				assert.Contains(t, text, "conversationtest: Fault."+strings.SplitN(text, ":", 3)[1][len(" Fault."):])
				assert.Contains(t, text, says)
			}()
			srv.Fault(fault)
		})
	}
}

func TestOtherProgramsSeeAResetWhereConnectingFails(t *testing.T) {
	t.Parallel()
	srv := start(t, conversationtest.Config{})
	own := &http.Client{Transport: &http.Transport{}}
	defer own.CloseIdleConnections()
	client := srv.NewClient(t, conversation.WithHTTPClient(own), conversation.WithRetry(conversation.NoRetry))
	refused := srv.Fault(conversationtest.Fault{Kind: conversationtest.FaultRefuse, Times: 1})

	_, err := client.Messages.Send(t.Context(), hello(srv.AppID()))

	require.ErrorIs(t, err, syscall.ECONNRESET)
	assert.Equal(t, unknown, conversation.OutcomeOf(err))
	assert.Empty(t, srv.Sent())
	assert.Equal(t, 1, refused.Hits())

	srv.Fault(conversationtest.Fault{Kind: conversationtest.FaultConnectHang, Times: 1})
	_, err = client.Messages.Send(t.Context(), hello(srv.AppID()), conversation.WithRequestTimeout(50*time.Millisecond))
	require.ErrorIs(t, err, context.DeadlineExceeded)
	assert.Empty(t, srv.Sent())
}

func TestOnlyHalfOfTheRequestIsReadWhenTheConnectionBreaksInTheMiddle(t *testing.T) {
	t.Parallel()
	inBothModes(t, func(t *testing.T, cfg conversationtest.Config) {
		t.Helper()
		srv := start(t, cfg)
		srv.Fault(conversationtest.Fault{Kind: conversationtest.FaultResetMidRequest})
		_, err := srv.NewClient(t).Messages.Send(t.Context(), hello(srv.AppID()))
		require.Error(t, err)

		srv.ClearFaults()
		_, err = srv.NewClient(t).Messages.Send(t.Context(), hello(srv.AppID()))
		require.NoError(t, err)

		requests := apiRequests(srv)
		require.Len(t, requests, 2)
		assert.Zero(t, requests[0].Status)
		half, whole := requests[0].Body, requests[1].Body
		assert.Len(t, half, len(whole)/2)
		assert.True(t, bytes.HasPrefix(whole, half))
	})
}

func TestASendThatIsNotAcceptedIsNotInTheLedgerEvenIfItsAnswerIsLost(t *testing.T) {
	t.Parallel()
	srv := start(t, conversationtest.Config{InMemory: true})
	srv.Fault(conversationtest.Fault{Kind: conversationtest.FaultDropAfterAccept})

	_, err := srv.NewClient(t).Messages.Send(t.Context(), hello("OTHER"))

	assert.Equal(t, unknown, conversation.OutcomeOf(err))
	assert.Empty(t, srv.Sent())
}

func TestAKeptTokenThatDiesIsRenewedAndTheSendGoesOutOnce(t *testing.T) {
	t.Parallel()
	for name, kill := range map[string]func(srv *conversationtest.Server){
		"expired": (*conversationtest.Server).ExpireTokens,
		"revoked": (*conversationtest.Server).RevokeTokens,
		"fault: expired": func(srv *conversationtest.Server) {
			srv.Fault(conversationtest.Fault{Kind: conversationtest.FaultExpiredToken, Times: 1})
		},
		"fault: revoked": func(srv *conversationtest.Server) {
			srv.Fault(conversationtest.Fault{Kind: conversationtest.FaultRevokeTokens, Times: 1})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBothModes(t, func(t *testing.T, cfg conversationtest.Config) {
				t.Helper()
				srv := start(t, cfg)
				client := srv.NewClient(t)
				_, err := client.Messages.List(t.Context(), nil)
				require.NoError(t, err)
				kill(srv)

				_, err = client.Messages.Send(t.Context(), hello(srv.AppID()))

				require.NoError(t, err)
				assert.Len(t, srv.Sent(), 1)
				statuses := []int{}
				for _, request := range srv.Requests() {
					statuses = append(statuses, request.Status)
				}
				assert.Equal(t, []int{200, 200, 401, 200, 200}, statuses)
			})
		})
	}
}

func TestTheTimeOfAnAnswerIsNoRealTimeInMemory(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := start(t, conversationtest.Config{InMemory: true, Latency: 3 * time.Second})
		client := srv.NewClient(t, conversation.WithTimeout(time.Minute))
		began := time.Now()

		_, err := client.Messages.Send(t.Context(), hello(srv.AppID()))
		require.NoError(t, err)
		assert.Equal(t, 3*time.Second, time.Since(began), "and none for the token")

		srv.Fault(conversationtest.Fault{Kind: conversationtest.FaultSlow, Delay: 7 * time.Second, Times: 1})
		_, err = client.Messages.Send(t.Context(), hello(srv.AppID()))
		require.NoError(t, err)
		assert.Equal(t, 13*time.Second, time.Since(began))

		srv.Fault(conversationtest.Fault{Kind: conversationtest.FaultSlow, Delay: time.Hour, Times: 1})
		_, err = client.Messages.Send(t.Context(), hello(srv.AppID()), conversation.WithRequestTimeout(10*time.Second))
		assert.Equal(t, unknown, conversation.OutcomeOf(err))
		assert.Equal(t, 23*time.Second, time.Since(began), "it ends with the client's patience")
		assert.Len(t, srv.Sent(), 3, "though it was accepted")
	})
}

func TestCloseEndsWhateverHangs(t *testing.T) {
	t.Parallel()
	for _, fault := range []conversationtest.Fault{
		{Kind: conversationtest.FaultConnectHang},
		{Kind: conversationtest.FaultHang},
		{Kind: conversationtest.FaultHangAfterAccept},
		{Kind: conversationtest.FaultStall},
		{Kind: conversationtest.FaultSlow, Delay: time.Hour},
		{Kind: conversationtest.FaultRefuse, Delay: time.Hour},
	} {
		t.Run(fault.Kind.String(), func(t *testing.T) {
			t.Parallel()
			inBothModes(t, func(t *testing.T, cfg conversationtest.Config) {
				t.Helper()
				srv := start(t, cfg)
				client := srv.NewClient(t, conversation.WithRetry(conversation.NoRetry), conversation.WithTimeout(24*time.Hour))
				active := srv.Fault(fault)
				began, ended := time.Now(), make(chan error)
				go func() {
					_, err := client.Messages.Send(t.Context(), hello(srv.AppID()))
					ended <- err
				}()
				for active.Hits() == 0 {
					time.Sleep(time.Millisecond)
				}

				srv.Close()

				require.Error(t, <-ended)
				assert.Less(t, time.Since(began), time.Minute)
			})
		})
	}
}
