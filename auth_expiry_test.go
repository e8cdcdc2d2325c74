package conversation_test

import (
	"errors"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

func TestATokenIsCachedForTheLifetimeInTheReply(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := &platform{token: func(n int, _ *http.Request) (int, string) { return grant(n, 60) }}
		client := p.client(t)
		for range 10 {
			require.NoError(t, get(t.Context(), client))
			time.Sleep(30 * time.Second)
		}
		assert.EqualValues(t, 5, p.tokens.Load())
	})
}

func TestAShortTokenIsGivenOutUntilASixtiethOfItsLifeIsLeft(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := &platform{token: func(n int, _ *http.Request) (int, string) {
			if n == 1 {
				return grant(n, 60)
			}
			return 400, `{}`
		}}
		client := p.client(t)
		require.NoError(t, get(t.Context(), client))
		time.Sleep(58*time.Second + 500*time.Millisecond)
		require.NoError(t, get(t.Context(), client), "its renewal fails, and it is still good")
		time.Sleep(time.Second)
		_, ok := errors.AsType[*conversation.AuthError](get(t.Context(), client))
		assert.True(t, ok, "half a second before its end it is not risked")
	})
}

func TestAnInvalidLifetimeIsAnHour(t *testing.T) {
	t.Parallel()
	for _, expiresIn := range []string{
		"", "null", "0", "-1", "-3600", "0.5", `""`, `"soon"`, `"NaN"`, "1e300", "99999999999999999999", "true", "[3600]", "{}",
	} {
		t.Run(expiresIn, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				p := &platform{token: func(n int, _ *http.Request) (int, string) { return lyingGrant(n, expiresIn) }}
				client := p.client(t)
				for range 53 {
					require.NoError(t, get(t.Context(), client))
					time.Sleep(time.Minute)
				}
				assert.EqualValues(t, 1, p.tokens.Load())
				time.Sleep(7 * time.Minute)
				require.NoError(t, get(t.Context(), client))
				assert.EqualValues(t, 2, p.tokens.Load())
			})
		})
	}
}

func TestALifetimeIsReadHoweverItIsWritten(t *testing.T) {
	t.Parallel()
	for _, expiresIn := range []string{"600", `"600"`, "600.9", "6e2", `"600.9"`} {
		t.Run(expiresIn, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				p := &platform{token: func(n int, _ *http.Request) (int, string) { return lyingGrant(n, expiresIn) }}
				client := p.client(t)
				for _, want := range []int64{1, 1, 2} {
					require.NoError(t, get(t.Context(), client))
					assert.Equal(t, want, p.tokens.Load())
					time.Sleep(299 * time.Second)
				}
			})
		})
	}
}

func TestATokenWithALifetimeBeyondAllNumbersIsKept(t *testing.T) {
	t.Parallel()
	for _, expiresIn := range []string{"2147483647", "9999999999", "999999999999999999"} {
		t.Run(expiresIn, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				p := &platform{token: func(n int, _ *http.Request) (int, string) { return lyingGrant(n, expiresIn) }}
				client := p.client(t)
				for range 10 {
					require.NoError(t, get(t.Context(), client))
					time.Sleep(365 * 24 * time.Hour)
				}
				assert.EqualValues(t, 1, p.tokens.Load())
			})
		})
	}
}
