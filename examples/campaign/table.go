package main

import (
	"context"
	"fmt"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"golang.org/x/term"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/relay"
)

// lookEvery is how often the queue is counted.
const lookEvery = 250 * time.Millisecond

// follow prints the numbers of the groups until they are as wanted, and returns them.
func (c *campaign) follow(ctx context.Context, wanted func(*relay.Overview) bool) (*relay.Overview, error) {
	look := time.NewTicker(lookEvery)
	defer look.Stop()
	for {
		view, err := c.queue.Overview(ctx)
		if err != nil {
			return nil, err
		}
		c.show(view)
		if wanted(view) {
			return view, nil
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-look.C:
		}
	}
}

// show prints a table of the groups: on a terminal in place of the last one, otherwise if it has changed.
func (c *campaign) show(view *relay.Overview) {
	var text strings.Builder
	columns := tabwriter.NewWriter(&text, 0, 0, 2, ' ', 0)
	for _, group := range view.Groups {
		fmt.Fprintf(columns, "%s:\t%d queued,\t%d attempting,\t%d accepted,\t%d delivered,\t%d rejected\n", group.Group,
			group.States[relay.StateQueued], group.States[relay.StateAttempting], group.States[relay.StateAccepted],
			group.Delivery[conversation.DeliveryStatusDelivered], group.States[relay.StateRejected])
	}
	_ = columns.Flush()
	table := text.String()
	if table == c.table {
		return
	}
	if file, ok := c.p.Out.(*os.File); ok && term.IsTerminal(int(file.Fd())) && c.table != "" {
		c.p.Printf("\x1b[%dA\x1b[J", strings.Count(c.table, "\n")) // up to its first line, and clear the rest
	}
	c.p.Printf("%s", table)
	c.table = table
}

// say prints a line. The next table is below it.
func (c *campaign) say(format string, values ...any) {
	c.p.Printf(format+"\n", values...)
	c.table = ""
}
