package relay

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/relay/internal/option"
)

func TestTheWaitDoublesUpToTheLongest(t *testing.T) {
	t.Parallel()
	c, err := option.Apply(opRunInbox, defaultInboxConfig(), []InboxOption(nil))
	require.NoError(t, err)
	total := time.Duration(0)
	for tries := 1; tries < c.tries; tries++ {
		total += c.backoff(tries)
	}
	assert.Equal(t, 511*time.Second, total, "as documented at WithBackoff")
	c.first, c.most = 2, 9
	for tries, want := range []time.Duration{1: 2, 2: 4, 3: 8, 4: 9, 5: 9, 1000: 9} {
		if want > 0 {
			assert.Equal(t, want, c.backoff(tries), tries)
		}
	}
}
