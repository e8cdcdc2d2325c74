package pgconversation_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/webhook"
)

// stuckAfter is how long a job may run before it is that of a process that was killed.
const stuckAfter = 3 * time.Second

// inboxSoak delivers callbacks to processes that are killed.
type inboxSoak struct {
	*inboxBench
	callbacks, kills int
	http             *http.Client
	again            atomic.Int64 // deliveries that were not answered 200

	mu       sync.Mutex
	children []*inboxChild
}

// TestNoCallbackIsLostOrCommittedTwiceWhateverIsKilled has 10 % of the callbacks delivered twice, and 5 % fail.
func TestNoCallbackIsLostOrCommittedTwiceWhateverIsKilled(t *testing.T) { //nolint:paralleltest // It needs the machine.
	s := &inboxSoak{inboxBench: newInboxBench(t, write), callbacks: 300, kills: 2}
	if os.Getenv("CONVERSATION_SOAK") != "" {
		s.callbacks, s.kills = 100_000, 20
	}
	s.exec(t, `CREATE TABLE tried (id text PRIMARY KEY)`)
	s.exec(t, `INSERT INTO conversation_outbox (id, state, app, job, sum)
		SELECT 'c-' || lpad(n::text, 6, '0'), 'unknown', 'A', 1, '' FROM generate_series(1, $1, 2) n`, s.callbacks-1)
	transport := &http.Transport{MaxIdleConnsPerHost: 16}
	t.Cleanup(transport.CloseIdleConnections)
	s.http = &http.Client{Transport: transport, Timeout: 20 * time.Second}
	for range 3 {
		s.children = append(s.children, startInboxChild(t, s.pool.Config().ConnString()))
	}
	t.Cleanup(func() {
		for _, c := range s.children {
			c.kill()
		}
	})
	began := time.Now()
	var all sync.WaitGroup
	all.Go(func() { s.deliver(t) })
	all.Go(func() { s.killSome(t) })
	all.Wait()
	s.await(t)
	t.Logf("%d callbacks, %d kills: %v", s.callbacks, s.kills, time.Since(began).Round(time.Millisecond))
	for _, c := range s.children {
		c.stop(t)
	}
	s.children = nil
	s.judge(t)
}

// soakBody returns a callback. One in two reports on a message.
func soakBody(n int) []byte {
	if n%2 == 1 {
		return fmt.Appendf(nil, `{"app_id":"A","correlation_id":"c-%06d","message_delivery_report":{"message_id":"m-%d","status":"DELIVERED"}}`, n, n)
	}
	return fmt.Appendf(nil, `{"app_id":"A","correlation_id":"c-%06d","message":{"id":"m-%d"}}`, n, n)
}

// deliver acts as Sinch: it delivers the callbacks in random order, each until it is answered 200.
func (s *inboxSoak) deliver(t *testing.T) {
	t.Helper()
	todo := rand.Perm(s.callbacks)
	for range s.callbacks / 10 {
		todo = append(todo, rand.IntN(s.callbacks))
	}
	rand.Shuffle(len(todo), func(i, j int) { todo[i], todo[j] = todo[j], todo[i] })
	began, next := time.Now(), atomic.Int64{}
	var senders sync.WaitGroup
	for range 16 {
		senders.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(todo); i = int(next.Add(1)) - 1 {
				for !s.answered(t, todo[i]) && t.Context().Err() == nil {
					s.again.Add(1)
				}
			}
		})
	}
	senders.Wait()
	t.Logf("%d deliveries in %v, %d were retried", len(todo), time.Since(began).Round(time.Millisecond), s.again.Load())
}

// answered delivers a callback to any of the processes, and reports whether it was answered 200.
func (s *inboxSoak) answered(t *testing.T, n int) bool {
	t.Helper()
	s.mu.Lock()
	address := s.children[rand.IntN(len(s.children))].address
	s.mu.Unlock()
	body := soakBody(n)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address, bytes.NewReader(body))
	if !assert.NoError(t, err) {
		return true
	}
	req.Header = webhook.Sign(body, callbackSecret, strconv.FormatInt(rand.Int64(), 10), time.Now())
	resp, err := s.http.Do(req)
	if err != nil {
		return false
	}
	defer func() { _ = resp.Body.Close() }()
	_, _ = io.Copy(io.Discard, resp.Body) // so that the connection is used again
	if resp.StatusCode != http.StatusOK {
		assert.Equal(t, http.StatusServiceUnavailable, resp.StatusCode, "only 503 asks for another try")
		return false
	}
	return true
}

// killSome kills processes, and replaces them, each at a random progress.
func (s *inboxSoak) killSome(t *testing.T) {
	t.Helper()
	points := make([]int, s.kills)
	for i := range points {
		points[i] = 1 + rand.IntN(s.callbacks*9/10)
	}
	slices.Sort(points)
	for _, point := range points {
		for s.count(t, `SELECT count(*) FROM effects`) < point {
			if !pause(t.Context(), 20*time.Millisecond) {
				return
			}
		}
		s.mu.Lock()
		victim := rand.IntN(len(s.children))
		killed := s.children[victim]
		s.children = slices.Delete(s.children, victim, victim+1)
		s.mu.Unlock()
		killed.kill()
		replacement := startInboxChild(t, s.pool.Config().ConnString())
		s.mu.Lock()
		s.children = append(s.children, replacement)
		s.mu.Unlock()
	}
}

// await waits until no callback waits. Meanwhile it does what River's rescuer does twice a minute.
func (s *inboxSoak) await(t *testing.T) {
	t.Helper()
	last, since := -1, time.Now()
	for {
		waiting := s.count(t, `SELECT count(*) FROM conversation_callbacks WHERE state = 'waiting'`)
		if waiting == 0 {
			return
		}
		if waiting != last {
			last, since = waiting, time.Now()
		}
		require.Less(t, time.Since(since), time.Minute, "%d callbacks wait, and none is handled", waiting)
		s.exec(t, `UPDATE river_job SET state = 'available' WHERE state = 'running' AND attempted_at < now() - $1::interval`, stuckAfter)
		require.True(t, pause(t.Context(), 100*time.Millisecond))
	}
}

func (s *inboxSoak) judge(t *testing.T) {
	t.Helper()
	always := 0
	for n := range s.callbacks {
		if alwaysFails(n) {
			always++
		}
	}
	dead := s.dead(t)
	for _, d := range dead {
		var n int
		_, err := fmt.Sscanf(string(d.Body), `{"app_id":"A","correlation_id":"c-%d"`, &n)
		require.NoError(t, err)
		assert.True(t, alwaysFails(n), "%d is dead: %s", n, d.Reason)
	}
	twice := s.count(t, `SELECT count(*) FROM (SELECT id FROM effects GROUP BY id HAVING count(*) > 1) twice`)
	lost := s.callbacks - always - s.count(t, `SELECT count(DISTINCT id) FROM effects`)
	unreported := s.count(t, `SELECT count(*) FROM conversation_outbox WHERE state <> 'accepted' OR delivery <> 'DELIVERED' OR message_id <> 'm-' || substr(id, 3)::int`)
	retried := s.count(t, `SELECT count(*) FROM tried`)
	t.Logf("lost %d, committed twice %d, reports lost %d, failed once %d, dead %d", lost, twice, unreported, retried, len(dead))
	assert.Zero(t, lost)
	assert.Zero(t, twice)
	assert.Zero(t, unreported)
	assert.Len(t, dead, always)
	assert.Equal(t, s.callbacks, s.count(t, `SELECT count(*) FROM conversation_callbacks`))
	assert.Equal(t, s.callbacks-always, s.count(t, `SELECT count(*) FROM conversation_callbacks WHERE state = 'handled' AND body IS NULL`))
	assert.Equal(t, s.callbacks/20-always, retried, "no function failed, so nothing was tested")
}

func (s *inboxSoak) count(t *testing.T, sql string) int {
	t.Helper()
	return one[int](t, s.pool, sql)
}

// pause waits, and reports whether the test goes on.
func pause(ctx context.Context, d time.Duration) bool {
	select {
	case <-time.After(d):
		return true
	case <-ctx.Done():
		return false
	}
}
