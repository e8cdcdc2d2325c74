package webhook_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/webhook"
)

// TestEverySingleBitCounts flips every bit of the samples and of their headers, one at a time. `make test` tries one in
// 101 of the bits of the bodies, `make soak` each.
func TestEverySingleBitCounts(t *testing.T) {
	t.Parallel()
	step := 101
	if soaking {
		step = 1
	}
	for trigger, body := range samples(t) {
		t.Run(string(trigger), func(t *testing.T) {
			t.Parallel()
			header := webhook.Sign(body, secret, nonce, signed)
			require.NoError(t, webhook.Verify(body, header, secret, at(0)))
			for bit := 0; bit < len(body)*8; bit += step {
				body[bit/8] ^= 1 << (bit % 8)
				require.ErrorIs(t, webhook.Verify(body, header, secret, at(0)), webhook.ErrBadSignature, "bit %d of the body", bit)
				body[bit/8] ^= 1 << (bit % 8)
			}
			for name := range header {
				for bit := range len(header.Get(name)) * 8 {
					changed := header.Clone()
					changed[name] = []string{flipped(header.Get(name), bit)}
					require.Error(t, webhook.Verify(body, changed, secret, at(0)), "bit %d of %s", bit, name)
				}
			}
			for bit := range len(secret) * 8 {
				require.ErrorIs(t, webhook.Verify(body, header, flipped(secret, bit), at(0)), webhook.ErrBadSignature)
			}
			require.NoError(t, webhook.Verify(body, header, secret, at(0)), "nothing is left changed")
		})
	}
}

// flipped returns a string with one bit flipped.
func flipped(text string, bit int) string {
	data := []byte(text)
	data[bit/8] ^= 1 << (bit % 8)
	return string(data)
}
