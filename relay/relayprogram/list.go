package relayprogram

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/sinchgo/conversation/relay"
)

// listBlock is how many rows of a list are laid out together, so that a long list is printed as it is read.
const listBlock = 500

func flagsOfList(c *call, flags *flag.FlagSet) {
	flagsOfScope(c, flags)
	flags.StringVar(&c.state, "state", "", "the entries in one `state`: "+stateNames())
	flags.IntVar(&c.limit, "limit", 0, "the maximum `number` of entries; 0 means all")
}

func stateNames() string {
	names := make([]string, len(shownStates))
	for i, state := range shownStates {
		names[i] = string(state)
	}
	return strings.Join(names, ", ")
}

func (c *call) checkList() error {
	switch {
	case len(c.args) > 0:
		return usageError("list accepts flags only: show prints one entry")
	case c.limit < 0:
		return usageError("-limit is negative: use 0 for all entries")
	case c.state != "" && !slices.Contains(shownStates, relay.State(c.state)):
		return usageError("-state is not a state: use " + stateNames())
	}
	return nil
}

func (c *call) listParams(state relay.State) relay.ListParams {
	return relay.ListParams{State: state, App: c.app, Group: c.group}
}

var listHeader = []string{"SINCE", "APP", "GROUP", "STATE", "DELIVERY", "ATTEMPTS", "ID", "REASON"}

func listRow(s *relay.Status) []string {
	reason := s.Reason
	if s.DeliveryReason != "" {
		reason = s.DeliveryReason
	}
	return []string{stamp(s.At), s.App, s.Group, string(s.State), string(s.Delivery), strconv.Itoa(s.Attempts), s.ID, reason}
}

func (c *call) list(ctx context.Context) error {
	rows, printed := [][]string{listHeader}, 0
	for entry, err := range c.relay.Outbox().List(ctx, c.listParams(relay.State(c.state))) {
		if err != nil {
			return err
		}
		if c.json {
			err = c.printLine(entry)
		} else if rows = append(rows, listRow(entry)); len(rows) > listBlock {
			err = table(c.stdout, rows...)
			rows = rows[:0]
		}
		if err != nil {
			return err
		}
		if printed++; printed == c.limit {
			break
		}
	}
	switch {
	case c.json:
		return nil
	case printed == 0:
		fmt.Fprintln(c.stdout, "No entry matches.")
		return nil
	}
	return table(c.stdout, rows...)
}

// printLine prints a value as one line of JSON.
func (c *call) printLine(value any) error {
	encoder := json.NewEncoder(c.stdout)
	encoder.SetEscapeHTML(false)
	return encoder.Encode(value)
}

func (c *call) checkOneID() error {
	if len(c.args) != 1 {
		return usageError("show requires one ID")
	}
	return nil
}

func (c *call) show(ctx context.Context) error {
	entry, err := c.relay.Outbox().Get(ctx, c.args[0])
	if err != nil {
		return err
	}
	if c.json {
		return c.printJSON(entry)
	}
	rows := [][]string{
		{"id", entry.ID},
		{"app", entry.App},
		{"group", entry.Group},
		{"state", string(entry.State)},
		{"since", stamp(entry.At)},
		{"reason", entry.Reason},
		{"attempts", strconv.Itoa(entry.Attempts)},
		{"message id", entry.MessageID},
		{"delivery", string(entry.Delivery)},
		{"delivery reason", entry.DeliveryReason},
		{"priority", strconv.Itoa(entry.Priority)},
		{"before", ""},
	}
	if !entry.Before.IsZero() {
		rows[len(rows)-1][1] = stamp(entry.Before)
	}
	return table(c.stdout, rows...)
}
