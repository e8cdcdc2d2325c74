package pgconversation_test

import (
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivertype"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/pgconversation"
)

// store is a database with a River client that only inserts.
type store struct {
	*pgxpool.Pool
	river *river.Client[pgx.Tx]
}

func newStore(t *testing.T) store {
	t.Helper()
	pool := newDatabase(t)
	riverClient, err := river.NewClient(riverpgxv5.New(pool), &river.Config{})
	require.NoError(t, err)
	return store{pool, riverClient}
}

// hello returns a message to send.
func hello() *conversation.SendMessageRequest {
	return &conversation.SendMessageRequest{AppID: "A", Recipient: conversation.ToContact("C"), Message: conversation.Text("hello")}
}

// insert stores a message for each entry, each in its own transaction.
func (s store) insert(t *testing.T, entries ...pgconversation.Entry) {
	t.Helper()
	for _, e := range entries {
		require.NoError(t, pgx.BeginFunc(t.Context(), s, func(tx pgx.Tx) error {
			return pgconversation.InsertTx(t.Context(), s.river, tx, hello(), e)
		}))
	}
}

// insertAs stores an entry in a state.
func (s store) insertAs(t *testing.T, id string, state pgconversation.State) {
	t.Helper()
	s.insert(t, pgconversation.Entry{ID: id})
	s.exec(t, `UPDATE conversation_outbox SET state = $2, at = clock_timestamp() WHERE id = $1`, id, state)
}

func (s store) exec(t *testing.T, sql string, args ...any) {
	t.Helper()
	_, err := s.Exec(t.Context(), sql, args...)
	require.NoError(t, err)
}

func (s store) get(t *testing.T, id string) *pgconversation.Status {
	t.Helper()
	status, err := pgconversation.Get(t.Context(), s, id)
	require.NoError(t, err)
	return status
}

// count returns the only column and row of a query.
func (s store) count(t *testing.T, sql string, args ...any) (n int) {
	t.Helper()
	require.NoError(t, s.QueryRow(t.Context(), sql, args...).Scan(&n))
	return n
}

// hasMessage reports whether the message of an entry is stored.
func (s store) hasMessage(t *testing.T, id string) bool {
	t.Helper()
	return s.count(t, `SELECT count(message) FROM conversation_outbox WHERE id = $1`, id) == 1
}

// job returns the River job of an entry.
func (s store) job(t *testing.T, id string) *rivertype.JobRow {
	t.Helper()
	job, err := s.river.JobGet(t.Context(), s.get(t, id).Job)
	require.NoError(t, err)
	return job
}

// listed returns the IDs that List returns, in order.
func (s store) listed(t *testing.T, params pgconversation.ListParams) []string {
	t.Helper()
	ids := []string{}
	for status, err := range pgconversation.List(t.Context(), s, params) {
		require.NoError(t, err)
		ids = append(ids, status.ID)
	}
	return ids
}
