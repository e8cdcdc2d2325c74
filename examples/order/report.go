package main

import (
	"context"
	"fmt"
	"text/tabwriter"

	"github.com/jackc/pgx/v5"

	"github.com/sinchgo/conversation/pgconversation"
)

// report compares the orders with what the fake received.
func (t *story) report(ctx context.Context) error {
	messages := make(map[string]int)
	for _, sent := range t.p.Fake.Sent() {
		messages[sent.Request.CorrelationID]++
	}
	rows, err := t.shop.pool.Query(ctx, `SELECT id, status FROM orders ORDER BY id`)
	if err != nil {
		return err
	}
	orders, err := pgx.CollectRows(rows, pgx.RowToStructByPos[struct{ ID, Status string }])
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(t.p.Out, 0, 0, 2, ' ', 0)
	fmt.Fprintf(table, "ORDER\tSTATUS\tCONFIRMATION\tMESSAGES\n")
	right := 0
	for _, o := range orders {
		status, err := pgconversation.Get(ctx, t.shop.pool, entryID(o.ID))
		if err != nil {
			return err
		}
		fmt.Fprintf(table, "%s\t%s\t%s, %s\t%d\n", o.ID, o.Status, status.State, status.Delivery, messages[entryID(o.ID)])
		if o.Status == "delivered" && status.State == pgconversation.StateAccepted && messages[entryID(o.ID)] == 1 {
			right++
		}
	}
	_ = table.Flush()
	if len(orders) != 3 || right != 3 || len(messages) != 3 {
		return fmt.Errorf("the orders and the fake disagree: %d orders, %d of them confirmed once, messages for %d", len(orders), right, len(messages))
	}
	return nil
}
