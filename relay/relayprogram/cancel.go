package relayprogram

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"iter"
	"slices"
	"time"

	"github.com/sinchgo/conversation/relay"
)

func flagsOfCancel(c *call, flags *flag.FlagSet) {
	flagsOfScope(c, flags)
	flags.BoolVar(&c.all, "all", false, "all queued entries")
}

func (c *call) checkCancel() error {
	switch {
	case len(c.args) == 0 && !c.all && !c.hasScope():
		return usageError("cancel requires IDs, -group, -app or both, or -all")
	case len(c.args) == 0:
		return c.checkScope()
	case c.all || c.hasScope():
		return usageError("cancel accepts IDs or -group, -app and -all: keep one kind")
	}
	return nil
}

func (c *call) cancel(ctx context.Context) error {
	outbox := c.relay.Outbox()
	if len(c.args) > 0 {
		return c.eachID(ctx, "cancel", "cancelled", func(id string) error { return outbox.Cancel(ctx, id) })
	}
	view, err := c.relay.Overview(ctx)
	if err != nil {
		return err
	}
	number := c.countScope(view, relay.StateQueued)
	what := "This cancels " + of(number, relay.StateQueued, c.scope()) + "."
	if !isPaused(view, c.scope()) {
		what += " What is sent meanwhile is not cancelled: pause first."
	}
	if err := c.confirmMany(ctx, number, what); err != nil {
		return err
	}
	return c.changeAll(ctx, number, outbox.List(ctx, c.listParams(relay.StateQueued)), change{
		done: "cancelled", late: "were sent, are being sent or were settled meanwhile", tooLate: relay.ErrNotQueued, do: outbox.Cancel,
	})
}

func flagsOfRetry(c *call, flags *flag.FlagSet) {
	flagsOfScope(c, flags)
	flags.StringVar(&c.state, "state", "", "the entries in one `state`: rejected or dropped")
}

// retried are the states from which entries are queued again.
var retried = []relay.State{relay.StateRejected, relay.StateDropped}

func (c *call) checkRetry() error {
	switch {
	case len(c.args) > 0 && (c.state != "" || c.hasScope()):
		return usageError("retry accepts IDs or -state with -group and -app: keep one kind")
	case len(c.args) > 0:
		return nil
	case !slices.Contains(retried, relay.State(c.state)):
		return usageError("retry requires IDs, or -state rejected or -state dropped, and then -group and -app if you like")
	}
	return nil
}

func (c *call) retry(ctx context.Context) error {
	outbox := c.relay.Outbox()
	if len(c.args) > 0 {
		return c.eachID(ctx, "retry", "queued again", func(id string) error { return outbox.Retry(ctx, id) })
	}
	view, err := c.relay.Overview(ctx)
	if err != nil {
		return err
	}
	state := relay.State(c.state)
	number := c.countScope(view, state)
	if err := c.confirmMany(ctx, number, "This sends "+of(number, state, c.scope())+" again."); err != nil {
		return err
	}
	return c.changeAll(ctx, number, upTo(view.At, outbox.List(ctx, c.listParams(state))), change{
		done: "queued again", late: "had been queued again or forgotten meanwhile", tooLate: relay.ErrNotRetryable, do: outbox.Retry,
	})
}

// upTo leaves out the entries whose state began after a time: they were retried here, and rejected again.
func upTo(at time.Time, entries iter.Seq2[*relay.Status, error]) iter.Seq2[*relay.Status, error] {
	return func(yield func(*relay.Status, error) bool) {
		for entry, err := range entries {
			if err == nil && entry.At.After(at) {
				continue
			}
			if !yield(entry, err) {
				return
			}
		}
	}
}

// eachID calls do for each ID of the arguments, after a question if there are several.
func (c *call) eachID(ctx context.Context, verb, done string, do func(id string) error) error {
	if err := c.confirmMany(ctx, len(c.args), fmt.Sprintf("This will %s %d entries.", verb, len(c.args))); err != nil {
		return err
	}
	results, failed := doEach(c.args, done, do)
	if !c.json {
		return errors.Join(c.printDone(results), failed)
	}
	for _, result := range results {
		if err := c.printLine(result); err != nil {
			return err
		}
	}
	return failed
}
