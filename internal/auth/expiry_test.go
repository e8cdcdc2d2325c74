package auth

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestAnExpiryBecomesAWholeNumberOrIsDropped(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		`{"expires_in":3599}`:                `{"expires_in":3599}`,
		`{"expires_in":"3599"}`:              `{"expires_in":3599}`,
		`{"Expires_In":3599.9}`:              `{"Expires_In":3599}`,
		`{"expires_in":3.6e3}`:               `{"expires_in":3600}`,
		`{"expires_in":0.5}`:                 `{}`,
		`{"expires_in":-1}`:                  `{}`,
		`{"expires_in":"soon"}`:              `{}`,
		`{"expires_in":1234567890123456789}`: `{}`,
		`{"expires_in":null,"a":1}`:          `{"a":1}`,
		`not JSON`:                           `not JSON`,
		`{"a":1}`:                            `{"a":1}`,
	} {
		assert.Equal(t, want, string(withReadableExpiry([]byte(body))), body)
	}
}
