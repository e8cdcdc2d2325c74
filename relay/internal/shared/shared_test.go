package shared_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/relay/internal/shared"
)

func TestWhoeverComesDuringACallWaitsForTheNext(t *testing.T) {
	t.Parallel()
	for name, pause := range map[string]time.Duration{"without a pause": 0, "with a pause": 5 * time.Millisecond} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var began atomic.Int64
				calls := &shared.Calls{Pause: pause, Do: func(context.Context) error {
					began.Add(1)
					time.Sleep(time.Second)
					return nil
				}}
				var group sync.WaitGroup
				wait := func(want time.Duration) {
					start := time.Now()
					group.Go(func() {
						assert.NoError(t, calls.Wait(t.Context()))
						assert.Equal(t, want, time.Since(start))
					})
				}
				wait(pause + time.Second)
				time.Sleep(pause + time.Second/2)
				for range 50 {
					wait(pause + 3*time.Second/2)
				}
				group.Wait()
				assert.Equal(t, int64(2), began.Load())
				time.Sleep(pause + time.Nanosecond) // it ends when nobody waits
			})
		})
	}
}

func TestACallGoesOnWhenOneOfThoseWhoWaitLeaves(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		failed := errors.New("failed")
		calls := &shared.Calls{Do: func(context.Context) error {
			time.Sleep(time.Minute)
			return failed
		}}
		var group sync.WaitGroup
		group.Go(func() { assert.ErrorIs(t, calls.Wait(t.Context()), failed) })
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		require.ErrorIs(t, calls.Wait(ctx), context.DeadlineExceeded)
		group.Wait()
	})
}
