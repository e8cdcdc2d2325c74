package auth

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"

	"github.com/sinchgo/conversation/internal/redact"
	"github.com/sinchgo/conversation/internal/retry"
)

// hourly is a fetch function whose tokens live an hour and are numbered from 1.
func hourly(fetches *int) func(context.Context) (Fetched, *Failure) {
	return func(context.Context) (Fetched, *Failure) {
		*fetches++
		return Fetched{header: fmt.Sprintf("Bearer %d", *fetches), lifetime: time.Hour}, nil
	}
}

func TestACachedTokenIsRenewedEarly(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		fetches := 0
		cache := NewCache(hourly(&fetches))
		for _, step := range []struct {
			after time.Duration
			token string
			count uint64
		}{
			{0, "Bearer 1", 1},
			{55*time.Minute - 1, "Bearer 1", 1}, // a tenth of an hour is 6 minutes, but 5 are the most
			{1, "Bearer 1", 2},                  // it starts the renewal
			{0, "Bearer 2", 2},
			{time.Hour - 30*time.Second, "Bearer 3", 3}, // too late for an early one
		} {
			time.Sleep(step.after)
			token, failure := cache.Token(t.Context())
			require.Nil(t, failure)
			synctest.Wait()
			assert.Equal(t, step.token, token.Header())
			assert.Equal(t, step.count, cache.Issued())
		}
	})
}

func TestARejectedTokenIsRenewedOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		fetches := 0
		cache := NewCache(hourly(&fetches))
		old, failure := cache.Token(t.Context())
		require.Nil(t, failure)
		again, failure := cache.Renew(t.Context(), old, cache.Issued())
		require.Nil(t, failure)
		assert.True(t, again)

		renewed, failure := cache.Token(t.Context())
		require.Nil(t, failure)
		again, _ = cache.Renew(t.Context(), renewed, 1)
		assert.False(t, again, "it was fetched after the call began")
		again, _ = cache.Renew(t.Context(), renewed, 2)
		assert.False(t, again, "another one was dropped less than 10 seconds ago")
		again, _ = cache.Renew(t.Context(), old, 2)
		assert.True(t, again, "the cache has another token already")
		assert.Equal(t, 2, fetches)
	})
}

func TestACallThatStopsWaitingHarmsNoOther(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		cache := NewCache(func(ctx context.Context) (Fetched, *Failure) {
			select {
			case <-ctx.Done():
				return Fetched{}, &Failure{Err: ctx.Err()}
			case <-time.After(time.Second):
				return Fetched{header: "Bearer late", lifetime: time.Hour}, nil
			}
		})
		ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		_, failure := cache.Token(ctx)
		require.ErrorIs(t, failure.Err, context.DeadlineExceeded)
		token, failure := cache.Token(t.Context())
		require.Nil(t, failure)
		assert.Equal(t, "Bearer late", token.Header())
	})
}

func TestASourceThatFailsOrPanicsIsAFailure(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	_, failure := NewCache(FromSource(sourceFunc(func() (*oauth2.Token, error) { return nil, broken }))).Token(t.Context())
	require.ErrorIs(t, failure.Err, broken)
	_, failure = NewCache(FromSource(sourceFunc(func() (*oauth2.Token, error) { panic("hush") }))).Token(t.Context())
	require.ErrorContains(t, failure, "no access token: the token source panicked: panic: its value is not shown (in auth.TestASourceThatFailsOrPanicsIsAFailure.func2 cache_test.go:")
	assert.NotContains(t, failure.Error(), "hush")
	var none map[string]*oauth2.Token
	_, failure = NewCache(FromSource(sourceFunc(func() (*oauth2.Token, error) { return none["a"].WithExtra(none["a"].Expiry), nil }))).Token(t.Context())
	require.ErrorContains(t, failure, "nil pointer dereference")
}

func TestATransportThatPanicsDuringATokenRequestIsAFailure(t *testing.T) {
	t.Parallel()
	fetcher := &Fetcher{
		KeyID: "id", KeySecret: redact.NewSecret("hush-secret"), TokenURL: "https://auth.test/oauth2/token", Timeout: time.Minute,
		HTTP: &http.Client{Transport: panics{}}, Policy: retry.Policy{MaxAttempts: 1}, Logger: slog.New(slog.DiscardHandler),
	}
	_, failure := NewCache(fetcher.Fetch).Token(t.Context())
	require.ErrorContains(t, failure, "no access token: the transport panicked")
	assert.NotContains(t, failure.Error(), "hush")
}

type panics struct{}

func (panics) RoundTrip(req *http.Request) (*http.Response, error) { panic(fmt.Sprint(req.Header)) }

type sourceFunc func() (*oauth2.Token, error)

func (f sourceFunc) Token() (*oauth2.Token, error) { return f() }

func TestATokenIsNotPrintedHoweverDeepItLies(t *testing.T) {
	t.Parallel()
	hush := redact.NewSecret("hush-secret")
	for name, value := range map[string]any{
		"a token":     Token{Header: hush},
		"a fetcher":   Fetcher{KeySecret: hush},
		"basic auth":  basic{&Token{Header: hush}},
		"deep inside": []any{map[string]any{"x": struct{ inner []Token }{[]Token{{Header: hush}}}}},
	} {
		for _, format := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x", "%w"} {
			printed := fmt.Sprintf(format, value)
			assert.NotContains(t, printed, "hush", name)
			assert.NotContains(t, printed, fmt.Sprintf("%x", "hush"), name)
		}
	}
}
