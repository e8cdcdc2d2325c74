package conversationtest_test

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/conversationtest"
)

// granted returns how many of the token requests are below the limit.
func granted(t *testing.T, srv *conversationtest.Server, requests int) int {
	t.Helper()
	number := 0
	for range requests {
		resp, err := plain(t, srv, srv.TokenURL(), strings.NewReader("")) //nolint:bodyclose // It does that.
		assert.NoError(t, err)
		if resp.StatusCode == http.StatusTooManyRequests {
			assert.Empty(t, resp.Header.Get("Retry-After"))
			continue
		}
		number++
	}
	return number
}

func TestTheTokenBucketHoldsThirtyAndTenMoreASecond(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := start(t, conversationtest.Config{InMemory: true, TokenBucket: true})
		assert.Equal(t, 30, granted(t, srv, 50))
		time.Sleep(time.Second)
		assert.Equal(t, 10, granted(t, srv, 50))
		time.Sleep(time.Hour)
		assert.Equal(t, 30, granted(t, srv, 50))
	})
}

func TestTheTokenBucketRefillsAfterAWrongClock(t *testing.T) {
	t.Parallel()
	for name, off := range map[string]time.Duration{"12 hours ahead": 12 * time.Hour, "a year ahead": 8760 * time.Hour, "an hour behind": -time.Hour} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			begin := time.Unix(1_772_366_400, 0)
			now := begin
			srv := start(t, conversationtest.Config{InMemory: true, TokenBucket: true, Clock: func() time.Time { return now }})
			assert.Equal(t, 30, granted(t, srv, 30))
			now = begin.Add(off)
			granted(t, srv, 50)
			now = begin.Add(time.Second)
			granted(t, srv, 50)
			now = begin.Add(2 * time.Second)
			assert.Equal(t, 10, granted(t, srv, 50))
		})
	}
}

func TestOnlyTokensThatWereIssuedBeforeDie(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		kill    func(*conversationtest.Server)
		message string
	}{
		"expired": {(*conversationtest.Server).ExpireTokens, "Jwt expired at"},
		"revoked": {(*conversationtest.Server).RevokeTokens, "Jwt is not known"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWire(t, conversationtest.Config{})
			old := "Bearer " + w.token()
			assert.Equal(t, 200, w.listAs(old).status)

			tt.kill(w.srv)

			rejected := w.listAs(old)
			rejected.fails(401, "UNAUTHENTICATED", tt.message)
			assert.Contains(t, rejected.header.Get("WWW-Authenticate"), `Bearer error="invalid_token", error_description="`+tt.message)
			assert.Equal(t, 200, w.listAs("Bearer "+w.token()).status)
		})
	}
}

func TestATokenOfAnotherServerIsNotKnown(t *testing.T) {
	t.Parallel()
	w := newWire(t, conversationtest.Config{ProjectID: "p"})
	for _, token := range []string{newWire(t, conversationtest.Config{ProjectID: "p"}).token(), "made-up", w.token() + "A", "*"} {
		w.listAs("Bearer "+token).fails(401, "UNAUTHENTICATED", "not known")
	}
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
