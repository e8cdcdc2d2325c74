package relayprogram

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"slices"
	"strconv"

	"github.com/sinchgo/conversation/relay"
)

func (c *call) unknownList(ctx context.Context) error {
	rows, list := [][]string{{"SINCE", "APP", "ATTEMPTS", "ID", "REASON"}}, []*relay.Status{}
	for entry, err := range c.relay.Outbox().Unknown(ctx) {
		if err != nil {
			return err
		}
		list = append(list, entry)
		rows = append(rows, []string{stamp(entry.At), entry.App, strconv.Itoa(entry.Attempts), entry.ID, entry.Reason})
	}
	if c.json {
		return c.printJSON(list)
	}
	if len(list) == 0 {
		fmt.Fprintln(c.stdout, "No entry is unknown.")
		return nil
	}
	return table(c.stdout, rows...)
}

func flagsOfSettle(c *call, flags *flag.FlagSet) {
	flags.StringVar(&c.as, "as", "", "accepted, resend or drop")
}

var settlements = []string{string(relay.SettleAccepted), string(relay.SettleResend), string(relay.SettleDrop)}

func (c *call) checkSettle() error {
	switch {
	case !slices.Contains(settlements, c.as):
		return usageError("unknown settle requires -as accepted, -as resend or -as drop")
	case len(c.args) == 0:
		return usageError("unknown settle requires the IDs of the entries")
	}
	return nil
}

// done is the outcome of one of the named entries or dead letters.
type done struct {
	ID    string `json:"id"`
	Done  string `json:"done,omitzero"`
	Error string `json:"error,omitzero"`
}

func (c *call) unknownSettle(ctx context.Context) error {
	what := fmt.Sprintf("This settles %d entries as %s.", len(c.args), c.as)
	if err := c.confirmMany(ctx, len(c.args), what); err != nil {
		return err
	}
	return c.each(c.args, "settled as "+c.as, func(id string) error {
		return c.relay.Outbox().Settle(ctx, id, relay.Settlement(c.as))
	})
}

// each calls do for each ID, and prints the results.
func (c *call) each(ids []string, what string, do func(id string) error) error {
	results, failed := doEach(ids, what, do)
	return errors.Join(c.printDone(results), failed)
}

// doEach calls do for each ID. A failure does not stop it.
func doEach(ids []string, what string, do func(id string) error) ([]done, error) {
	results, failed := make([]done, len(ids)), 0
	for i, id := range ids {
		results[i] = done{ID: id, Done: what}
		if err := do(id); err != nil {
			results[i] = done{ID: id, Error: err.Error()}
			failed++
		}
	}
	if failed > 0 {
		return results, fmt.Errorf("%d of %d failed", failed, len(ids))
	}
	return results, nil
}

func (c *call) printDone(results []done) error {
	if c.json {
		return c.printJSON(results)
	}
	rows := make([][]string, len(results))
	for i, result := range results {
		rows[i] = []string{result.ID, result.Done + result.Error}
	}
	return table(c.stdout, rows...)
}
