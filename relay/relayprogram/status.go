package relayprogram

import (
	"context"
	"fmt"
	"strconv"

	"github.com/sinchgo/conversation/relay"
)

// shownStates are the states in the order in which they are printed.
var shownStates = []relay.State{
	relay.StateQueued, relay.StateAttempting, relay.StateAccepted, relay.StateRejected, relay.StateUnknown, relay.StateDropped,
	relay.StateCancelled, relay.StateExpired,
}

func (c *call) status(ctx context.Context) error {
	view, err := c.relay.Overview(ctx)
	if err != nil {
		return err
	}
	if c.json {
		return c.printJSON(view)
	}
	if err := c.printApps(view); err != nil {
		return err
	}
	if err := c.printPauses(view); err != nil {
		return err
	}
	fmt.Fprintf(c.stdout, "\nInbox: %d waiting, the oldest for %s; %d kept for replay.\nDead letters: %d.\n",
		view.Inbox.Waiting, since(view.At, view.Inbox.Oldest), view.Inbox.Kept, view.Dead)
	return nil
}

// printApps prints the numbers of each app, and of all.
func (c *call) printApps(view *relay.Overview) error {
	head := []string{"APP"}
	for _, state := range shownStates {
		head = append(head, string(state))
	}
	rows := [][]string{append(head, "later", "oldest", "a second", "pauses for")}
	total := relay.AppOverview{App: "all", States: view.States}
	for _, app := range view.Apps {
		total.Later += app.Later
		if total.Oldest.IsZero() || !app.Oldest.IsZero() && app.Oldest.Before(total.Oldest) {
			total.Oldest = app.Oldest
		}
		rows = append(rows, append(appRow(view, app), rateOf(app), until(view.At, app.PausedUntil)))
	}
	return table(c.stdout, append(rows, appRow(view, total))...)
}

func appRow(view *relay.Overview, app relay.AppOverview) []string {
	row := []string{app.App}
	for _, state := range shownStates {
		row = append(row, strconv.Itoa(app.States[state]))
	}
	return append(row, strconv.Itoa(app.Later), since(view.At, app.Oldest))
}

// rateOf formats the number of requests a second that an app may send.
func rateOf(app relay.AppOverview) string {
	if app.Rate == 0 {
		return "-"
	}
	return strconv.FormatFloat(app.Rate, 'f', 1, 64)
}
