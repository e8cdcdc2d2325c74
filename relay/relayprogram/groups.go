package relayprogram

import (
	"context"
	"fmt"
	"strconv"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/relay"
)

// column is a number of entries of a group.
type column struct {
	name  string
	count func(relay.GroupOverview) int
}

func ofState(state relay.State) column {
	return column{string(state), func(g relay.GroupOverview) int { return g.States[state] }}
}

func ofDelivery(name string, status conversation.DeliveryStatus) column {
	return column{name, func(g relay.GroupOverview) int { return g.Delivery[status] }}
}

// groupColumns are the numbers of a group in the order in which they are printed. Delivered, read and failed entries are accepted too.
var groupColumns = []column{
	ofState(relay.StateQueued),
	ofState(relay.StateAttempting),
	ofState(relay.StateAccepted),
	ofDelivery("delivered", conversation.DeliveryStatusDelivered),
	ofDelivery("read", conversation.DeliveryStatusRead),
	ofDelivery("failed", conversation.DeliveryStatusFailed),
	ofState(relay.StateRejected),
	ofState(relay.StateUnknown),
	ofState(relay.StateDropped),
	ofState(relay.StateCancelled),
	ofState(relay.StateExpired),
	{"later", func(g relay.GroupOverview) int { return g.Later }},
}

func (c *call) groups(ctx context.Context) error {
	view, err := c.relay.Overview(ctx)
	if err != nil {
		return err
	}
	if c.json {
		for _, group := range view.Groups {
			if err := c.printLine(groupLine{group, pausedWords(view, group.Group)}); err != nil {
				return err
			}
		}
		return nil
	}
	if len(view.Groups) == 0 {
		fmt.Fprintln(c.stdout, "No entry has a group.")
		return nil
	}
	if err := c.printGroups(view, view.Groups); err != nil {
		return err
	}
	return c.printPauses(view)
}

// groupLine is the JSON of a group.
type groupLine struct {
	relay.GroupOverview

	Paused string `json:"paused,omitzero"` // yes, or for which apps
}

func (c *call) printGroups(view *relay.Overview, groups []relay.GroupOverview) error {
	head := []string{"GROUP"}
	for _, column := range groupColumns {
		head = append(head, column.name)
	}
	rows := [][]string{append(head, "paused")}
	for _, group := range groups {
		row := []string{group.Group}
		for _, column := range groupColumns {
			row = append(row, strconv.Itoa(column.count(group)))
		}
		rows = append(rows, append(row, pausedWords(view, group.Group)))
	}
	return table(c.stdout, rows...)
}

// pausedWords formats whether a group is paused: yes, or the apps for which it is.
func pausedWords(view *relay.Overview, group string) string {
	if isPaused(view, relay.Scope{Group: group}) {
		return "yes"
	}
	apps := ""
	for _, pause := range view.Pauses {
		if pause.Group != "" && pause.Group != group {
			continue
		}
		if apps != "" {
			apps += ", "
		}
		apps += pause.App
	}
	if apps == "" {
		return ""
	}
	return "for app " + apps
}
