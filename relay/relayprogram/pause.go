package relayprogram

import (
	"context"
	"flag"
	"fmt"
	"slices"
	"strconv"

	"github.com/sinchgo/conversation/relay"
)

func flagsOfPause(c *call, flags *flag.FlagSet) {
	flagsOfScope(c, flags)
	flags.BoolVar(&c.all, "all", false, "everything")
}

func (c *call) checkPause() error {
	if len(c.args) > 0 {
		return usageError(c.name + " accepts flags only: use -group, -app or -all")
	}
	return c.checkScope()
}

func (c *call) pause(ctx context.Context) error {
	return c.control(ctx, "This pauses %s.", "paused", func() error { return c.relay.Outbox().Pause(ctx, c.scope()) })
}

func (c *call) resume(ctx context.Context) error {
	return c.control(ctx, "This resumes sending for %s.", "resumed", func() error { return c.relay.Outbox().Resume(ctx, c.scope()) })
}

func flagsOfRate(c *call, flags *flag.FlagSet) {
	flags.StringVar(&c.app, "app", "", "the group of one app")
	flags.StringVar(&c.group, "group", "", "the group")
}

func (c *call) checkRate() error {
	if c.group == "" {
		return usageError("rate requires -group: the rate of a whole app is set by relay.WithRates")
	}
	if len(c.args) != 1 {
		return usageError("rate requires the requests a second after -group, such as 5, or 0 for no limit")
	}
	if rate, err := strconv.ParseFloat(c.args[0], 64); err != nil || rate != 0 && !(rate >= 0.6 && rate <= 1e6) {
		return usageError("rate requires 0 for no limit, or 0.6 to 1000000 requests a second")
	}
	return nil
}

func (c *call) rate(ctx context.Context) error {
	perSecond, err := strconv.ParseFloat(c.args[0], 64)
	if err != nil {
		return err
	}
	done := "limited to " + c.args[0] + " requests a second"
	if perSecond == 0 {
		done = "without a limit"
	}
	return c.control(ctx, "This changes the rate of %s.", done, func() error { return c.relay.Outbox().SetRate(ctx, c.scope(), perSecond) })
}

// control sets something for a scope, after a question if it has several queued entries.
func (c *call) control(ctx context.Context, question, done string, do func() error) error {
	view, err := c.relay.Overview(ctx)
	if err != nil {
		return err
	}
	number := c.countScope(view, relay.StateQueued)
	if err := c.confirmMany(ctx, number, fmt.Sprintf(question, of(number, relay.StateQueued, c.scope()))); err != nil {
		return err
	}
	if err := do(); err != nil {
		return err
	}
	if c.json {
		return c.printJSON(struct {
			relay.Scope

			Done string `json:"done"`
		}{c.scope(), done})
	}
	fmt.Fprintf(c.stdout, "%s: %s\n", c.scope(), done)
	return nil
}

// isPaused reports whether nothing of a scope is sent.
func isPaused(view *relay.Overview, s relay.Scope) bool {
	return slices.ContainsFunc(view.Pauses, func(p relay.Pause) bool {
		return (p.App == "" || p.App == s.App) && (p.Group == "" || p.Group == s.Group)
	})
}

// printPauses prints the pauses with their reasons, if there are any.
func (c *call) printPauses(view *relay.Overview) error {
	if len(view.Pauses) == 0 {
		return nil
	}
	rows := [][]string{{"PAUSED", "SINCE", "REASON"}}
	for _, pause := range view.Pauses {
		reason := pause.Reason
		if reason == "" {
			reason = "by hand"
		}
		rows = append(rows, []string{pause.String(), stamp(pause.Since), reason})
	}
	fmt.Fprintln(c.stdout)
	return table(c.stdout, rows...)
}
