package pgconversation_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/pgconversation"
	"github.com/sinchgo/conversation/webhook"
)

// TestEachModeOfQueriesWorks uses those of pgx that poolers need, which prepare no statement, and isolation above read committed.
func TestEachModeOfQueriesWorks(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*pgx.ConnConfig){
		"exec":         func(c *pgx.ConnConfig) { c.DefaultQueryExecMode = pgx.QueryExecModeExec },
		"simple":       func(c *pgx.ConnConfig) { c.DefaultQueryExecMode = pgx.QueryExecModeSimpleProtocol },
		"describe":     func(c *pgx.ConnConfig) { c.DefaultQueryExecMode = pgx.QueryExecModeCacheDescribe },
		"serializable": func(c *pgx.ConnConfig) { c.RuntimeParams["default_transaction_isolation"] = "serializable" },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newInboxBench(t, write)
			config := b.pool.Config()
			change(config.ConnConfig)
			pool, err := pgxpool.NewWithConfig(t.Context(), config)
			require.NoError(t, err)
			defer pool.Close()
			o := newOutboxOn(t, pool)
			for _, job := range o.insert(pgconversation.Entry{ID: "a", Before: time.Now().Add(time.Hour)}, pgconversation.Entry{ID: "b", Group: "g"}) {
				o.completes(o.worker, job)
			}
			require.NoError(t, pgx.BeginFunc(t.Context(), pool, func(tx pgx.Tx) error {
				results, err := pgconversation.InsertManyTx(t.Context(), o.river, tx, []pgconversation.Message{
					{hello(), pgconversation.Entry{ID: "c", Group: "g", After: time.Now().Add(time.Hour)}}, {hello(), pgconversation.Entry{ID: "a"}},
				})
				assert.NoError(t, results[0])
				assert.ErrorIs(t, results[1], pgconversation.ErrIDTaken)
				return err
			}))
			s := store{pool, o.river}
			s.exec(t, `UPDATE conversation_outbox SET state = 'unknown' WHERE id = 'c'`)
			require.NoError(t, pgconversation.Settle(t.Context(), s.river, pool, "c", pgconversation.SettleResend))
			require.NoError(t, s.runUpkeep(pgconversation.NewUpkeep(pool)))
			assert.Equal(t, []string{"b", "c"}, s.listed(t, pgconversation.ListParams{Group: "g"}))
			assert.Equal(t, []string{"a", "b"}, s.listed(t, pgconversation.ListParams{State: pgconversation.StateAccepted}))
			overview, err := pgconversation.Overview(t.Context(), pool)
			require.NoError(t, err)
			assert.Equal(t, map[string]int{"accepted": 2, "queued": 1}, overview.States)

			deduper := pgconversation.NewDeduper(pool)
			state, err := deduper.Begin(t.Context(), "k", time.Now().Add(time.Hour))
			require.NoError(t, err)
			assert.Equal(t, webhook.StateNew, state)
			require.NoError(t, deduper.Done(t.Context(), "k", true))

			b.Inbox, b.pool, b.river = pgconversation.NewInbox(b.receiver, pool), pool, o.river
			for _, id := range []string{"x", "y"} {
				require.Equal(t, http.StatusOK, b.post(t, messageOf(id)))
			}
			require.NoError(t, b.Work(t.Context(), b.jobOf(t, messageOf("x"), 1)))
			b.exec(t, `UPDATE conversation_callbacks SET state = 'dead' WHERE state = 'waiting'`)
			for _, dead := range b.dead(t) {
				require.NoError(t, b.RetryDead(t.Context(), b.river, dead.Key))
			}
			require.NoError(t, b.Work(t.Context(), b.jobOf(t, messageOf("y"), 1)))
			assert.Equal(t, []string{"x", "y"}, b.effects(t))
		})
	}
}
