package pgconversation

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/sinchgo/conversation/outbox"
)

// Overview returns the state of the outbox and the callbacks for gauges, such as those of otelconversation. It reads every entry, so with many millions of them
// call it once a minute or less often.
func Overview(ctx context.Context, db DB) (outbox.Overview, error) {
	if err := checkDB(opOverview, db); err != nil {
		return outbox.Overview{}, err
	}
	now, err := overview(ctx, db)
	return now, inCall(opOverview, err)
}

func overview(ctx context.Context, db DB) (outbox.Overview, error) {
	now := outbox.Overview{States: make(map[string]int)}
	rows, err := db.Query(ctx, `SELECT state, count(*) FROM conversation_outbox GROUP BY state`)
	if err != nil {
		return now, err
	}
	var state string
	var n int
	_, err = pgx.ForEachRow(rows, []any{&state, &n}, func() error {
		now.States[state] = n
		return nil
	})
	if err != nil {
		return now, err
	}
	var oldest float64 // in seconds
	err = db.QueryRow(ctx, `
		SELECT count(*), coalesce(extract(epoch FROM max(now() - greatest(at, due))), 0)::float8
		FROM conversation_outbox WHERE state = 'queued' AND due <= now()`).Scan(&now.Due, &oldest)
	if err != nil {
		return now, err
	}
	now.Oldest = max(0, time.Duration(oldest*float64(time.Second)))
	callbacks, err := countCallbacks(ctx, db)
	now.Waiting, now.OldestCall, now.Dead = callbacks.Waiting, callbacks.Oldest, callbacks.Dead
	return now, err
}
