package relay_test

import (
	"context"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/relay"
)

const (
	together  = 20 // entries that a goroutine enqueues after each other
	slowGroup = "slow"
)

// campaigns are the groups of the entries. Those with no group are left alone by operators, unless all of an app is paused.
var campaigns = []string{"", "spring", "autumn", slowGroup}

// slowRate is the rate of the slow group, for each app. It is below the share that the group would have.
func slowRate() float64 { return float64(volume(4, 15)) }

// planned returns an entry without its times. The seed decides what it has.
func (s *outboxSoak) planned(i int) relay.Entry {
	random := rand.New(rand.NewPCG(s.seed, uint64(i))) //nolint:gosec // Not negative.
	e := relay.Entry{ID: idOf(i), Group: campaigns[random.IntN(len(campaigns))]}
	if random.IntN(8) == 0 {
		e.Priority = random.IntN(5) - 1
	}
	return e
}

// entry returns an entry as it is enqueued now: one in 25 has a Before, half of them a short one, and as many an After.
func (s *outboxSoak) entry(i int) relay.Entry {
	e := s.planned(i)
	switch i % 50 {
	case 7:
		e.Before = time.Now().Add(250 * time.Millisecond)
	case 32:
		e.Before = time.Now().Add(time.Second + rand.N(time.Duration(volume(3, 60))*time.Second))
	case 16, 41:
		e.After = time.Now().Add(rand.N(2 * time.Second))
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.enqueued[e.ID] = e
	return e
}

// put enqueues one message, and one in ten twice.
func (s *outboxSoak) put(t *testing.T, i int) error {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	for range 1 + (rand.IntN(10)+1)/10 {
		if err := s.relay.Outbox().Enqueue(ctx, s.request(i), s.entry(i)); err != nil {
			return err
		}
	}
	return nil
}

// putAll enqueues messages together, and returns those that were not stored.
func (s *outboxSoak) putAll(t *testing.T, numbers []int) (left []int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	results := 0
	for e, err := range s.relay.Outbox().EnqueueAll(ctx, func(yield func(*conversation.SendMessageRequest, relay.Entry) bool) {
		for _, i := range numbers {
			if !yield(s.request(i), s.entry(i)) {
				return
			}
		}
	}) {
		assert.Equal(t, idOf(numbers[results]), e.ID, "the results are in order")
		if err != nil {
			left = append(left, numbers[results])
		}
		results++
	}
	return append(left, numbers[results:]...)
}

// upFrom returns the numbers of a range.
func upFrom(begin, end int) []int {
	numbers := make([]int, 0, end-begin)
	for i := begin; i < end; i++ {
		numbers = append(numbers, i)
	}
	return numbers
}

// checkRates compares the arrivals with the rates of the apps, the project and the slow group.
func (s *outboxSoak) checkRates(t *testing.T) {
	t.Helper()
	s.arrivals.check(t, s.job.Rate, s.job.Project)
	most := s.arrivals.mostBy(func(one arrival) string {
		if s.enqueued[one.id].Group != slowGroup {
			return one.id // a key for itself, as those that are not limited
		}
		return one.app
	})
	t.Logf("most requests in one second of the slow group of an app: %d (limit %v)", most, slowRate())
	assert.LessOrEqual(t, float64(most), slowRate(), "requests of a group with a rate in a second")
}
