package pgconversation

import (
	"context"
	"slices"
	"sync"
	"time"
)

const (
	// maxBatch is the most attempts in a statement.
	maxBatch = 200
	// writeTime limits a statement of a batch, which may wait for a lock, or for a server that is gone.
	writeTime = 5 * time.Second
	// writeAgainFirst and writeAgainMost limit the wait before a statement is tried again, which doubles.
	writeAgainFirst = 50 * time.Millisecond
	writeAgainMost  = time.Second
)

// batcher writes what concurrent jobs record in few statements: while one is written, the next ones gather, so that they share a statement,
// its round trip and its commit.
type batcher struct {
	write func(context.Context, []*attempt) error // can be repeated

	mu      sync.Mutex
	waiting []pending
	writing bool
}

// pending is an attempt that waits to be written.
type pending struct {
	*attempt
	ctx     context.Context //nolint:containedctx // Of the caller of do, who waits.
	written chan<- error
}

// newBatcher returns a batcher that writes with write.
func newBatcher(write func(context.Context, []*attempt) error) *batcher {
	return &batcher{write: write}
}

// do returns once the attempt is written. While the server is away it tries again until ctx is done. After an error the attempt may be written.
func (b *batcher) do(ctx context.Context, a *attempt) error {
	written := make(chan error, 1)
	b.mu.Lock()
	b.waiting = append(b.waiting, pending{a, ctx, written})
	start := !b.writing
	b.writing = true
	b.mu.Unlock()
	if start {
		go b.run() //nolint:contextcheck // It writes for others too.
	}
	return <-written
}

// run writes until nothing waits.
func (b *batcher) run() {
	for {
		b.mu.Lock()
		most := min(len(b.waiting), maxBatch)
		batch := b.waiting[:most:most]
		b.waiting, b.writing = b.waiting[most:], most > 0
		b.mu.Unlock()
		if most == 0 {
			return
		}
		b.persist(batch)
	}
}

// persist writes a batch. If that fails because of one attempt, such as one whose row is locked, it goes on with each attempt by itself and returns, so
// that neither the others nor the next batches need wait.
func (b *batcher) persist(batch []pending) {
	failed, _ := b.insist(batch, isAway)
	for i := range failed {
		go func(one []pending) {
			one, err := b.insist(one, func(err error) bool { return isAway(err) || isBlocked(err) })
			answer(one, err)
		}(failed[i : i+1 : i+1])
	}
}

// insist writes a batch. After an error that is temporary it tries again, without the attempts whose context is done. After another one it returns
// the attempts.
func (b *batcher) insist(batch []pending, temporary func(error) bool) (failed []pending, err error) {
	for wait := writeAgainFirst; len(batch) > 0; wait = min(2*wait, writeAgainMost) {
		err := b.tryWrite(batch)
		if err == nil {
			answer(batch, nil)
			return nil, nil
		}
		if !temporary(err) {
			return batch, err
		}
		time.Sleep(wait)
		batch = slices.DeleteFunc(batch, func(p pending) bool {
			if p.ctx.Err() == nil {
				return false
			}
			p.written <- err
			return true
		})
	}
	return nil, nil
}

func (b *batcher) tryWrite(batch []pending) error {
	ctx, cancel := context.WithTimeout(context.Background(), writeTime)
	defer cancel()
	attempts := make([]*attempt, len(batch))
	for i := range batch {
		attempts[i] = batch[i].attempt
	}
	return b.write(ctx, attempts)
}

func answer(batch []pending, err error) {
	for i := range batch {
		batch[i].written <- err
	}
}
