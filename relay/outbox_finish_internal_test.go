package relay

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The server may have crashed before its answer. The next try reaches another.
func TestAMissingAnswerIsNotAwaitedForLong(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		a := &attempt{worker: &worker{done: make(chan struct{})}}
		began, tries := time.Now(), 0
		require.NoError(t, a.untilDone(t.Context(), func(ctx context.Context) error {
			if tries++; tries > 1 {
				return nil
			}
			<-ctx.Done()
			return ctx.Err()
		}))
		assert.Less(t, time.Since(began), time.Minute)
	})
}
