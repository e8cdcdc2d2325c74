package relay

import (
	"context"
	"encoding/json"
	"errors"
	"hash/fnv"
	"maps"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/nats-io/nuid"
)

const (
	// shards is the number of parts into which the apps are divided. A worker owns some of them, and sends for their apps.
	shards = 64
	// ownersKey is the key of the shared record of the owners, in the bucket of the pace.
	ownersKey = "owners"
	// beatEvery is the time between two signs of life of a worker.
	beatEvery = 500 * time.Millisecond
	// heldFor is how long a worker sends after its last sign of life.
	heldFor = 3 * beatEvery
	// deadAfter is how long the others wait for a sign of life, by their monotonic clocks. It is longer than heldFor by more than
	// the window of the rates.
	deadAfter = heldFor + paceGuard + 350*time.Millisecond
)

// shardOf returns the shard of an app.
func shardOf(app string) int {
	hash := fnv.New32a()
	_, _ = hash.Write([]byte(app))
	return int(hash.Sum32() % shards)
}

// Values of owners.Shards for a shard without an owner.
const (
	nobody        = ""  // its apps may be sent for immediately
	nobodyJustNow = "-" // its owner may have sent a moment ago
)

// owners is the shared record of who sends for which apps.
type owners struct {
	Beats  map[string]uint64 `json:"beats"`  // signs of life, by worker
	Shards []string          `json:"shards"` // the owner of each shard
}

// clone returns a copy that is complete.
func (o owners) clone() owners {
	all := make([]string, shards)
	copy(all, o.Shards)
	beats := make(map[string]uint64, len(o.Beats)+1)
	maps.Copy(beats, o.Beats)
	return owners{Beats: beats, Shards: all}
}

// remove removes a worker.
func (o owners) remove(worker string) {
	delete(o.Beats, worker)
	for i, owner := range o.Shards {
		if owner == worker {
			o.Shards[i] = nobodyJustNow
		}
	}
}

// of returns the shards of a worker.
func (o owners) of(worker string) []int {
	var mine []int
	for shard, owner := range o.Shards {
		if owner == worker {
			mine = append(mine, shard)
		}
	}
	return mine
}

// share returns how many shards one worker should own.
func (o owners) share() int { return (shards + len(o.Beats) - 1) / max(1, len(o.Beats)) }

// keeper keeps the part of the shards that a worker owns. That no other worker sends for them is for the rates and saves work:
// no message is sent twice if two workers send for one shard, because each records its attempt first.
type keeper struct {
	bucket jetstream.KeyValue
	me     string
	queues *queues
	gained func(shards []int) // is called with the shards that it owns since just now

	seen map[string]beat // of the others; used by tick only

	mu    sync.Mutex
	until time.Time // nothing is sent after
}

// beat is the last sign of life of a worker.
type beat struct {
	count uint64
	since time.Time // when it was seen first
}

func newKeeper(bucket jetstream.KeyValue, queues *queues, gained func([]int)) *keeper {
	return &keeper{bucket: bucket, me: nuid.Next(), queues: queues, gained: gained, seen: make(map[string]beat)}
}

// valid reports whether the worker may send for its shards.
func (k *keeper) valid(now time.Time) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return now.Before(k.until)
}

// tick renews what the worker owns, and adapts it to the number of workers.
func (k *keeper) tick(ctx context.Context) error {
	return k.change(ctx, func(all owners, now time.Time) {
		k.removeDead(all, now)
		all.Beats[k.me]++
		mine := all.of(k.me)
		target := all.share()
		for _, shard := range k.queues.surplus(mine, target) {
			all.Shards[shard] = k.queues.released(shard, now)
		}
		first := rand.IntN(shards) //nolint:gosec // Not a secret.
		for i := range shards {
			if shard := (first + i) % shards; len(mine) < target && (all.Shards[shard] == nobody || all.Shards[shard] == nobodyJustNow) {
				mine = append(mine, shard)
				all.Shards[shard] = k.me
			}
		}
	})
}

// leave releases everything. The worker must have stopped sending.
func (k *keeper) leave(ctx context.Context) error {
	return k.change(ctx, func(all owners, now time.Time) {
		for shard, owner := range all.Shards {
			if owner == k.me {
				all.Shards[shard] = k.queues.released(shard, now)
			}
		}
		delete(all.Beats, k.me)
	})
}

// removeDead removes the workers that have given no sign of life for too long.
func (k *keeper) removeDead(all owners, now time.Time) {
	for worker, count := range all.Beats {
		if worker == k.me {
			continue
		}
		last, known := k.seen[worker]
		if !known || last.count != count {
			k.seen[worker] = beat{count, now}
			continue
		}
		if now.Sub(last.since) >= deadAfter {
			all.remove(worker)
		}
	}
	maps.DeleteFunc(k.seen, func(worker string, _ beat) bool { _, alive := all.Beats[worker]; return !alive })
	for shard, owner := range all.Shards {
		if _, alive := all.Beats[owner]; !alive && owner != nobody {
			all.Shards[shard] = nobodyJustNow
		}
	}
}

// change changes the shared record atomically.
func (k *keeper) change(ctx context.Context, do func(all owners, now time.Time)) error {
	for {
		asked := time.Now()
		before, revision, err := k.read(ctx)
		if err != nil {
			return err
		}
		after := before.clone()
		do(after, time.Now())
		body, err := json.Marshal(after)
		if err != nil {
			return err
		}
		if revision == 0 {
			_, err = k.bucket.Create(ctx, ownersKey, body)
		} else {
			_, err = k.bucket.Update(ctx, ownersKey, body, revision)
		}
		if err == nil {
			k.adopt(before.clone(), after, asked)
			return nil
		}
		if !errors.Is(err, jetstream.ErrKeyExists) && !isConflict(err) {
			return err
		}
		if err := sleep(ctx, rand.N(conflictWait)); err != nil { //nolint:gosec // Not a secret.
			return err
		}
	}
}

func (k *keeper) read(ctx context.Context) (owners, uint64, error) {
	var all owners
	entry, err := k.bucket.Get(ctx, ownersKey)
	if errors.Is(err, jetstream.ErrKeyNotFound) {
		return all, 0, nil
	}
	if err != nil {
		return all, 0, err
	}
	if json.Unmarshal(entry.Value(), &all) != nil {
		all = owners{} // it is written anew
	}
	return all, entry.Revision(), nil
}

// adopt notes what the worker owns since it asked.
func (k *keeper) adopt(before, after owners, asked time.Time) {
	k.mu.Lock()
	k.until = asked.Add(heldFor)
	k.mu.Unlock()
	now := time.Now()
	from := make(map[int]time.Time)
	for shard, owner := range after.Shards {
		switch {
		case owner != k.me:
		case before.Shards[shard] == nobody:
			from[shard] = now
		default:
			from[shard] = now.Add(paceGuard)
		}
	}
	if added := k.queues.own(from); len(added) > 0 {
		k.gained(added)
	}
}
