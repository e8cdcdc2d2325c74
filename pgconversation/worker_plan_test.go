package pgconversation_test

import (
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/pgconversation"
)

// A worker's statements are prepared, so that PostgreSQL plans them for parameters that it does not know after a few times. A plan with another
// index than that of the ID, or none, reads all that is queued for each batch.
func TestTheStatementsOfAnAttemptUseTheIndexOfTheIDWhateverTheStatistics(t *testing.T) {
	t.Parallel()
	conn, err := newDatabase(t).Acquire(t.Context())
	require.NoError(t, err)
	defer conn.Release()
	exec := func(sql string) {
		_, err := conn.Exec(t.Context(), sql)
		require.NoError(t, err, sql)
	}
	exec("PREPARE begin (text[], bigint[], bigint[]) AS " + pgconversation.SQLBegin)
	exec("PREPARE accepted (text[], bigint[], text[]) AS " + pgconversation.SQLAccepted)
	exec("PREPARE finish (text, bigint, text, text, integer) AS " + pgconversation.SQLFinish)
	check := func(when string) {
		for _, mode := range []string{"force_custom_plan", "force_generic_plan"} {
			exec("SET plan_cache_mode = " + mode)
			for _, statement := range []string{
				"begin(ARRAY['order-1', 'order-2'], ARRAY[1, 2], ARRAY[3, 4])",
				"accepted(ARRAY['order-1', 'order-2'], ARRAY[3, 4], ARRAY['M', 'N'])", "finish('order-1', 3, 'queued', '', 0)",
			} {
				rows, err := conn.Query(t.Context(), "EXPLAIN EXECUTE "+statement, pgx.QueryExecModeSimpleProtocol)
				require.NoError(t, err)
				lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
				require.NoError(t, err)
				plan := strings.Join(lines, "\n")
				assert.Contains(t, plan, "conversation_outbox_pkey", "%s, %s", when, mode)
				assert.NotContains(t, plan, "conversation_outbox_state", "%s, %s", when, mode)
			}
		}
	}
	fill := func(from, to string) {
		exec(`INSERT INTO conversation_outbox (id, app, job, sum, message)
			SELECT 'order-' || i, 'A', i, decode(repeat('00', 32), 'hex'), decode(repeat('00', 250), 'hex') FROM generate_series(` + from + `, ` + to + `) AS i`)
	}
	fill("1", "20000")
	check("no statistics")
	exec(`ANALYZE conversation_outbox`)
	check("all queued")
	exec(`UPDATE conversation_outbox SET state = 'accepted'`)
	check("all accepted since")
	exec(`ANALYZE conversation_outbox`)
	fill("20001", "40000")
	check("none was queued")
}
