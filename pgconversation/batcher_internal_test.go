package pgconversation

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/riverqueue/river"
	"github.com/stretchr/testify/assert"
)

// written is a server that keeps the IDs of the batches that it wrote, and fails as fails says.
type written struct {
	mu      sync.Mutex
	batches [][]string
	fails   func(try int, ids []string) error
	tries   int
}

func (w *written) write(ctx context.Context, batch []*attempt) error {
	ids := make([]string, len(batch))
	for i, a := range batch {
		ids[i] = a.id()
	}
	slices.Sort(ids)
	w.mu.Lock()
	w.tries++
	try := w.tries
	w.mu.Unlock()
	if w.fails != nil {
		if err := w.fails(try, ids); errors.Is(err, context.DeadlineExceeded) {
			<-ctx.Done()
			return err
		} else if err != nil {
			return err
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.batches = append(w.batches, ids)
	return nil
}

// all writes attempts at the same time, and returns the errors by ID.
func (w *written) all(ctx context.Context, n int) map[string]error {
	b := newBatcher(w.write)
	b.writing = true // so that they gather
	var mu sync.Mutex
	errs := make(map[string]error, n)
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() {
			a := &attempt{job: &river.Job[SendArgs]{Args: SendArgs{ID: fmt.Sprintf("order-%03d", i)}}}
			err := b.do(ctx, a)
			mu.Lock()
			defer mu.Unlock()
			errs[a.id()] = err
		})
	}
	synctest.Wait()
	go b.run() //nolint:contextcheck // It writes for all.
	all.Wait()
	return errs
}

func sqlState(code string) error { return fmt.Errorf("write: %w", &pgconn.PgError{Code: code}) }

func TestABatchIsWrittenTogetherAndTriedAgainWhileTheServerIsAway(t *testing.T) {
	t.Parallel()
	for name, failure := range map[string]error{
		"none": nil, "connection lost": io.ErrUnexpectedEOF, "stopped": sqlState("57P01"), "starting": sqlState("57P03"), "full": sqlState("53100"), "demoted": sqlState("25006"),
		"refused": &pgconn.ConnectError{},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := &written{fails: func(try int, _ []string) error {
					if try <= 5 {
						return failure
					}
					return nil
				}}
				for id, err := range w.all(t.Context(), 3) {
					assert.NoError(t, err, id)
				}
				assert.Equal(t, [][]string{{"order-000", "order-001", "order-002"}}, w.batches)
			})
		})
	}
}

func TestAnAttemptThatFailsByItselfHoldsUpNoOther(t *testing.T) {
	t.Parallel()
	const bad = "order-001"
	for name, test := range map[string]struct {
		failure error
		passes  bool // after two tries
		written int
		took    time.Duration
	}{
		"cannot be stored":  {sqlState("22021"), false, 2, 0},
		"deadlock":          {sqlState("40P01"), true, 3, writeAgainFirst},
		"lock":              {context.DeadlineExceeded, true, 3, 2*writeTime + writeAgainFirst},
		"statement timeout": {sqlState("57014"), true, 3, writeAgainFirst},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				failed := 0
				w := &written{}
				w.fails = func(_ int, ids []string) error {
					w.mu.Lock()
					defer w.mu.Unlock()
					if !slices.Contains(ids, bad) || test.passes && failed == 2 {
						return nil
					}
					failed++
					return test.failure
				}
				began := time.Now()
				errs := w.all(t.Context(), 3)
				assert.Equal(t, test.took, time.Since(began))
				assert.NoError(t, errs["order-000"])
				assert.NoError(t, errs["order-002"])
				assert.Equal(t, test.passes, errs[bad] == nil)
				assert.Len(t, w.batches, test.written)
			})
		})
	}
}

func TestAnAttemptWaitsForTheServerUntilItsContextIsDone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := &written{fails: func(int, []string) error { return io.EOF }}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		began := time.Now()
		for id, err := range w.all(ctx, 3) {
			assert.ErrorIs(t, err, io.EOF, id)
		}
		assert.InDelta(t, time.Minute, time.Since(began), float64(writeAgainMost))
		assert.Less(t, w.tries, 70)
	})
}

func TestABatchIsBounded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := &written{}
		w.all(t.Context(), 2*maxBatch+1)
		assert.Len(t, w.batches, 3)
		assert.Len(t, slices.Concat(w.batches...), 2*maxBatch+1)
	})
}

// TestAnAttemptWhoseRowIsLockedHoldsUpNoLaterOne writes an attempt alone, whose row another transaction has locked for long.
func TestAnAttemptWhoseRowIsLockedHoldsUpNoLaterOne(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const locked = "order-000"
		w := &written{fails: func(_ int, ids []string) error {
			if slices.Contains(ids, locked) {
				return context.DeadlineExceeded
			}
			return nil
		}}
		b := newBatcher(w.write)
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		began := time.Now()
		var all sync.WaitGroup
		for _, id := range []string{locked, "order-001", "order-002"} {
			all.Go(func() {
				err := b.do(ctx, &attempt{job: &river.Job[SendArgs]{Args: SendArgs{ID: id}}})
				assert.Equal(t, id == locked, err != nil, id)
				if id != locked {
					assert.LessOrEqual(t, time.Since(began), writeTime, id)
				}
			})
			synctest.Wait()
		}
		all.Wait()
		assert.GreaterOrEqual(t, time.Since(began), time.Minute)
	})
}
