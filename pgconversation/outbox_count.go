package pgconversation

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/sinchgo/conversation"
)

// Counts is the number of entries.
type Counts struct {
	States   map[State]int                       `json:"states"`   // in each state
	Later    int                                 `json:"later"`    // queued entries that are not due ([Entry.After])
	Delivery map[conversation.DeliveryStatus]int `json:"delivery"` // accepted entries by their latest report
}

// Count counts the entries of a group, or all of them if group is empty. It reads every entry that it counts.
func Count(ctx context.Context, db DB, group string) (*Counts, error) {
	if err := checkGroup(opCount, "group", group); err != nil {
		return nil, err
	}
	if err := checkDB(opCount, db); err != nil {
		return nil, err
	}
	counts, err := count(ctx, db, group)
	return counts, inCall(opCount, err)
}

func count(ctx context.Context, db DB, group string) (*Counts, error) {
	ofGroup, args := "", []any{}
	if group != "" {
		ofGroup, args = "WHERE grp = $1 AND grp <> ''", append(args, group)
	}
	rows, err := db.Query(ctx, `
		SELECT state, delivery, count(*), count(*) FILTER (WHERE state = 'queued' AND due > now())
		FROM conversation_outbox `+ofGroup+` GROUP BY state, delivery`, args...)
	if err != nil {
		return nil, err
	}
	counts := &Counts{States: make(map[State]int), Delivery: make(map[conversation.DeliveryStatus]int)}
	var state State
	var delivery conversation.DeliveryStatus
	var n, later int
	_, err = pgx.ForEachRow(rows, []any{&state, &delivery, &n, &later}, func() error {
		counts.States[state] += n
		counts.Later += later
		if delivery != "" {
			counts.Delivery[delivery] += n
		}
		return nil
	})
	return counts, err
}
