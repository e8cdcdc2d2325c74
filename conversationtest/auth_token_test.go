package conversationtest_test

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/sinchgo/conversation/conversationtest"
)

func TestTheTokenBucketHoldsThirtyAndTenMoreASecond(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := start(t, conversationtest.Config{InMemory: true, TokenBucket: true})
		granted := func(requests int) int {
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

		assert.Equal(t, 30, granted(50))
		time.Sleep(time.Second)
		assert.Equal(t, 10, granted(50))
		time.Sleep(time.Hour)
		assert.Equal(t, 30, granted(50))
	})
}

func TestOnlyTokensThatWereIssuedBeforeDie(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		kill func(*conversationtest.Server)
		says string
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

			refused := w.listAs(old)
			refused.fails(401, "UNAUTHENTICATED", tt.says)
			assert.Contains(t, refused.header.Get("WWW-Authenticate"), `Bearer error="invalid_token", error_description="`+tt.says)
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
