package pgconversation_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/pgconversation"
)

// errChanged is the error of a transaction whose function fails.
var errChanged = errors.New("the customer has changed their mind")

// insertOrder inserts an order and its confirmation.
func insertOrder(ctx context.Context, riverClient *river.Client[pgx.Tx], tx pgx.Tx, id string, req *conversation.SendMessageRequest) error {
	if _, err := tx.Exec(ctx, `INSERT INTO orders (id) VALUES ($1)`, id); err != nil {
		return err
	}
	return pgconversation.InsertTx(ctx, riverClient, tx, req, pgconversation.Entry{ID: id})
}

// newInserter returns a client of River that works no jobs.
func newInserter(pool *pgxpool.Pool) (*river.Client[pgx.Tx], error) {
	return river.NewClient(riverpgxv5.New(pool), &river.Config{Logger: slog.New(slog.DiscardHandler)})
}

func orderID(i int) string { return fmt.Sprintf("order-%06d", i) }

// rolledBack reports whether an order is not to be committed: one in ten.
func rolledBack(i int) bool { return i%10 == 7 }

// confirmation returns the message of an order. Half of them are sent by the first app.
func (s *outboxSoak) confirmation(i int) *conversation.SendMessageRequest {
	return &conversation.SendMessageRequest{
		AppID:     s.appIDs[[]int{0, 1, 0, 2, 0, 1}[i%6]],
		Recipient: conversation.ToChannel(conversation.ChannelSMS, fmt.Sprintf("1555%07d", i)),
		Message:   conversation.Text("We have your order " + strconv.Itoa(i) + "."),
	}
}

// place places all orders, from 16 goroutines.
func (s *outboxSoak) place(t *testing.T) {
	t.Helper()
	riverClient, err := newInserter(s.pool)
	if !assert.NoError(t, err) {
		return
	}
	var next atomic.Int64
	var all sync.WaitGroup
	for range 16 {
		all.Go(func() {
			for i := int(next.Add(1)) - 1; i < s.orders && t.Context().Err() == nil; i = int(next.Add(1)) - 1 {
				if rolledBack(i) {
					s.rollBack(t, riverClient, i)
					continue
				}
				for !s.placed(t, riverClient, i) && !t.Failed() {
					s.unsure.add()
				}
			}
		})
	}
	all.Wait()
}

// placed places an order, and reports whether its row is there. After an error of the commit, it reads the row, because the order may be committed.
func (s *outboxSoak) placed(t *testing.T, riverClient *river.Client[pgx.Tx], i int) bool {
	t.Helper()
	err := pgx.BeginFunc(t.Context(), s.pool, func(tx pgx.Tx) error {
		return insertOrder(t.Context(), riverClient, tx, orderID(i), s.confirmation(i))
	})
	if err == nil {
		return true
	}
	var found bool
	return assert.Eventually(t, func() bool {
		return s.pool.QueryRow(t.Context(), `SELECT EXISTS (SELECT FROM orders WHERE id = $1)`, orderID(i)).Scan(&found) == nil
	}, time.Minute, 20*time.Millisecond, "the server answers again") && found
}

// rollBack begins to place an order, and does not commit it.
func (s *outboxSoak) rollBack(t *testing.T, riverClient *river.Client[pgx.Tx], i int) {
	t.Helper()
	insert := func(tx pgx.Tx) error { return insertOrder(t.Context(), riverClient, tx, orderID(i), s.confirmation(i)) }
	if i/10%2 == 0 {
		err := pgx.BeginFunc(t.Context(), s.pool, func(tx pgx.Tx) error {
			return errors.Join(insert(tx), errChanged)
		})
		assert.Error(t, err)
		return
	}
	tx, err := s.pool.Begin(t.Context())
	if err != nil {
		return // the server crashes
	}
	defer func() { _ = tx.Rollback(context.WithoutCancel(t.Context())) }()
	if insert(tx) == nil && i/10%4 == 1 {
		_ = tx.Conn().PgConn().Conn().Close() // without a word to the server
	}
}

// abandon places orders in processes that are killed before they commit.
func (s *outboxSoak) abandon(t *testing.T) {
	t.Helper()
	for i := range s.abandoned {
		j := s.job
		j.Role, j.Name = "abandon", fmt.Sprintf("abandoned-%d", i)
		p, err := launch(t.Context(), j)
		require.NoError(t, err)
		p.kill()
	}
}

// runAbandoner is the process that places orders and does not commit them.
func runAbandoner(ctx context.Context, j job, ready func()) error {
	pool, err := pgxpool.New(ctx, j.DSN)
	if err != nil {
		return err
	}
	riverClient, err := newInserter(pool)
	if err != nil {
		return err
	}
	for i := range 3 {
		tx, err := pool.Begin(ctx)
		if err != nil {
			return err
		}
		req := &conversation.SendMessageRequest{AppID: j.Name, Recipient: conversation.ToContact("contact"), Message: conversation.Text("Never.")}
		if err := insertOrder(ctx, riverClient, tx, fmt.Sprintf("%s-%d", j.Name, i), req); err != nil {
			return err
		}
	}
	ready()
	<-ctx.Done()
	return nil
}
