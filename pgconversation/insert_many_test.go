package pgconversation_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/pgconversation"
)

func (s store) insertMany(t *testing.T, messages []pgconversation.Message) (results []error) {
	t.Helper()
	require.NoError(t, pgx.BeginFunc(t.Context(), s, func(tx pgx.Tx) (err error) {
		results, err = pgconversation.InsertManyTx(t.Context(), s.river, tx, messages)
		return err
	}))
	return results
}

// numbered returns messages with different texts.
func numbered(n int) []pgconversation.Message {
	messages := make([]pgconversation.Message, n)
	for i := range messages {
		req := hello()
		req.Message = conversation.Text(fmt.Sprint("hello ", i))
		messages[i] = pgconversation.Message{Request: req, Entry: pgconversation.Entry{ID: fmt.Sprint("m", i), Group: "spring"}}
	}
	return messages
}

// TestManyMessagesAreStoredAsOneByOne compares the rows and jobs with those of InsertTx.
func TestManyMessagesAreStoredAsOneByOne(t *testing.T) {
	t.Parallel()
	one, many := newStore(t), newStore(t)
	later := time.Now().Add(time.Hour).Truncate(time.Second)
	messages := numbered(1_100)
	messages[7].Entry = pgconversation.Entry{ID: "m7", App: "A", Priority: 3, After: later, Before: later.Add(time.Hour), Queue: "messages"}
	assert.Equal(t, make([]error, len(messages)), many.insertMany(t, messages))
	require.NoError(t, pgx.BeginFunc(t.Context(), one, func(tx pgx.Tx) error {
		for _, m := range messages {
			if err := pgconversation.InsertTx(t.Context(), one.river, tx, m.Request, m.Entry); err != nil {
				return err
			}
		}
		return nil
	}))
	rows := func(s store) []string {
		found, err := s.Query(t.Context(), `
			SELECT concat_ws('|', o.id, o.state, o.app, grp, o.priority, o.queue, before, encode(sum, 'hex'), message, due > now(), job = j.id, j.args, j.priority,
				j.queue, j.kind, j.state, j.scheduled_at > now(), j.id)
			FROM conversation_outbox o JOIN river_job j ON j.args->>'id' = o.id ORDER BY o.id`)
		require.NoError(t, err)
		texts, err := pgx.CollectRows(found, pgx.RowTo[string])
		require.NoError(t, err)
		return texts
	}
	assert.Len(t, rows(one), len(messages))
	assert.Equal(t, rows(one), rows(many))

	assert.Equal(t, make([]error, len(messages)), many.insertMany(t, messages), "again")
	assert.Equal(t, rows(one), rows(many))
	assert.Equal(t, len(messages), many.count(t, `SELECT count(*) FROM river_job`))
}

func TestEachOfManyMessagesHasItsResult(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	s.insert(t, pgconversation.Entry{ID: "m1"}) // another message
	messages := numbered(6)
	messages[3].Entry.Priority = 9
	messages[4].Request = nil
	messages = append(messages, messages[0], messages[2], pgconversation.Message{Request: hello(), Entry: pgconversation.Entry{ID: "m5"}})
	results := s.insertMany(t, messages)
	for i, result := range results {
		switch i {
		case 1, 8:
			require.ErrorIs(t, result, pgconversation.ErrIDTaken)
			require.EqualError(t, result, "pgconversation: InsertManyTx: the ID already names another message")
		case 3, 4:
			wrong, ok := result.(*conversation.ArgumentError) //nolint:errorlint // It is returned as it is.
			require.True(t, ok, result)
			assert.Equal(t, "pgconversation.InsertManyTx", wrong.Operation)
			assert.Equal(t, map[int]string{3: "Entry.Priority", 4: "req"}[i], wrong.Field)
		default:
			require.NoError(t, result)
		}
	}
	assert.ElementsMatch(t, []string{"m0", "m1", "m2", "m5"}, s.listed(t, pgconversation.ListParams{}))
	assert.Equal(t, 4, s.count(t, `SELECT count(*) FROM river_job`))
	assert.Empty(t, s.insertMany(t, nil))
}

// TestConcurrentCallsInsertTheSameMessages has transactions that store the same IDs in different orders, of which some have other messages.
func TestConcurrentCallsInsertTheSameMessages(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	const n = 300
	results := make(chan []error)
	for call := range 4 {
		messages := numbered(n)
		for i := range messages {
			other := messages[(i*7+call*50)%n]
			messages[i], messages[(i*7+call*50)%n] = other, messages[i]
		}
		if call == 3 {
			messages[0].Request = hello()
		}
		go func() {
			ctx := t.Context()
			tx, err := s.Begin(ctx)
			if err == nil {
				var each []error
				if each, err = pgconversation.InsertManyTx(ctx, s.river, tx, messages); err == nil {
					err = tx.Commit(ctx)
				}
				results <- append(each, err)
				return
			}
			results <- []error{err}
		}()
	}
	taken := 0
	for range 4 {
		for _, err := range <-results {
			if err != nil {
				require.ErrorIs(t, err, pgconversation.ErrIDTaken)
				taken++
			}
		}
	}
	assert.Contains(t, []int{1, 3}, taken, "the other message was stored, or those of three calls")
	assert.Equal(t, n, s.count(t, `SELECT count(*) FROM conversation_outbox JOIN river_job ON job = river_job.id AND args->>'id' = conversation_outbox.id`))
	assert.Equal(t, n, s.count(t, `SELECT count(*) FROM river_job`))
}

func TestManyMessagesNeedAClientAndATransaction(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	_, err := pgconversation.InsertManyTx(t.Context(), s.river, nil, nil)
	require.ErrorContains(t, err, "tx")
	_, err = pgconversation.InsertManyTx(t.Context(), nil, nil, nil)
	require.ErrorContains(t, err, "riverClient")
}
