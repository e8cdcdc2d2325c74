package webhook_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/webhook"
)

// TestNoCallbackIsLostOrCommittedTwice plays Sinch: it delivers reports out of order, one in ten twice, and each of them
// until it is answered 200, with its first signature, as after an outage of twelve hours. One in twenty calls of the
// function fails, half of them by a panic.
func TestNoCallbackIsLostOrCommittedTwice(t *testing.T) {
	t.Parallel()
	deliveries, seed := 10_000, rand.Uint64()
	if soaking {
		deliveries = 1_000_000
	}
	t.Logf("%d deliveries, seed %d", deliveries, seed)

	const perMessage = 4
	random := rand.New(rand.NewPCG(seed, 0))
	callbacks := deliveries * 10 / 11
	statuses := make([]conversation.DeliveryStatus, callbacks)
	want := make([]conversation.DeliveryStatus, callbacks/perMessage+1)
	for i := range statuses {
		statuses[i] = inOrder[random.IntN(len(inOrder))]
		want[i/perMessage] = inOrder[max(indexOf(want[i/perMessage]), indexOf(statuses[i]))]
	}
	todo := make([]int, deliveries)
	for i := range todo {
		todo[i] = i % callbacks
	}
	random.Shuffle(len(todo), func(i, j int) { todo[i], todo[j] = todo[j], todo[i] })

	receiver := newReceiver(t, webhook.WithDeduper(webhook.NewNonceMemory(callbacks)), webhook.WithClock(time.Now))
	end, outage := time.Now(), 12*time.Hour
	store := &reportStore{random: random, commits: make([]int, callbacks), status: make([]conversation.DeliveryStatus, len(want))}
	webhook.On(receiver, store.handle)

	queue := &callbackQueue{todo: todo}
	var senders sync.WaitGroup
	for range 8 {
		senders.Go(func() {
			for {
				i, more := queue.next()
				if !more {
					return
				}
				body := fmt.Appendf(nil, `{"correlation_id":"%d","message_delivery_report":{"message_id":"%d","status":%q}}`, i, i/perMessage, statuses[i])
				req := newCallback(t, body, "")
				req.Header = webhook.Sign(body, secret, strconv.Itoa(i), end.Add(-outage/time.Duration(callbacks)*time.Duration(i)))
				switch code := serve(receiver, req).Code; code {
				case 200:
				case 500, 503:
					queue.again(i)
				default:
					assert.Fail(t, "lost", "callback %d was answered %d", i, code)
				}
			}
		})
	}
	senders.Wait()

	assert.Positive(t, store.failed)
	for i, commits := range store.commits {
		require.Equal(t, 1, commits, "callback %d", i)
	}
	require.Equal(t, want, store.status)
}

// reportStore is the state of an application, which its function changes.
type reportStore struct {
	mu      sync.Mutex
	random  *rand.Rand
	failed  int
	commits []int
	status  []conversation.DeliveryStatus
}

func (s *reportStore) handle(_ context.Context, event *webhook.MessageDelivery) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch s.random.IntN(40) {
	case 0:
		s.failed++
		return errors.New("broken")
	case 1:
		s.failed++
		panic("broken")
	}
	callback, err := strconv.Atoi(event.CorrelationID)
	if err != nil {
		return err
	}
	message, err := strconv.Atoi(event.MessageDeliveryReport.MessageID)
	if err != nil {
		return err
	}
	s.commits[callback]++
	s.status[message] = webhook.Fold(s.status[message], event.MessageDeliveryReport.Status)
	return nil
}

// callbackQueue holds what is to be delivered.
type callbackQueue struct {
	mu   sync.Mutex
	todo []int
}

func (q *callbackQueue) next() (int, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.todo) == 0 {
		return 0, false
	}
	i := q.todo[0]
	q.todo = q.todo[1:]
	return i, true
}

func (q *callbackQueue) again(i int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.todo = append(q.todo, i)
}
