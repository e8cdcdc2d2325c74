package relay

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// ownQueues returns the queues of a worker that owns everything, and has read all entries.
func ownQueues() *queues {
	q := fullQueues(0, 20, 0)
	q.beginReading()
	q.endReading()
	return q
}

// takeAll takes entries until there are none, each when its app may send.
func takeAll(q *queues) []uint64 {
	var seqs []uint64
	for {
		at := time.Now()
		if len(q.ready) > 0 {
			at = later(at, q.next(q.ready[0]))
		}
		p := q.take(at)
		if p == nil {
			return seqs
		}
		seqs = append(seqs, p.seq)
		q.done(p, false, 0)
	}
}

func TestEntriesAreTakenByPriorityAndThenByAge(t *testing.T) {
	t.Parallel()
	q := ownQueues()
	for seq, of := range []ref{{group: "a"}, {group: "b"}, {group: "b", priority: 1}, {}, {group: "a", priority: 1}, {priority: -1}, {group: "a"}} {
		of.app = "app"
		q.follow(of, uint64(seq+1))
	}
	assert.Equal(t, []uint64{3, 5, 1, 2, 4, 7, 6}, takeAll(q))
	assert.Empty(t, q.apps["app"].lanes)
}

func TestAPausedGroupIsSkipped(t *testing.T) {
	t.Parallel()
	q := ownQueues()
	q.follow(ref{app: "app", group: "a", priority: 9}, 1)
	q.follow(ref{app: "app", group: "b"}, 2)
	q.follow(ref{app: "other", group: "a"}, 3)
	q.setControl(control{Pauses: []Pause{{Scope: Scope{App: "app", Group: "a"}}}})
	assert.ElementsMatch(t, []uint64{2, 3}, takeAll(q))
	q.setControl(control{})
	assert.Equal(t, []uint64{1}, takeAll(q))
}

// TestEntriesAreReadAgain changes what is queued while all entries are read again.
func TestEntriesAreReadAgain(t *testing.T) {
	t.Parallel()
	q := ownQueues()
	of := ref{app: "app"}
	for seq := range uint64(6) {
		q.follow(of, seq+1)
	}
	at := time.Now()
	take := func(want uint64) *picked {
		at = at.Add(time.Minute)
		p := q.take(at)
		require.NotNil(t, p)
		require.Equal(t, want, p.seq)
		return p
	}
	first, second, third := take(1), take(2), take(3)
	assert.Equal(t, uint64(6), q.beginReading())
	for seq := range uint64(6) {
		q.read(of, seq+1)
		switch seq {
		case 1:
			q.done(first, false, 0)
			q.back("app", shardOf("app"), laneKey{}, second.seq)
			q.queueDone(second)
		case 2:
			q.follow(ref{app: "app", priority: 1}, 7) // is sent while the reading goes on
			q.done(take(7), false, 0)
			q.follow(of, 8)
		}
	}
	q.endReading() // entry 3 is still in progress
	q.back("app", shardOf("app"), laneKey{}, third.seq)
	q.queueDone(third)
	assert.Equal(t, []uint64{3, 2, 4, 5, 6, 8}, takeAll(q))
	assert.Nil(t, q.during)
}

// queueDone notes the end of an attempt of an entry that is already back.
func (q *queues) queueDone(p *picked) {
	q.mu.Lock()
	defer q.mu.Unlock()
	p.queue.doing--
	q.held[p.queue.shard].pending--
	q.sort(p.queue)
}

func TestTheEntriesOfANewShardCanBeSentWhileTheyAreRead(t *testing.T) {
	t.Parallel()
	q := fullQueues(0, 20, 0)
	q.follows(9)
	of := ref{app: "app"}
	assert.Equal(t, uint64(9), q.beginReading())
	q.read(of, 1)
	p := q.take(time.Now())
	require.NotNil(t, p)
	q.done(p, false, 0)
	q.follow(of, 10)
	q.read(of, 2)
	q.endReading()
	assert.Equal(t, []uint64{2, 10}, takeAll(q))
}

func TestAnotherEntryIsTakenInsteadOfOneThatWasRemoved(t *testing.T) {
	t.Parallel()
	q := ownQueues()
	q.follow(ref{app: "app", group: "a"}, 1)
	q.follow(ref{app: "app", group: "a"}, 2)
	at := time.Now()
	p := q.take(at)
	require.NotNil(t, p)
	turn := q.apps["app"].pace.Next
	other := q.instead(p)
	require.NotNil(t, other)
	assert.Equal(t, uint64(2), other.seq)
	assert.Equal(t, turn, q.apps["app"].pace.Next, "it has the same turn")
	assert.Nil(t, q.instead(other))
	assert.True(t, q.apps["app"].pace.Next.IsZero(), "the turn is given back")
	q.done(other, false, 0)
	assert.Empty(t, q.busy)
	assert.Zero(t, q.held[shardOf("app")].pending)
}

func TestAPausedAppIsProbedWithOneEntryAfterTheOther(t *testing.T) {
	t.Parallel()
	q := ownQueues()
	for seq := range uint64(20) {
		q.follow(ref{app: "app"}, seq+1)
	}
	at := time.Now()
	a := q.apps["app"]
	for i := range settingTrips {
		at = at.Add(time.Minute)
		p := q.take(at)
		paused, began := q.wrong(p, "wrong", at)
		assert.False(t, paused, "the first ones are rejected")
		assert.Equal(t, i == settingTrips-1, began)
		q.done(p, false, 0)
	}
	first := a.setting.probe
	assert.Nil(t, q.take(first.Add(-time.Millisecond)))
	probed := make(map[uint64]bool)
	for range 15 {
		at = at.Add(time.Minute)
		p := q.take(at)
		require.NotNil(t, p)
		assert.True(t, p.probe)
		assert.False(t, probed[p.seq], "another one")
		probed[p.seq] = true
		assert.Nil(t, q.take(at.Add(time.Hour)), "one at a time")
		paused, _ := q.wrong(p, "wrong", at)
		assert.True(t, paused)
		assert.LessOrEqual(t, time.Until(a.setting.probe), breakerMost)
		q.done(p, true, 0)
		seq := p.seq
		require.Eventually(t, func() bool {
			q.mu.Lock()
			defer q.mu.Unlock()
			return !q.busy[seq]
		}, 5*time.Second, time.Millisecond)
	}
	at = at.Add(time.Minute)
	p := q.take(at)
	require.NotNil(t, p)
	assert.Equal(t, uint64(6), p.seq, "from the beginning")
	assert.True(t, q.right(a))
	q.done(p, false, 0)
	assert.Len(t, takeAll(q), 14)
}
