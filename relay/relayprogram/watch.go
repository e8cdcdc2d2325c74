package relayprogram

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"strings"
	"time"

	"github.com/sinchgo/conversation/relay"
)

const leastInterval = 100 * time.Millisecond

func flagsOfWatch(c *call, flags *flag.FlagSet) {
	flags.StringVar(&c.group, "group", "", "only one group")
	flags.DurationVar(&c.interval, "interval", time.Second, "the `time` between two tables")
	flags.StringVar(&c.until, "until", "", "for an ID: accepted, delivered (the default) or read")
}

func (c *call) checkWatch() error {
	if len(c.args) > 0 {
		return c.checkWatchEntry()
	}
	switch {
	case c.until != "":
		return usageError("-until is for the ID of an entry: add one, or leave it out")
	case c.interval < leastInterval:
		return usageError("-interval is below 100ms: use a time such as 1s")
	}
	return nil
}

func (c *call) watch(ctx context.Context) error {
	if len(c.args) > 0 {
		return c.watchEntry(ctx)
	}
	ticks := time.NewTicker(c.interval)
	defer ticks.Stop()
	var last string
	for {
		view, err := c.relay.Overview(ctx)
		if err == nil {
			last, err = c.printView(view, last)
		}
		switch {
		case ctx.Err() != nil:
			return nil // ended by Ctrl-C
		case err != nil:
			return err
		}
		select {
		case <-ctx.Done():
			return nil
		case <-ticks.C:
		}
	}
}

// printView prints the numbers: on a terminal as a table in place of the last one, otherwise as lines if they have changed.
func (c *call) printView(view *relay.Overview, last string) (string, error) {
	if c.group != "" {
		view = onlyGroup(view, c.group)
	}
	switch {
	case c.json:
		return "", c.printLine(view)
	case c.redraws:
		return "", c.redraw(view)
	}
	now := viewLines(view)
	for line := range strings.Lines(now) {
		if !strings.Contains("\n"+last, "\n"+line) {
			fmt.Fprint(c.stdout, view.At.UTC().Format("15:04:05 "), line)
		}
	}
	return now, nil
}

// onlyGroup returns a view with one group and no apps.
func onlyGroup(view *relay.Overview, name string) *relay.Overview {
	only := &relay.Overview{
		At: view.At, States: map[relay.State]int{}, Apps: []relay.AppOverview{}, Groups: []relay.GroupOverview{{Group: name}},
		Pauses: view.Pauses, Inbox: view.Inbox, Dead: view.Dead,
	}
	for _, group := range view.Groups {
		if group.Group == name {
			only.Groups[0], only.States = group, group.States
		}
	}
	return only
}

// redraw prints tables at the top of an empty screen.
func (c *call) redraw(view *relay.Overview) error {
	var frame bytes.Buffer
	frame.WriteString("\x1b[H\x1b[2J" + stamp(view.At) + "\n")
	drawn := &call{console: console{stdout: &frame}}
	if len(view.Apps) > 0 || len(view.Groups) == 0 {
		frame.WriteString("\n")
		if err := drawn.printApps(view); err != nil {
			return err
		}
	}
	if len(view.Groups) > 0 {
		frame.WriteString("\n")
		if err := drawn.printGroups(view, view.Groups); err != nil {
			return err
		}
	}
	if err := drawn.printPauses(view); err != nil {
		return err
	}
	_, err := frame.WriteTo(c.stdout)
	return err
}

// viewLines formats the numbers that are not zero, a line for each app, group and pause.
func viewLines(view *relay.Overview) string {
	var lines strings.Builder
	for _, app := range view.Apps {
		lines.WriteString(cell("app "+app.App) + ":")
		for _, state := range shownStates {
			writeCount(&lines, string(state), app.States[state])
		}
		lines.WriteString("\n")
	}
	for _, group := range view.Groups {
		lines.WriteString(cell("group "+group.Group) + ":")
		for _, column := range groupColumns {
			writeCount(&lines, column.name, column.count(group))
		}
		lines.WriteString("\n")
	}
	for _, pause := range view.Pauses {
		fmt.Fprintf(&lines, "paused: %s. %s\n", pause.Scope, cell(pause.Reason))
	}
	return lines.String()
}

func writeCount(lines *strings.Builder, name string, count int) {
	if count > 0 {
		fmt.Fprintf(lines, " %d %s", count, name)
	}
}
