package webhook_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/webhook"
)

// TestNoCallbackIsLostOrCommittedTwice plays Sinch after an outage of twelve hours: it delivers reports and redelivers
// them, four times each and in any order, until each delivery is answered 200. One in ten redeliveries is signed anew. One
// in twenty calls of the function fails, half of them by a panic, and during one in forty the callback is redelivered.
func TestNoCallbackIsLostOrCommittedTwice(t *testing.T) {
	t.Parallel()
	redeliveries, seed := 5_000, rand.Uint64()
	if soaking {
		redeliveries = 1_000_000
	}
	const perCallback, perMessage = 4, 4
	random := rand.New(rand.NewPCG(seed, 0))
	callbacks := redeliveries / perCallback
	statuses := make([]conversation.DeliveryStatus, callbacks)
	want := make([]conversation.DeliveryStatus, callbacks/perMessage+1)
	for i := range statuses {
		statuses[i] = inOrder[random.IntN(len(inOrder))]
		want[i/perMessage] = inOrder[max(indexOf(want[i/perMessage]), indexOf(statuses[i]))]
	}
	bodyOf := func(i int) []byte {
		return fmt.Appendf(nil, `{"correlation_id":"%d","message_delivery_report":{"message_id":"%d","status":%q}}`, i, i/perMessage, statuses[i])
	}
	todo := make([]int, callbacks+redeliveries)
	for i := range todo {
		todo[i] = i % callbacks
	}
	random.Shuffle(len(todo), func(i, j int) { todo[i], todo[j] = todo[j], todo[i] })

	receiver := newReceiver(t, webhook.WithDeduper(webhook.NewMemoryDeduper(callbacks)), webhook.WithClock(time.Now))
	queue := &callbackQueue{random: random, todo: todo, delivered: make([]bool, callbacks), end: time.Now()}
	deliver := func(i int) int {
		req := newCallback(t, bodyOf(i), "")
		req.Header = queue.sign(i, bodyOf(i))
		return serve(receiver, req).Code
	}
	store := &reportStore{
		random: rand.New(rand.NewPCG(seed, 1)), commits: make([]int, callbacks), status: make([]conversation.DeliveryStatus, len(want)),
		redeliver: func(i int) { assert.Equal(t, http.StatusServiceUnavailable, deliver(i), "callback %d is in flight", i) },
	}
	webhook.On(receiver, store.handle)

	began := time.Now()
	var senders sync.WaitGroup
	for range 8 {
		senders.Go(func() {
			for i, more := queue.next(); more; i, more = queue.next() {
				switch code := deliver(i); code {
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

	t.Logf("seed %d, %d callbacks in %v: %d redeliveries, of which %d signed anew and %d of a callback in flight; %d calls failed",
		seed, callbacks, time.Since(began).Round(time.Millisecond), queue.redelivered, queue.anew, store.inFlight, store.failed)
	assert.GreaterOrEqual(t, queue.redelivered, redeliveries)
	assert.InEpsilon(t, queue.redelivered/10, queue.anew, 0.2)
	assert.Positive(t, store.inFlight)
	assert.Positive(t, store.failed)
	lost, twice := 0, 0
	for _, commits := range store.commits {
		switch {
		case commits == 0:
			lost++
		case commits > 1:
			twice++
		}
	}
	assert.Zero(t, lost, "lost")
	assert.Zero(t, twice, "handled twice")
	require.Equal(t, want, store.status)
}

// reportStore is the state of an application, which its function changes.
type reportStore struct {
	mu        sync.Mutex
	random    *rand.Rand
	failed    int
	inFlight  int
	commits   []int
	status    []conversation.DeliveryStatus
	redeliver func(callback int)
}

func (s *reportStore) handle(_ context.Context, event *webhook.MessageDelivery) error {
	callback, err := strconv.Atoi(event.CorrelationID)
	if err != nil {
		return err
	}
	message, err := strconv.Atoi(event.MessageDeliveryReport.MessageID)
	if err != nil {
		return err
	}
	switch s.draw() {
	case 0:
		return errors.New("broken")
	case 1:
		panic("broken")
	case 2:
		s.redeliver(callback)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.commits[callback]++
	s.status[message] = webhook.Fold(s.status[message], event.MessageDeliveryReport.Status)
	return nil
}

// draw returns a number below 40, which decides what happens.
func (s *reportStore) draw() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	lot := s.random.IntN(40)
	if lot <= 1 {
		s.failed++
	}
	if lot == 2 {
		s.inFlight++
	}
	return lot
}

// callbackQueue holds what is to be delivered, and signs it.
type callbackQueue struct {
	mu                sync.Mutex
	random            *rand.Rand
	todo              []int
	end               time.Time // of the outage
	delivered         []bool
	redelivered, anew int
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

// sign returns the headers of a delivery: those of the first, or for one in ten redeliveries another nonce and time.
func (q *callbackQueue) sign(i int, body []byte) http.Header {
	q.mu.Lock()
	defer q.mu.Unlock()
	const outage = 12 * time.Hour
	nonce, at := strconv.Itoa(i), q.end.Add(-outage/time.Duration(len(q.delivered))*time.Duration(i))
	if q.delivered[i] {
		q.redelivered++
		if q.random.IntN(10) == 0 {
			q.anew++
			nonce, at = fmt.Sprintf("%d-%d", i, q.anew), q.end.Add(-time.Duration(q.random.Int64N(int64(outage))))
		}
	}
	q.delivered[i] = true
	return webhook.Sign(body, secret, nonce, at)
}
