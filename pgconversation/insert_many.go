package pgconversation

import (
	"context"
	"crypto/sha256"
	"maps"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"github.com/sinchgo/conversation"
)

// Message is a message with its entry, for [InsertManyTx].
type Message struct {
	Request *conversation.SendMessageRequest
	Entry   Entry
}

// insertRows is how many messages share the statements of InsertManyTx.
const insertRows = 1000

// InsertManyTx stores messages in the transaction tx, each as by [InsertTx], in a few statements for every 1,000. It returns the result of each
// message, in their order: nil if it is stored, also by an earlier call, and otherwise the error of InsertTx, a [conversation.ArgumentError] or
// [ErrIDTaken]. A message that cannot be stored does not keep the others from it.
//
// After an error for the whole call, nothing is known of the messages: roll the transaction back. To store a large campaign, use a transaction for
// every few thousand messages, and after a failure insert them all again: those that are stored already cost little.
func InsertManyTx(ctx context.Context, riverClient *river.Client[pgx.Tx], tx pgx.Tx, messages []Message) ([]error, error) {
	if err := checkRiver(opInsertMany, riverClient); err != nil {
		return nil, err
	}
	if tx == nil {
		return nil, argumentError(opInsertMany, "tx", "is nil: pass the transaction")
	}
	results := make([]error, len(messages))
	for from := 0; from < len(messages); from += insertRows {
		to := min(from+insertRows, len(messages))
		if err := insertMany(ctx, riverClient, tx, messages[from:to], results[from:to]); err != nil {
			return nil, inCall(opInsertMany, err)
		}
	}
	return results, nil
}

// encodedEntry is an entry with its message as it is stored.
type encodedEntry struct {
	Entry
	message []byte
	sum     string
	index   int // of its result
}

func insertMany(ctx context.Context, riverClient *river.Client[pgx.Tx], tx pgx.Tx, messages []Message, results []error) error {
	var entries []encodedEntry
	var ids []string
	for i, m := range messages {
		message, err := encode(opInsertMany, m.Request, &m.Entry)
		if err != nil {
			results[i] = err
			continue
		}
		sum := sha256.Sum256(message)
		entries, ids = append(entries, encodedEntry{m.Entry, message, string(sum[:]), i}), append(ids, m.Entry.ID)
	}
	sums, err := storedSums(ctx, tx, ids)
	if err != nil {
		return err
	}
	var fresh []encodedEntry
	for _, e := range entries {
		if _, known := sums[e.ID]; !known {
			fresh, sums[e.ID] = append(fresh, e), e.sum
		}
	}
	taken, err := insertFresh(ctx, riverClient, tx, fresh)
	if err != nil {
		return err
	}
	meanwhile, err := storedSums(ctx, tx, taken)
	if err != nil {
		return err
	}
	maps.Copy(sums, meanwhile)
	for _, e := range entries {
		if sums[e.ID] != e.sum {
			results[e.index] = inCall(opInsertMany, ErrIDTaken)
		}
	}
	return nil
}

// storedSums returns the sums of the messages of the entries that exist.
func storedSums(ctx context.Context, tx pgx.Tx, ids []string) (map[string]string, error) {
	sums := make(map[string]string)
	if len(ids) == 0 {
		return sums, nil
	}
	rows, err := tx.Query(ctx, `SELECT id, sum FROM conversation_outbox WHERE id = ANY($1)`, ids)
	if err != nil {
		return nil, err
	}
	var id string
	var sum []byte
	_, err = pgx.ForEachRow(rows, []any{&id, &sum}, func() error {
		sums[id] = string(sum)
		return nil
	})
	return sums, err
}

// insertFresh stores entries of which none existed just now, and returns the IDs that another transaction has stored meanwhile.
func insertFresh(ctx context.Context, riverClient *river.Client[pgx.Tx], tx pgx.Tx, entries []encodedEntry) (taken []string, err error) {
	if len(entries) == 0 {
		return nil, nil
	}
	params := make([]river.InsertManyParams, len(entries))
	for i, e := range entries {
		params[i] = river.InsertManyParams{Args: SendArgs{ID: e.ID, App: e.App}, InsertOpts: e.jobOpts()}
	}
	jobs, err := riverClient.InsertManyTx(ctx, tx, params) // in the order of params
	if err != nil {
		return nil, err
	}
	stored, err := insertRowsOf(ctx, tx, entries, func(i int) int64 { return jobs[i].Job.ID })
	if err != nil || len(stored) == len(entries) {
		return nil, err
	}
	slices.Sort(stored)
	for i, e := range entries {
		if _, found := slices.BinarySearch(stored, e.ID); found {
			continue
		}
		if _, err := riverClient.JobDeleteTx(ctx, tx, jobs[i].Job.ID); err != nil {
			return nil, err
		}
		taken = append(taken, e.ID)
	}
	return taken, nil
}

// insertRowsOf inserts the rows of entries, and returns the IDs of those that did not exist. It inserts them in the order of the IDs, so that
// concurrent transactions do not wait for each other in a circle.
func insertRowsOf(ctx context.Context, tx pgx.Tx, entries []encodedEntry, job func(int) int64) ([]string, error) {
	var ids, apps, groups, queues []string
	var priorities []int
	var jobs []int64
	var dues, befores []*time.Time
	var sums, messages [][]byte
	for i, e := range entries {
		ids, apps, groups, queues = append(ids, e.ID), append(apps, e.App), append(groups, e.Group), append(queues, e.Queue)
		priorities, jobs = append(priorities, e.Priority), append(jobs, job(i))
		dues, befores = append(dues, nullTime(e.After)), append(befores, nullTime(e.Before))
		sums, messages = append(sums, []byte(e.sum)), append(messages, e.message)
	}
	rows, err := tx.Query(ctx, `
		INSERT INTO conversation_outbox (id, app, grp, priority, queue, due, before, job, sum, message)
		SELECT id, app, grp, priority, queue, coalesce(due, now()), before, job, sum, message
		FROM unnest($1::text[], $2::text[], $3::text[], $4::smallint[], $5::text[], $6::timestamptz[], $7::timestamptz[], $8::bigint[], $9::bytea[], $10::bytea[])
			AS new (id, app, grp, priority, queue, due, before, job, sum, message)
		ORDER BY id COLLATE "C"
		ON CONFLICT (id) DO NOTHING RETURNING id`, ids, apps, groups, priorities, queues, dues, befores, jobs, sums, messages)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}
