package conversationtest_test

import (
	"context"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

// callCounter is an observer that counts calls and attempts by operation, and calls by operation and outcome.
type callCounter struct {
	mu                 sync.Mutex
	started, ended     map[string]int
	attempts, outcomes map[string]int
}

func newCallCounter() *callCounter {
	return &callCounter{started: map[string]int{}, ended: map[string]int{}, attempts: map[string]int{}, outcomes: map[string]int{}}
}

func (c *callCounter) CallStarted(ctx context.Context, call conversation.CallInfo) context.Context {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.started[call.Operation]++
	return ctx
}

func (c *callCounter) CallEnded(_ context.Context, call conversation.CallInfo, result conversation.CallResult) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ended[call.Operation]++
	c.outcomes[call.Operation+" "+result.Outcome.String()]++
	if result.Attempts > 0 {
		c.attempts[call.Operation] += result.Attempts
	}
}

func (c *callCounter) AttemptStarted(ctx context.Context, call conversation.CallInfo) context.Context {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.started["attempt of "+call.Operation]++
	return ctx
}

func (c *callCounter) AttemptEnded(_ context.Context, call conversation.CallInfo, _ conversation.CallResult) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ended["attempt of "+call.Operation]++
}

// TestTheCallsOfAnObserverAgreeWithTheLogUnderRandomFaults makes random calls with random faults of requests that arrive.
func TestTheCallsOfAnObserverAgreeWithTheLogUnderRandomFaults(t *testing.T) {
	t.Parallel()
	seed := randomSeed(t)
	synctest.Test(t, func(t *testing.T) {
		random := rand.New(rand.NewPCG(seed, 20))
		srv := start(t, conversationtest.Config{InMemory: true})
		seen, returned := newCallCounter(), map[string]int{}
		client := srv.NewClient(t, conversation.WithObserver(seen), conversation.WithRetry(conversation.RetryPolicy{Budget: 1 << 30}))
		kinds := slices.DeleteFunc(slices.Clone(matrixKinds), func(kind matrixKind) bool { return kind.lost || kind.deadline > 0 || kind.cancelAfter > 0 })
		calls := 800
		if isSoak() {
			calls = 100_000
		}
		for range calls {
			if kind := kinds[random.IntN(len(kinds))]; random.IntN(4) > 0 {
				kind.fault.Times = 1 + random.IntN(4)
				srv.Fault(kind.fault)
			}
			ctx, cancel := context.WithTimeout(t.Context(), time.Duration(1+random.Int64N(int64(2*time.Minute))))
			randomCall(ctx, srv, client, random, returned)
			cancel()
			srv.ClearFaults()
			time.Sleep(11 * time.Second) // So that a token can be renewed again. The time is virtual.
		}
		time.Sleep(time.Hour) // A token may still be fetched for calls that have ended.

		assert.Equal(t, seen.started, seen.ended, "seed %d", seed)
		arrived := map[string]int{}
		for _, request := range srv.Requests() {
			arrived[request.Operation]++
		}
		arrived["Token"] = arrived["token"]
		delete(arrived, "token")
		assert.Equal(t, arrived, seen.attempts, "seed %d", seed)
		for operation, count := range arrived {
			assert.Equal(t, count, seen.started["attempt of "+operation], "seed %d: %s", seed, operation)
		}
		for outcome, count := range returned {
			assert.Equal(t, count, seen.outcomes[outcome], "seed %d: %s", seed, outcome)
		}
		require.Greater(t, len(seen.outcomes), 12, "%v", slices.Sorted(maps.Keys(seen.outcomes)))
	})
}

// randomCall calls a method, and counts the outcomes that it returned for each operation that it is made of.
func randomCall(ctx context.Context, srv *conversationtest.Server, client *conversation.Client, random *rand.Rand, returned map[string]int) {
	count := func(operation string, err error) {
		returned[fmt.Sprintf("%s %s", operation, conversation.OutcomeOf(err))]++
	}
	message := hello(srv.AppID())
	switch random.IntN(6) {
	case 0:
		_, err := client.Messages.Send(ctx, message)
		count("Messages.Send", err)
	case 1:
		_, err := client.Messages.Send(ctx, &conversation.SendMessageRequest{})
		count("Messages.Send", err)
	case 2:
		messages := []*conversation.SendMessageRequest{message, {}, message, message}
		sum, _ := client.Messages.SendMany(ctx, slices.Values(messages), conversation.SendManyOptions{PerSecond: math.Inf(1), Concurrency: 2})
		for _, result := range sum.Results {
			count("Messages.Send", result.Err)
		}
	case 3:
		_, err := client.Apps.Get(ctx, srv.AppID())
		count("Apps.Get", err)
	case 4:
		count("Messages.Delete", client.Messages.Delete(ctx, "01HX"))
	default:
		_, err := client.Contacts.List(ctx, &conversation.ListContactsParams{PageSize: random.IntN(3) - 1})
		count("Contacts.List", err)
	}
}
