package conversation_test

import (
	"errors"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"

	"github.com/sinchgo/conversation"
)

// callsUnderLoad makes concurrent calls each 100 ms for a minute, and returns the times of the token requests that they caused.
func callsUnderLoad(t *testing.T, status int, code string) []time.Duration {
	t.Helper()
	started := time.Now()
	var asked []time.Duration
	p := &platform{token: func(int, *http.Request) (int, string) {
		asked = append(asked, time.Since(started))
		return status, fmt.Sprintf(`{"error":%q}`, code)
	}}
	client := p.client(t, conversation.WithRetry(conversation.NoRetry))
	for time.Since(started) < time.Minute {
		var group sync.WaitGroup
		for range atLength(10, 100) {
			group.Go(func() { assert.ErrorAs(t, get(t.Context(), client), new(*conversation.AuthError)) })
		}
		group.Wait()
		time.Sleep(100 * time.Millisecond)
	}
	return asked
}

func TestARefusedCredentialIsNotTriedAgainForSeconds(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		status int
		code   string
	}{{401, "invalid_client"}, {401, ""}, {403, ""}, {400, "invalid_client"}, {200, "invalid_client"}} {
		t.Run(fmt.Sprint(tt.status, tt.code), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				asked := callsUnderLoad(t, tt.status, tt.code)
				assert.GreaterOrEqual(t, len(asked), 6, "it is tried again every 10 seconds at the latest")
				gaps := map[time.Duration]bool{}
				for i := 1; i < len(asked); i++ {
					gap := asked[i] - asked[i-1]
					gaps[gap] = true
					assert.GreaterOrEqual(t, gap, 5*time.Second)
					assert.LessOrEqual(t, gap, 10*time.Second+100*time.Millisecond)
				}
				assert.Greater(t, len(gaps), 1, "the time varies")
			})
		})
	}
}

func TestAnotherFailureOfTheTokenEndpointIsTriedAgain(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		status int
		code   string
	}{{400, "invalid_scope"}, {404, ""}, {429, ""}, {500, ""}, {503, "temporarily_unavailable"}} {
		t.Run(fmt.Sprint(tt.status, tt.code), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				assert.GreaterOrEqual(t, len(callsUnderLoad(t, tt.status, tt.code)), 600)
			})
		})
	}
}

func TestARememberedRefusalSaysSinceWhen(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := &platform{token: func(int, *http.Request) (int, string) { return 401, `{"error":"invalid_client"}` }}
		client := p.client(t)
		first, ok := errors.AsType[*conversation.AuthError](get(t.Context(), client))
		require.True(t, ok)
		assert.Equal(t, 1, first.Attempts)
		assert.NotContains(t, first.Error(), "since")

		refused := time.Now().UTC().Format(time.RFC3339)
		time.Sleep(4 * time.Second)
		_, err := client.Messages.Send(t.Context(), textMessage())
		again, ok := errors.AsType[*conversation.AuthError](err)
		require.True(t, ok)
		assert.Equal(t, 401, again.StatusCode)
		assert.Equal(t, "invalid_client", again.Code)
		assert.Equal(t, "Messages.Send", again.Operation)
		assert.Zero(t, again.Attempts, "it asked nobody")
		assert.ErrorContains(t, err, "check the key id and secret (refused since "+refused+", not tried again before ")
		assert.Equal(t, conversation.OutcomeNotSent, conversation.OutcomeOf(err))
		assert.EqualValues(t, 1, p.tokens.Load())
	})
}

func TestARefusalOfACallersTokenSourceIsNotRemembered(t *testing.T) {
	t.Parallel()
	source := &countingSource{token: func(n int64) (*oauth2.Token, error) {
		if n == 1 {
			return nil, &oauth2.RetrieveError{Response: &http.Response{StatusCode: http.StatusUnauthorized}, ErrorCode: "invalid_client"}
		}
		return &oauth2.Token{AccessToken: "own"}, nil
	}}
	client, err := conversation.NewClient("project", conversation.WithTokenSource(source),
		conversation.WithRegion(conversation.RegionBR), conversation.WithHTTPClient(&http.Client{Transport: &platform{}}))
	require.NoError(t, err)
	require.ErrorContains(t, get(t.Context(), client), "check the key id and secret")
	require.NoError(t, get(t.Context(), client))
}

func TestARefusalIsForgottenOnceItsTimeIsOver(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := &platform{token: func(n int, _ *http.Request) (int, string) {
			if n == 1 || n == 3 {
				return 401, `{}`
			}
			return grant(n, 3600)
		}}
		client := p.client(t)
		require.Error(t, get(t.Context(), client))
		time.Sleep(10 * time.Second)
		for range 100 {
			require.NoError(t, get(t.Context(), client))
		}
		assert.EqualValues(t, 2, p.tokens.Load())

		time.Sleep(56 * time.Minute)
		require.NoError(t, get(t.Context(), client), "an early renewal is refused, and the token is still good")
		synctest.Wait()
		assert.EqualValues(t, 3, p.tokens.Load())
		require.NoError(t, get(t.Context(), client))
	})
}
