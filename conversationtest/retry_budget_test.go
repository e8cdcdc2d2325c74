package conversationtest_test

import (
	"fmt"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

// budgetCalls returns the number of calls of the tests of the retry budget.
func budgetCalls() int {
	if isSoak() {
		return 100_000
	}
	return 500
}

// readMany makes that many calls in a few goroutines, and returns how many failed.
func readMany(t *testing.T, client *conversation.Client, calls int) int {
	t.Helper()
	const goroutines = 20
	var group sync.WaitGroup
	failed := make([]int, goroutines)
	for i := range goroutines {
		group.Go(func() {
			for range calls / goroutines {
				if _, err := client.Apps.List(t.Context()); err != nil {
					failed[i]++
				}
			}
		})
	}
	group.Wait()
	sum := 0
	for _, count := range failed {
		sum += count
	}
	return sum
}

func TestABrownoutCausesFewMoreRequestsThanCalls(t *testing.T) {
	t.Parallel()
	for _, fault := range []conversationtest.Fault{
		status(http.StatusServiceUnavailable), limited(""), of(conversationtest.FaultReset), of(conversationtest.FaultTruncatedBody),
	} {
		for _, percent := range []int{10, 30, 50, 100} {
			t.Run(fmt.Sprintf("%v at %d percent", fault.Kind, percent), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					calls := budgetCalls()
					srv := start(t, conversationtest.Config{InMemory: true})
					active := fault
					active.Probability, active.Seed = float64(percent)/100, uint64(percent)
					srv.Fault(active)

					failed := readMany(t, srv.NewClient(t), calls)

					requests := len(apiRequests(srv))
					t.Logf("%d calls: %d requests, %d calls failed", calls, requests, failed)
					assert.LessOrEqual(t, requests, calls*11/10+50)
					if percent == 100 {
						assert.Equal(t, calls, failed)
						assert.Equal(t, calls+50, requests, "the whole budget, and no more")
					} else {
						assert.Less(t, failed, calls*percent/100, "the retries within the budget help")
					}
				})
			})
		}
	}
}

func TestAnIdempotentCallSurvivesTwoFaultsWhileTheBudgetLasts(t *testing.T) {
	t.Parallel()
	for _, op := range matrixOperations(t) {
		if !op.idempotent {
			continue
		}
		t.Run(op.id, func(t *testing.T) {
			t.Parallel()
			for _, kind := range matrixKinds {
				if kind.retried != ifIdempotent && kind.retried != always {
					continue
				}
				synctest.Test(t, func(t *testing.T) {
					s := setStage(t, op)
					client := s.srv.NewClient(t, conversation.WithHTTPClient(&http.Client{Transport: s}))
					fault := kind.fault
					fault.Times = 2
					hits := s.srv.Fault(fault)

					_, err := op.row.call(t.Context(), client, op.request)

					require.NoError(t, err, kind.name)
					assert.Equal(t, 2, hits.Hits(), kind.name)
				})
			}
		})
	}
}

func TestTheBudgetIsSpentAndEarned(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := start(t, conversationtest.Config{InMemory: true})
		client := srv.NewClient(t)
		survive := func() bool {
			srv.ClearFaults()
			twice := status(http.StatusServiceUnavailable)
			twice.Times = 2
			srv.Fault(twice)
			_, err := client.Apps.List(t.Context())
			return err == nil
		}
		for range 26 { // They spend 52 and earn 2.6.
			require.True(t, survive())
		}
		assert.False(t, survive(), "0.6 are left")

		srv.ClearFaults()
		for range 14 { // They earn 1.4.
			_, err := client.Apps.List(t.Context())
			require.NoError(t, err)
		}
		assert.True(t, survive())
	})
}
