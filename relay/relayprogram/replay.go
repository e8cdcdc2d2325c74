package relayprogram

import (
	"context"
	"flag"
	"fmt"
	"time"
)

func flagsOfReplay(c *call, flags *flag.FlagSet) {
	flags.StringVar(&c.since, "since", "", "how far back, such as 1h, or a time such as 2026-01-31T12:00:00Z")
}

func (c *call) checkReplay() error {
	if len(c.args) > 0 {
		return usageError("replay accepts flags only")
	}
	_, err := c.sinceWhen()
	return err
}

// sinceWhen parses -since.
func (c *call) sinceWhen() (time.Time, error) {
	if ago, err := time.ParseDuration(c.since); err == nil && ago > 0 {
		return time.Now().Add(-ago), nil
	}
	if at, err := time.Parse(time.RFC3339, c.since); err == nil {
		return at, nil
	}
	return time.Time{}, usageError("replay requires -since with a time such as 1h or 2026-01-31T12:00:00Z")
}

func (c *call) replay(ctx context.Context) error {
	from, err := c.sinceWhen()
	if err != nil {
		return err
	}
	view, err := c.relay.Overview(ctx)
	if err != nil {
		return err
	}
	what := fmt.Sprintf("This handles again what arrived since %s, of %d callbacks.", stamp(from), view.Inbox.Kept)
	if err := c.confirmMany(ctx, view.Inbox.Kept, what); err != nil {
		return err
	}
	count, err := c.relay.Inbox().Replay(ctx, from)
	if err != nil {
		return err
	}
	if c.json {
		return c.printJSON(struct {
			Replayed int `json:"replayed"`
		}{count})
	}
	fmt.Fprintf(c.stdout, "%d callbacks will be handled again.\n", count)
	return nil
}
