package conversationtest_test

import (
	"bytes"
	"context"
	"io"
	"math/rand/v2"
	"net/http"
	"regexp"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

// crowd is the number of goroutines that use one client concurrently.
func crowd() int {
	if isSoak() {
		return 10_000
	}
	return 400
}

// together calls run in count goroutines and waits for all of them.
func together(count int, run func()) {
	var group sync.WaitGroup
	for range count {
		group.Go(run)
	}
	group.Wait()
}

// tokenCalls counts the requests for a token that were answered with the status.
func tokenCalls(srv *conversationtest.Server, status int) int {
	count := 0
	for _, request := range srv.Requests() {
		if request.Path == "/oauth2/token" && request.Status == status {
			count++
		}
	}
	return count
}

// slowToken delays each reply of the token endpoint.
func slowToken(srv *conversationtest.Server) {
	srv.Fault(conversationtest.Fault{Kind: conversationtest.FaultSlow, Operation: "token", Delay: 2 * time.Second})
}

// lists lists apps and requires success.
func lists(ctx context.Context, t *testing.T, client *conversation.Client) {
	t.Helper()
	_, err := client.Apps.List(ctx)
	assert.NoError(t, err)
}

func TestAnExpiryCostsOneTokenCallHoweverManyGoroutinesThereAre(t *testing.T) {
	t.Parallel()
	for name, skew := range map[string]time.Duration{"clocks agree": 0, "the server is a day ahead": 24 * time.Hour, "the server is a day behind": -24 * time.Hour} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				srv := start(t, conversationtest.Config{
					InMemory: true, Latency: time.Second, Clock: func() time.Time { return time.Now().Add(skew) },
				})
				slowToken(srv)
				client := srv.NewClient(t)

				together(crowd(), func() {
					lists(t.Context(), t, client)                       // On a cold client.
					time.Sleep(50*time.Minute + rand.N(45*time.Minute)) // Some before the expiry, some after it.
					lists(t.Context(), t, client)
				})
				assert.Equal(t, 2, tokenCalls(srv, http.StatusOK))

				time.Sleep(3 * time.Hour)
				together(crowd(), func() { lists(t.Context(), t, client) }) // On a token that is long dead.
				assert.Equal(t, 3, tokenCalls(srv, http.StatusOK))
				for _, request := range srv.Requests() {
					require.Equal(t, http.StatusOK, request.Status, "no token was rejected")
				}
			})
		})
	}
}

func TestAStormOf401sAfterARevocationCostsOneTokenCallAndNoCallFails(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := start(t, conversationtest.Config{InMemory: true, Latency: time.Second})
		slowToken(srv)
		client := srv.NewClient(t)
		lists(t.Context(), t, client)
		for round := 1; round <= 3; round++ {
			time.Sleep(11 * time.Second)
			srv.RevokeTokens()
			together(crowd(), func() {
				time.Sleep(rand.N(5 * time.Second)) // Some use the old token, some wait for the request, some use the new token.
				_, err := client.Messages.Send(t.Context(), hello(srv.AppID()))
				assert.NoError(t, err)
			})
			assert.Equal(t, 1+round, tokenCalls(srv, http.StatusOK))
			assert.Len(t, srv.Sent(), round*crowd(), "each once")
		}
	})
}

func TestTwoHundredClientsStartAgainstTheLimitOfTheTokenEndpoint(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const clients = 200
		srv := start(t, conversationtest.Config{InMemory: true, TokenBucket: true})
		began := time.Now()

		together(clients, func() {
			client := srv.NewClient(t)
			together(crowd()/clients, func() { lists(t.Context(), t, client) })
		})

		assert.Equal(t, clients, tokenCalls(srv, http.StatusOK), "one for each client")
		assert.NotZero(t, tokenCalls(srv, http.StatusTooManyRequests), "some requests exceeded the limit")
		assert.Less(t, time.Since(began), time.Minute)
	})
}

func TestAHangOfTheTokenEndpointIsSurvived(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := start(t, conversationtest.Config{InMemory: true})
		hangOnce := conversationtest.Fault{Kind: conversationtest.FaultHang, Operation: "token", Times: 1}
		srv.Fault(hangOnce)
		client := srv.NewClient(t)
		began := time.Now()
		together(crowd(), func() { lists(t.Context(), t, client) })
		assert.InDelta(t, attemptTimeout, time.Since(began), float64(250*time.Millisecond), "one attempt and a wait")

		time.Sleep(56 * time.Minute) // The token is renewed early: nobody waits.
		srv.Fault(hangOnce)
		began = time.Now()
		together(crowd(), func() { lists(t.Context(), t, client) })
		assert.Zero(t, time.Since(began))

		time.Sleep(time.Minute)
		lists(t.Context(), t, client)
		assert.Equal(t, 2, tokenCalls(srv, http.StatusOK))
	})
}

func TestACallThatIsCanceledWhileItFetchesTheTokenFailsAlone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := start(t, conversationtest.Config{InMemory: true})
		slowToken(srv)
		client := srv.NewClient(t)
		leader, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		var failed atomic.Int64
		go func() {
			_, err := client.Messages.Send(leader, hello(srv.AppID()))
			assert.ErrorIs(t, err, context.Canceled)
			assert.Equal(t, notSent, conversation.OutcomeOf(err))
			failed.Add(1)
		}()
		synctest.Wait() // The token request has begun.

		together(crowd(), func() { lists(t.Context(), t, client) })

		assert.EqualValues(t, 1, failed.Load())
		assert.Equal(t, 1, tokenCalls(srv, http.StatusOK))
		assert.Empty(t, srv.Sent())
	})
}

// expiresIn matches the lifetime in a token reply.
var expiresIn = regexp.MustCompile(`"expires_in":\d+,`)

// lyingAboutExpiry replaces the lifetime in token replies.
type lyingAboutExpiry struct {
	next http.RoundTripper
	lie  string
}

// RoundTrip implements [http.RoundTripper].
func (l lyingAboutExpiry) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := l.next.RoundTrip(req)
	if err != nil || req.URL.Path != "/oauth2/token" {
		return resp, err
	}
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, err
	}
	resp.Body = io.NopCloser(bytes.NewReader(expiresIn.ReplaceAll(body, []byte(l.lie))))
	return resp, nil
}

// TestALieAboutTheLifetimeOfATokenFailsNoCall: the true lifetime is ten minutes.
func TestALieAboutTheLifetimeOfATokenFailsNoCall(t *testing.T) {
	t.Parallel()
	for lie, calls := range map[string]int{
		``: 12, `"expires_in":null,`: 12, `"expires_in":0,`: 12, `"expires_in":-600,`: 12, `"expires_in":1e300,`: 12,
		`"expires_in":9223372036854775807,`: 12, `"expires_in":"soon",`: 12, `"expires_in":{},`: 12, `"expires_in":86400,`: 12,
		`"expires_in":"600",`: 13, `"expires_in":600.5,`: 13, // Renewed a minute early, while there are calls.
	} {
		t.Run(lie, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				srv := start(t, conversationtest.Config{InMemory: true, TokenLifetime: 10 * time.Minute})
				client := srv.NewClient(t, conversation.WithHTTPClient(&http.Client{Transport: lyingAboutExpiry{srv.Transport(), lie}}))
				for began := time.Now(); time.Since(began) < 2*time.Hour; time.Sleep(time.Minute) {
					together(5, func() { lists(t.Context(), t, client) })
				}
				assert.InDelta(t, calls, tokenCalls(srv, http.StatusOK), 1)
			})
		})
	}
}
