package relayprogram

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/relay"
)

// numbered yields entries with the IDs 0 to count-1, and then a failure if there is one.
func numbered(count int, failure error) func(func(*relay.Status, error) bool) {
	return func(yield func(*relay.Status, error) bool) {
		for i := range count {
			if !yield(&relay.Status{ID: strconv.Itoa(i)}, nil) {
				return
			}
		}
		if failure != nil {
			yield(nil, failure)
		}
	}
}

func TestALargeChangePrintsItsProgressAndCounts(t *testing.T) {
	t.Parallel()
	var stdout, stderr strings.Builder
	var now, most atomic.Int64
	c := &call{console: console{stdout: &stdout, stderr: &stderr}}
	err := c.changeAll(t.Context(), 12_000, numbered(12_000, nil), change{
		done: "cancelled", late: "were sent", tooLate: relay.ErrNotQueued,
		do: func(_ context.Context, id string) error {
			most.Store(max(most.Load(), now.Add(1)))
			defer now.Add(-1)
			switch {
			case strings.HasSuffix(id, "00"):
				return fmt.Errorf("%w: it is accepted", relay.ErrNotQueued)
			case strings.HasSuffix(id, "11"):
				return relay.ErrNoEntry
			}
			return nil
		},
	})
	require.NoError(t, err, "too late is not a failure")
	assert.Equal(t, "11761 cancelled.\n239 were sent.\n", stdout.String())
	assert.Equal(t, "5000 of about 12000\n10000 of about 12000\n", stderr.String())
	assert.LessOrEqual(t, most.Load(), int64(changeCalls))
}

func TestALargeChangeGoesOnAfterAFailure(t *testing.T) {
	t.Parallel()
	var stdout strings.Builder
	c := &call{console: console{stdout: &stdout, stderr: &strings.Builder{}}}
	err := c.changeAll(t.Context(), 3, numbered(3, errors.New("the engine is away")), change{
		done: "cancelled", tooLate: relay.ErrNotQueued,
		do: func(_ context.Context, id string) error {
			if id == "1" {
				return errors.New("the disk is full")
			}
			return nil
		},
	})
	require.ErrorContains(t, err, "1 of 3 failed, the first is 1: the disk is full")
	require.ErrorContains(t, err, "the engine is away")
	assert.Equal(t, "2 cancelled.\n", stdout.String())
}

func TestAnInterruptedLargeChangeSaysHowFarItGot(t *testing.T) {
	t.Parallel()
	ctx, interrupt := context.WithCancel(t.Context())
	defer interrupt()
	var stdout strings.Builder
	c := &call{console: console{stdout: &stdout, stderr: &strings.Builder{}}, json: true}
	err := c.changeAll(ctx, 2, numbered(2, nil), change{
		do: func(_ context.Context, id string) error {
			if id == "0" {
				return nil
			}
			interrupt()
			return ctx.Err()
		},
	})
	require.EqualError(t, err, "interrupted: run it again for the rest")
	assert.JSONEq(t, `{"done":1,"too_late":0,"failed":0}`, stdout.String())
}

func TestAnEntryThatIsRejectedAgainIsNotRetriedAgain(t *testing.T) {
	t.Parallel()
	began := time.Now()
	listed := func(yield func(*relay.Status, error) bool) {
		_ = yield(&relay.Status{ID: "old", At: began}, nil) && yield(&relay.Status{ID: "again", At: began.Add(time.Second)}, nil) &&
			yield(nil, errors.New("the engine is away"))
	}
	var got []string
	for entry, err := range upTo(began, listed) {
		if err != nil {
			got = append(got, err.Error())
			continue
		}
		got = append(got, entry.ID)
	}
	assert.Equal(t, []string{"old", "the engine is away"}, got)
}
