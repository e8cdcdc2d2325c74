package conversation_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

func TestAThousandGoroutinesOnAColdClientCauseOneTokenCall(t *testing.T) {
	t.Parallel()
	var tokens atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if r.URL.Path == "/oauth2/token" {
			_, body := grant(int(tokens.Add(1)), 3600)
			_, _ = io.WriteString(w, body)
			return
		}
		assert.Equal(t, "Bearer token-1", r.Header.Get("Authorization"))
		_, _ = io.WriteString(w, `{"id":"m"}`)
	}))
	defer server.Close()
	client, err := conversation.NewClient("project", conversation.WithOAuth2("id", "secret"),
		conversation.WithBaseURL(server.URL), conversation.WithTokenURL(server.URL+"/oauth2/token"))
	require.NoError(t, err)
	defer client.CloseIdleConnections()

	var group sync.WaitGroup
	for range 1000 {
		group.Go(func() { assert.NoError(t, get(t.Context(), client)) })
	}
	group.Wait()
	assert.EqualValues(t, 1, tokens.Load())
}

func TestATokenIsRenewedEarlyAndOnceAnExpiry(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := &platform{token: hourly, takes: time.Second}
		client := p.client(t)
		burst := func() {
			var group sync.WaitGroup
			for range 100 {
				group.Go(func() { assert.NoError(t, get(t.Context(), client)) })
			}
			group.Wait()
		}
		burst()
		assert.EqualValues(t, 1, p.tokens.Load())
		time.Sleep(54 * time.Minute)
		burst()
		assert.EqualValues(t, 1, p.tokens.Load(), "still good")

		time.Sleep(2 * time.Minute)
		started := time.Now()
		burst()
		assert.Zero(t, time.Since(started), "the old token is given out while the new one is fetched")
		time.Sleep(2 * time.Second)
		assert.EqualValues(t, 2, p.tokens.Load())

		time.Sleep(2 * time.Hour)
		started = time.Now()
		burst()
		assert.Equal(t, time.Second, time.Since(started), "an expired token is waited for")
		assert.EqualValues(t, 3, p.tokens.Load())
	})
}

func TestAnEarlyRenewalThatFailsHarmsNobody(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := &platform{token: func(n int, _ *http.Request) (int, string) {
			if n == 1 {
				return grant(n, 3600)
			}
			return 400, `{}`
		}}
		client := p.client(t)
		require.NoError(t, get(t.Context(), client))
		time.Sleep(56 * time.Minute)
		for range 30 {
			require.NoError(t, get(t.Context(), client))
			time.Sleep(time.Second)
		}
		assert.LessOrEqual(t, p.tokens.Load(), int64(4), "a failed renewal is not tried again at once")
	})
}

func TestAWaiterLeavesWhenItsContextEndsAndHarmsNobody(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := &platform{token: hourly, takes: 5 * time.Second}
		client := p.client(t)
		leader, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()

		var group sync.WaitGroup
		group.Go(func() {
			started := time.Now()
			err := get(leader, client)
			assert.Equal(t, time.Second, time.Since(started))
			assert.ErrorIs(t, err, context.DeadlineExceeded)
			_, isAuth := errors.AsType[*conversation.AuthError](err)
			assert.True(t, isAuth)
			assert.Equal(t, conversation.OutcomeNotSent, conversation.OutcomeOf(err))
		})
		synctest.Wait()
		for range 10 {
			group.Go(func() { assert.NoError(t, get(t.Context(), client)) })
		}
		group.Wait()
		assert.EqualValues(t, 1, p.tokens.Load())
	})
}

func TestA401ToACachedTokenRenewsItAndRetriesOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		revoked := "Bearer token-1"
		p := &platform{token: hourly}
		p.api = func(req *http.Request) int {
			if req.Header.Get("Authorization") == revoked {
				return 401
			}
			return 200
		}
		client := p.client(t, conversation.WithRetry(conversation.NoRetry))
		revoked = ""
		require.NoError(t, get(t.Context(), client))
		revoked = "Bearer token-1"
		p.calls.Store(0)

		_, err := client.Messages.Send(t.Context(), textMessage())
		require.NoError(t, err, "a send too: the API turned it away unread")
		assert.EqualValues(t, 2, p.calls.Load())
		assert.EqualValues(t, 2, p.tokens.Load())
	})
}

func TestA401ToAFreshTokenIsFinal(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := &platform{token: hourly, api: func(*http.Request) int { return 401 }}
		client := p.client(t)
		err := get(t.Context(), client)
		require.ErrorIs(t, err, conversation.ErrUnauthorized)
		assert.Equal(t, conversation.OutcomeNotSent, conversation.OutcomeOf(err))
		assert.EqualValues(t, 1, p.tokens.Load())
		assert.EqualValues(t, 1, p.calls.Load())
	})
}

func TestAStormOf401sRenewsOnceInTenSeconds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var refusing atomic.Bool
		p := &platform{token: hourly, takes: time.Second, apiTakes: time.Second}
		p.api = func(*http.Request) int {
			if refusing.Load() {
				return 401
			}
			return 200
		}
		client := p.client(t)
		require.NoError(t, get(t.Context(), client))
		refusing.Store(true)
		storm := func() {
			var group sync.WaitGroup
			for range 1000 {
				group.Go(func() { assert.ErrorIs(t, get(t.Context(), client), conversation.ErrUnauthorized) })
			}
			group.Wait()
		}
		storm()
		storm()
		assert.EqualValues(t, 2, p.tokens.Load())
		time.Sleep(10 * time.Second)
		storm()
		assert.EqualValues(t, 3, p.tokens.Load())
		refusing.Store(false)
		require.NoError(t, get(t.Context(), client))
	})
}

func TestAllCallsSurviveARevokedToken(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := &platform{token: hourly, takes: time.Second, apiTakes: time.Second}
		var revoked atomic.Bool
		p.api = func(req *http.Request) int {
			if revoked.Load() && req.Header.Get("Authorization") == "Bearer token-1" {
				return 401
			}
			return 200
		}
		client := p.client(t)
		require.NoError(t, get(t.Context(), client))
		revoked.Store(true)
		var group sync.WaitGroup
		for range 1000 {
			group.Go(func() { assert.NoError(t, get(t.Context(), client)) })
		}
		group.Wait()
		assert.EqualValues(t, 2, p.tokens.Load())
	})
}

func TestATokenThatCannotBeRenewedLeavesAnUnknownCallUnknown(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := &platform{token: func(n int, _ *http.Request) (int, string) {
			if n == 1 {
				return grant(n, 1)
			}
			return 400, `{}`
		}}
		p.apiTakes, p.api = 2*time.Second, func(*http.Request) int { return 503 }
		_, err := p.client(t).Messages.Send(t.Context(), textMessage(),
			conversation.WithRequestRetry(conversation.RetryPolicy{AcceptDuplicates: true}))
		_, isAuth := errors.AsType[*conversation.AuthError](err)
		require.True(t, isAuth, "%v", err)
		assert.Equal(t, conversation.OutcomeUnknown, conversation.OutcomeOf(err))
	})
}

func TestACallThatWasCancelledBeforeItBeganAsksForNoToken(t *testing.T) {
	t.Parallel()
	p := &platform{token: hourly}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err := get(ctx, p.client(t))
	require.ErrorIs(t, err, context.Canceled)
	assert.Equal(t, conversation.OutcomeNotSent, conversation.OutcomeOf(err))
	assert.Zero(t, p.tokens.Load())
}
