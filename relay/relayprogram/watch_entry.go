package relayprogram

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/relay"
)

// untilNames are the values of -until.
var untilNames = []string{string(relay.StateAccepted), "delivered", "read"}

func (c *call) checkWatchEntry() error {
	switch {
	case len(c.args) > 1:
		return usageError("watch accepts one ID")
	case c.group != "":
		return usageError("-group and an ID are both set: keep one")
	case c.until == "":
		c.until = "delivered"
	case !slices.Contains(untilNames, c.until):
		return usageError("-until is not accepted, delivered or read: use one of them")
	}
	return nil
}

// delivery returns the delivery to wait for, or none.
func (c *call) delivery() []conversation.DeliveryStatus {
	switch c.until {
	case "delivered":
		return []conversation.DeliveryStatus{conversation.DeliveryStatusDelivered}
	case "read":
		return []conversation.DeliveryStatus{conversation.DeliveryStatusRead}
	}
	return nil
}

// watchEntry prints the states of an entry until it is settled or delivered.
func (c *call) watchEntry(ctx context.Context) error {
	var last *relay.Status
	for status, err := range c.relay.Outbox().Watch(ctx, c.args[0], c.delivery()...) {
		switch {
		case ctx.Err() != nil:
			return errors.New("interrupted before the entry was settled or delivered")
		case err != nil:
			return err
		}
		last = status
		if err := c.printStatus(status); err != nil {
			return err
		}
	}
	if last == nil || !c.reached(last) {
		return errEnded
	}
	return nil
}

func (c *call) printStatus(s *relay.Status) error {
	if c.json {
		return c.printLine(s)
	}
	words := []string{stamp(s.At), string(s.State)}
	for _, more := range []string{string(s.Delivery), s.Reason, s.DeliveryReason} {
		if more != "" {
			words = append(words, cell(more))
		}
	}
	_, err := fmt.Fprintln(c.stdout, strings.Join(words, "  "))
	return err
}

// reached reports whether an entry got as far as -until.
func (c *call) reached(s *relay.Status) bool {
	switch {
	case s.State != relay.StateAccepted:
		return false
	case c.until == "read":
		return s.Delivery == conversation.DeliveryStatusRead
	case c.until == "delivered":
		return s.Delivery == conversation.DeliveryStatusDelivered || s.Delivery == conversation.DeliveryStatusRead
	}
	return true
}
