package pgconversation_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestEveryQueryOfTheReadmeUsesAnIndex explains each query with sequential scans being expensive.
func TestEveryQueryOfTheReadmeUsesAnIndex(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("README.md")
	require.NoError(t, err)
	conn, err := newDatabase(t).Acquire(t.Context())
	require.NoError(t, err)
	defer conn.Release()
	_, err = conn.Exec(t.Context(), `SET enable_seqscan = off`)
	require.NoError(t, err)
	queries := 0
	for _, block := range regexp.MustCompile("(?s)```sql\n(.*?)```").FindAllStringSubmatch(string(text), -1) {
		for query := range strings.SplitSeq(strings.TrimSpace(block[1]), ";") {
			if query == "" {
				continue
			}
			queries++
			rows, err := conn.Query(t.Context(), "EXPLAIN "+query)
			require.NoError(t, err, query)
			plan, err := pgx.CollectRows(rows, pgx.RowTo[string])
			require.NoError(t, err, query)
			assert.NotContains(t, strings.Join(plan, "\n"), "Seq Scan", query)
		}
	}
	require.Greater(t, queries, 3, "the queries are found")
}
