package relayprogram

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"sync"

	"github.com/sinchgo/conversation/relay"
)

const (
	changeCalls = 64   // concurrent calls
	changeStep  = 5000 // the progress is printed after so many entries
)

// change is what is done to many entries.
type change struct {
	done    string // how the result of one is printed
	late    string // how the result of one that no longer was in the state is printed
	tooLate error
	do      func(ctx context.Context, id string) error
}

// changed is the result of a change of many entries.
type changed struct {
	Done    int `json:"done"`
	TooLate int `json:"too_late"`
	Failed  int `json:"failed"`

	firstID  string // that failed
	firstErr error
}

// add adds the result for one entry.
func (r *changed) add(by change, id string, err error) {
	switch {
	case err == nil:
		r.Done++
	case errors.Is(err, by.tooLate), errors.Is(err, relay.ErrNoEntry):
		r.TooLate++
	default:
		if r.Failed++; r.Failed == 1 {
			r.firstID, r.firstErr = id, err
		}
	}
}

func (r *changed) sum() int { return r.Done + r.TooLate + r.Failed }

// err returns an error if the change of an entry failed.
func (r *changed) err() error {
	if r.Failed == 0 {
		return nil
	}
	return fmt.Errorf("%d of %d failed, the first is %s: %w", r.Failed, r.sum(), r.firstID, r.firstErr)
}

// changeAll changes entries concurrently, and prints how many.
func (c *call) changeAll(ctx context.Context, total int, entries iter.Seq2[*relay.Status, error], by change) error {
	result, err := c.changeEach(ctx, total, entries, by)
	if c.json {
		return errors.Join(c.printJSON(result), result.err(), err)
	}
	fmt.Fprintf(c.stdout, "%d %s.\n", result.Done, by.done)
	if result.TooLate > 0 {
		fmt.Fprintf(c.stdout, "%d %s.\n", result.TooLate, by.late)
	}
	return errors.Join(result.err(), err)
}

// changeEach changes entries as they are listed. It returns an error if they cannot be listed to the end.
func (c *call) changeEach(ctx context.Context, total int, entries iter.Seq2[*relay.Status, error], by change) (*changed, error) {
	var mu sync.Mutex
	var result changed
	var calls sync.WaitGroup
	ids := make(chan string)
	for range changeCalls {
		calls.Go(func() {
			for id := range ids {
				err := by.do(ctx, id)
				if err != nil && ctx.Err() != nil {
					continue // interrupted
				}
				mu.Lock()
				result.add(by, id, err)
				if result.sum()%changeStep == 0 {
					fmt.Fprintf(c.stderr, "%d of about %d\n", result.sum(), total)
				}
				mu.Unlock()
			}
		})
	}
	var failed error
	for entry, err := range entries {
		if failed = err; failed != nil {
			break
		}
		ids <- entry.ID
	}
	close(ids)
	calls.Wait()
	if ctx.Err() != nil {
		failed = errors.New("interrupted: run it again for the rest")
	}
	return &result, failed
}
