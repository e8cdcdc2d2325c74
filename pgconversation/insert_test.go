package pgconversation_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/riverqueue/river/rivertype"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/pgconversation"
)

func TestAMessageIsStoredIfTheTransactionCommits(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	for i := range 20 {
		tx, err := s.Begin(t.Context())
		require.NoError(t, err)
		require.NoError(t, pgconversation.InsertTx(t.Context(), s.river, tx, hello(), pgconversation.Entry{ID: fmt.Sprint("order-", i)}))
		if i%4 == 3 {
			require.NoError(t, tx.Rollback(t.Context()))
			continue
		}
		require.NoError(t, tx.Commit(t.Context()))
	}
	assert.Equal(t, 15, s.count(t, `SELECT count(*) FROM conversation_outbox`))
	assert.Equal(t, 15, s.count(t, `SELECT count(*) FROM river_job JOIN conversation_outbox ON job = river_job.id AND args->>'id' = conversation_outbox.id`))
	assert.Equal(t, 15, s.count(t, `SELECT count(*) FROM river_job`))
	_, err := pgconversation.Get(t.Context(), s, "order-3")
	require.ErrorIs(t, err, pgconversation.ErrNoEntry)
}

func TestASavepointThatIsRolledBackStoresNothing(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	failed := errors.New("failed")
	require.NoError(t, pgx.BeginFunc(t.Context(), s, func(tx pgx.Tx) error {
		for i, result := range []error{nil, failed, nil} {
			err := pgx.BeginFunc(t.Context(), tx, func(savepoint pgx.Tx) error {
				return errors.Join(result, pgconversation.InsertTx(t.Context(), s.river, savepoint, hello(), pgconversation.Entry{ID: strconv.Itoa(i)}))
			})
			require.ErrorIs(t, err, result)
		}
		return nil
	}))
	assert.Equal(t, []string{"0", "2"}, s.listed(t, pgconversation.ListParams{}))
	assert.Equal(t, 2, s.count(t, `SELECT count(*) FROM river_job`))
}

func TestAnIDIsStoredOnce(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	s.insert(t, pgconversation.Entry{ID: "a"}, pgconversation.Entry{ID: "b"})
	first := s.get(t, "a")
	require.NoError(t, pgx.BeginFunc(t.Context(), s, func(tx pgx.Tx) error {
		for _, id := range []string{"a", "c", "c"} {
			require.NoError(t, pgconversation.InsertTx(t.Context(), s.river, tx, hello(), pgconversation.Entry{ID: id, Group: "another"}))
		}
		other := hello()
		other.Message = conversation.Text("goodbye")
		for _, id := range []string{"a", "c"} {
			err := pgconversation.InsertTx(t.Context(), s.river, tx, other, pgconversation.Entry{ID: id})
			require.ErrorIs(t, err, pgconversation.ErrIDTaken)
			require.EqualError(t, err, "pgconversation: InsertTx: the ID already names another message")
		}
		return pgconversation.InsertTx(t.Context(), s.river, tx, other, pgconversation.Entry{ID: "d"})
	}))
	assert.Equal(t, first, s.get(t, "a"))
	assert.Equal(t, []string{"a", "b", "c", "d"}, s.listed(t, pgconversation.ListParams{}))
	assert.Equal(t, 4, s.count(t, `SELECT count(*) FROM river_job`))
}

func TestAMessageThatWasSentIsNotStoredAgain(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	for _, state := range []pgconversation.State{pgconversation.StateAccepted, pgconversation.StateRejected, pgconversation.StateCancelled} {
		s.insertAs(t, string(state), state)
		s.exec(t, `UPDATE conversation_outbox SET message = NULL WHERE id = $1`, state)
		s.insert(t, pgconversation.Entry{ID: string(state)})
		assert.Equal(t, state, s.get(t, string(state)).State)
	}
	assert.Equal(t, 3, s.count(t, `SELECT count(*) FROM river_job`))
}

// TestConcurrentTransactionsInsertTheSameID begins a second transaction while the first one is open, and waits until it waits for it.
func TestConcurrentTransactionsInsertTheSameID(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		level  pgx.TxIsoLevel
		commit bool
		text   string // of the second message
		err    error
		code   string
	}{
		"the first is rolled back":      {level: pgx.ReadCommitted, text: "hello"},
		"the first commits":             {level: pgx.ReadCommitted, commit: true, text: "hello"},
		"the first has another message": {level: pgx.ReadCommitted, commit: true, text: "goodbye", err: pgconversation.ErrIDTaken},
		"repeatable read, rolled back":  {level: pgx.RepeatableRead, text: "hello"},
		"repeatable read, committed":    {level: pgx.RepeatableRead, commit: true, text: "hello", code: "40001"},
		"serializable, rolled back":     {level: pgx.Serializable, text: "hello"},
		"serializable, committed":       {level: pgx.Serializable, commit: true, text: "hello", code: "40001"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStore(t)
			begin := func() pgx.Tx {
				tx, err := s.BeginTx(t.Context(), pgx.TxOptions{IsoLevel: tt.level})
				require.NoError(t, err)
				_, err = tx.Exec(t.Context(), `SELECT 1 FROM river_job`) // the snapshot
				require.NoError(t, err)
				return tx
			}
			one, two := begin(), begin()
			require.NoError(t, pgconversation.InsertTx(t.Context(), s.river, one, hello(), pgconversation.Entry{ID: "a", Group: "one"}))
			second := hello()
			second.Message = conversation.Text(tt.text)
			done := make(chan error, 1)
			go func() {
				err := pgconversation.InsertTx(t.Context(), s.river, two, second, pgconversation.Entry{ID: "a", Group: "two"})
				if err == nil {
					err = two.Commit(t.Context())
				}
				done <- err
			}()
			require.Eventually(t, func() bool {
				return s.count(t, `SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'transactionid'`) == 1
			}, 20*time.Second, 5*time.Millisecond)
			end := one.Rollback
			if tt.commit {
				end = one.Commit
			}
			require.NoError(t, end(t.Context()))
			err := <-done
			_ = two.Rollback(t.Context())
			failure, _ := errors.AsType[*pgconn.PgError](err)
			switch {
			case tt.code != "":
				require.NotNil(t, failure, err)
				assert.Equal(t, tt.code, failure.Code)
			case tt.err != nil:
				require.ErrorIs(t, err, tt.err)
			default:
				require.NoError(t, err)
			}
			assert.Equal(t, map[bool]string{true: "one", false: "two"}[tt.commit], s.get(t, "a").Group)
			assert.Equal(t, 1, s.count(t, `SELECT count(*) FROM river_job`))
		})
	}
}

func TestTheEntryDecidesAboutTheJob(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	later := time.Now().Add(time.Hour).Truncate(time.Second)
	s.insert(t, pgconversation.Entry{ID: "plain"},
		pgconversation.Entry{ID: "all", Group: "spring", Priority: 3, After: later, Before: later.Add(time.Hour), Queue: "messages"})

	job, status := s.job(t, "plain"), s.get(t, "plain")
	assert.Equal(t, 4, job.Priority)
	assert.Equal(t, "default", job.Queue)
	assert.Equal(t, rivertype.JobStateAvailable, job.State)
	assert.Equal(t, &pgconversation.Status{ID: "plain", App: "A", State: pgconversation.StateQueued, At: status.At, Job: job.ID}, status)
	assert.WithinDuration(t, time.Now(), status.At, time.Minute)

	job, status = s.job(t, "all"), s.get(t, "all")
	assert.Equal(t, 1, job.Priority)
	assert.Equal(t, "messages", job.Queue)
	assert.Equal(t, rivertype.JobStateScheduled, job.State)
	assert.True(t, later.Equal(job.ScheduledAt))
	assert.True(t, later.Add(time.Hour).Equal(status.Before))
	assert.Equal(t, "spring", status.Group)
	assert.Equal(t, 3, status.Priority)
}

// TestNothingOfAMessageIsInTheJob also inserts what other databases and encodings change.
func TestNothingOfAMessageIsInTheJob(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	req := &conversation.SendMessageRequest{
		AppID: "A", Recipient: conversation.ToChannel(conversation.ChannelSMS, "15550001234"), Message: conversation.Text("canary \x00 <b> \u2028"),
	}
	req.Message.ChannelSpecificMessage = map[conversation.Channel]conversation.ChannelSpecificMessage{
		conversation.ChannelWhatsApp: {Unknown: json.RawMessage(`{"message_type":"NEW","b":12345678901234567890,"a":1.10}`)},
	}
	require.NoError(t, pgx.BeginFunc(t.Context(), s, func(tx pgx.Tx) error {
		return pgconversation.InsertTx(t.Context(), s.river, tx, req, pgconversation.Entry{ID: "a"})
	}))
	assert.JSONEq(t, `{"id":"a","app":"A"}`, string(s.job(t, "a").EncodedArgs))
	assert.Zero(t, s.count(t, `SELECT count(*) FROM river_job WHERE river_job::text LIKE '%canary%' OR river_job::text LIKE '%5550001234%'`))
	var message []byte
	require.NoError(t, s.QueryRow(t.Context(), `SELECT message FROM conversation_outbox`).Scan(&message))
	assert.Contains(t, string(message), `"canary \u0000 <b> \u2028"`)
	assert.Contains(t, string(message), `{"message_type":"NEW","b":12345678901234567890,"a":1.10}`)
	assert.Contains(t, string(message), `"correlation_id":"a"`)
	assert.Empty(t, req.CorrelationID, "the caller's request stays as it is")
}
