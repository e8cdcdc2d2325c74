package conversation_test

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

func TestATokenRequestIsACall(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		answer   func(n int, req *http.Request) (int, string)
		attempts int
		status   int
		rejected bool
		waited   bool
	}{
		"a token":                {func(n int, _ *http.Request) (int, string) { return grant(n, 3600) }, 1, 200, false, false},
		"a refused credential":   {func(int, *http.Request) (int, string) { return 401, `{"error":"invalid_client"}` }, 1, 401, true, false},
		"no service":             {func(int, *http.Request) (int, string) { return 503, `` }, 3, 503, true, true},
		"a reply without token":  {func(int, *http.Request) (int, string) { return 200, `{}` }, 1, 200, true, false},
		"a panic of a transport": {func(int, *http.Request) (int, string) { panic("on purpose") }, 1, 0, true, false},
		"a token after a 503": {func(n int, _ *http.Request) (int, string) {
			if n == 1 {
				return 503, ``
			}
			return grant(n, 3600)
		}, 2, 200, false, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				seen := &recorder{}
				p := &platform{token: test.answer, takes: time.Second}
				client := p.client(t, conversation.WithObserver(seen))
				err := get(t.Context(), client)
				calls := seen.all(t)
				require.Len(t, calls, 2)
				token := calls[1]
				assert.Equal(t, conversation.CallInfo{Operation: "Token", Method: "POST", Route: "/oauth2/token", Idempotent: true}, token.CallInfo)
				assert.Equal(t, "Messages.Get", token.before[0].Operation, "it has the context of the call that needs it")
				assert.Equal(t, test.attempts, token.Attempts)
				assert.EqualValues(t, test.attempts, p.tokens.Load())
				assert.Equal(t, test.status, token.StatusCode)
				assert.Equal(t, test.waited, token.Waited > 0)
				assert.GreaterOrEqual(t, token.Duration, token.Waited)
				if !test.rejected {
					require.NoError(t, err)
					require.NoError(t, token.Err)
					return
				}
				failed, ok := errors.AsType[*conversation.AuthError](token.Err)
				require.True(t, ok, "%v", token.Err)
				assert.Equal(t, "Token", failed.Operation)
				assert.Equal(t, test.attempts, failed.Attempts)
				assert.Equal(t, conversation.OutcomeNotSent, token.Outcome)
				assert.Equal(t, calls[0].Err, err)
				assert.Zero(t, calls[0].Attempts)
				assert.Zero(t, calls[0].StatusCode, "the API was not called")
			})
		})
	}
}

func TestATokenThatManyWaitForIsOneCall(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		seen := &recorder{}
		p := &platform{takes: time.Minute / 2, token: func(n int, _ *http.Request) (int, string) { return grant(n, 3600) }}
		client := p.client(t, conversation.WithObserver(seen), conversation.WithTimeout(time.Minute))
		hasty, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		var calls sync.WaitGroup
		calls.Go(func() { assert.ErrorIs(t, get(hasty, client), context.DeadlineExceeded) })
		synctest.Wait()
		for range 20 {
			calls.Go(func() { assert.NoError(t, get(t.Context(), client)) })
		}
		calls.Wait()
		tokens, attempts := seen.count(t, "Token")
		assert.Equal(t, []int{1, 1}, []int{tokens, attempts}, "it goes on after the call that began it was canceled")
		gets, attempts := seen.count(t, "Messages.Get")
		assert.Equal(t, []int{21, 20}, []int{gets, attempts})
		for _, call := range seen.all(t) {
			assert.Zero(t, call.Waited, "waiting for the token is not between attempts")
		}
	})
}

func TestATokenThatIsRenewedIsACallAndTheCallHasTwoAttempts(t *testing.T) {
	t.Parallel()
	seen := &recorder{}
	p := &platform{token: func(n int, _ *http.Request) (int, string) { return grant(n, 3600) }}
	p.api = func(req *http.Request) int {
		if req.Header.Get("Authorization") == "Bearer token-1" && p.calls.Load() > 1 {
			return 401
		}
		return 200
	}
	client := p.client(t, conversation.WithObserver(seen))
	require.NoError(t, get(t.Context(), client))
	require.NoError(t, get(t.Context(), client))
	tokens, _ := seen.count(t, "Token")
	gets, attempts := seen.count(t, "Messages.Get")
	assert.Equal(t, []int{2, 2, 3}, []int{tokens, gets, attempts})
}

func TestTokensOfTheCallerAreNoCalls(t *testing.T) {
	t.Parallel()
	seen := &recorder{}
	client, _ := scripted(t, []step{{status: 200, body: anyReply}}, conversation.WithObserver(seen))
	require.NoError(t, getCall.do(t.Context(), client))
	assert.Equal(t, "Messages.Get", seen.only(t).Operation)
}

func TestTheRouteOfATokenIsThePathOfItsURL(t *testing.T) {
	t.Parallel()
	for address, route := range map[string]string{
		"https://auth.example":               "/",
		"https://auth.example/a%2Fb/t?x=1#y": "/a%2Fb/t",
	} {
		seen := &recorder{}
		client, err := conversation.NewClient("project", conversation.WithOAuth2("id", "secret"), conversation.WithObserver(seen),
			conversation.WithTokenURL(address), conversation.WithRegion(conversation.RegionEU), conversation.WithRetry(conversation.NoRetry),
			conversation.WithHTTPClient(&http.Client{Transport: roundTrip(func(*http.Request) (*http.Response, error) { return nil, errDial })}))
		if err != nil { // a query or a fragment
			require.ErrorContains(t, err, "WithTokenURL")
			continue
		}
		require.Error(t, get(t.Context(), client))
		assert.Equal(t, route, seen.all(t)[1].Route)
	}
}
