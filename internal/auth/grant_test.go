package auth

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/sinchgo/conversation/internal/transport"
)

func TestALifetimeIsReadOrAnHour(t *testing.T) {
	t.Parallel()
	for written, want := range map[string]time.Duration{
		`3599`: 3599 * time.Second, `"3599"`: 3599 * time.Second, `3599.9`: 3599 * time.Second, `3.6e3`: time.Hour,
		`1`: time.Second, `999999999999999999`: 2147483647 * time.Second,
		`0.5`: time.Hour, `-1`: time.Hour, `"soon"`: time.Hour, `null`: time.Hour, `1e300`: time.Hour, `[1]`: time.Hour, `"Inf"`: time.Hour,
	} {
		fetched, failed := readGrant(&transport.Reply{Status: 200, Body: []byte(`{"access_token":"T","expires_in":` + written + `}`)})
		assert.Nil(t, failed, written)
		assert.Equal(t, want, fetched.lifetime, written)
	}
}
