package pgconversation

import (
	"context"
	"encoding/binary"
	"errors"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

const (
	projectScope = "project"
	appScope     = "app:"
)

// errNewScope is returned if a row of the record is missing.
var errNewScope = errors.New("pgconversation: an app has no row yet")

// errUnsure is the reason for which nothing is granted while the database answers slowly.
var errUnsure = errors.New("pgconversation: the database answers too slowly for its clock to be known")

// paceStore is the record of the pace in the database.
type paceStore struct{ pool *pgxpool.Pool }

// change changes the record for some apps in one transaction, in which its rows are locked. do gets the record, and the time of the server with
// the local times at which it was asked for and heard. What do returns is valid only if change returns no error.
func (s paceStore) change(ctx context.Context, apps []string, do func(rec *paceRecord, asked, heard, server time.Time) error) error {
	scopes := []string{projectScope}
	for _, app := range apps {
		scopes = append(scopes, appScope+app)
	}
	conn, err := s.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	err = changePace(ctx, conn, scopes, do)
	if errors.Is(err, errNewScope) {
		if _, err := conn.Exec(ctx, `INSERT INTO conversation_pace (scope) SELECT unnest($1::text[]) ON CONFLICT DO NOTHING`, scopes); err != nil {
			return err
		}
		err = changePace(ctx, conn, scopes, do)
	}
	return err
}

// changePace is change in two round trips. It returns errNewScope if a row is missing.
func changePace(ctx context.Context, conn *pgxpool.Conn, scopes []string, do func(rec *paceRecord, asked, heard, server time.Time) error) (failed error) {
	defer func() {
		if failed != nil {
			_, _ = conn.Exec(ctx, `ROLLBACK`) // otherwise the pool closes the connection, which has the same effect
		}
	}()
	asked := time.Now()
	rec, server, err := lockPace(ctx, conn, scopes)
	heard := time.Now()
	if err == nil && heard.Sub(asked) > paceUnsure/2 { // the lock was not free
		asked = heard
		err = conn.QueryRow(ctx, `SELECT clock_timestamp()`).Scan(&server)
		heard = time.Now()
	}
	if err != nil {
		return err
	}
	if err := do(rec, asked, heard, server); err != nil {
		return err
	}
	var batch pgx.Batch
	savePace(&batch, rec)
	batch.Queue(`COMMIT`)
	return conn.SendBatch(ctx, &batch).Close()
}

// lockPace begins a transaction, reads and locks the rows of the project and of apps, always in the same order, and returns the time of the server
// thereafter. The server ends the transaction if its process was stopped, so that the others need not wait for it.
func lockPace(ctx context.Context, conn *pgxpool.Conn, scopes []string) (*paceRecord, time.Time, error) {
	rec := &paceRecord{apps: make(map[string]*appPace)}
	var at time.Time
	var batch pgx.Batch
	batch.Queue(`BEGIN ISOLATION LEVEL READ COMMITTED`) // with a stricter one, waiting for a lock ends in an error
	batch.Queue(`SELECT set_config('idle_in_transaction_session_timeout', '2s', true), set_config('lock_timeout', '4s', true)`)
	batch.Queue(`SELECT scope, next, until, granted FROM conversation_pace WHERE scope = ANY($1) ORDER BY scope FOR UPDATE`, scopes).Query(func(rows pgx.Rows) error {
		var scope string
		var next, until time.Time
		var granted []byte
		read, err := pgx.ForEachRow(rows, []any{&scope, &next, &until, &granted}, func() error {
			if scope == projectScope {
				rec.project = projectPace{next, until, decodeCells(granted)}
			} else {
				rec.apps[strings.TrimPrefix(scope, appScope)] = &appPace{next, until}
			}
			return nil
		})
		if err == nil && int(read.RowsAffected()) < len(scopes) {
			return errNewScope
		}
		return err
	})
	batch.Queue(`SELECT clock_timestamp()`).QueryRow(func(row pgx.Row) error { return row.Scan(&at) })
	err := conn.SendBatch(ctx, &batch).Close()
	return rec, at, err
}

func savePace(batch *pgx.Batch, rec *paceRecord) {
	scopes, next, until := []string{projectScope}, []time.Time{rec.project.next}, []time.Time{rec.project.until}
	for app, pace := range rec.apps {
		scopes, next, until = append(scopes, appScope+app), append(next, pace.next), append(until, pace.until)
	}
	batch.Queue(`
		UPDATE conversation_pace SET
			next = ($2::timestamptz[])[array_position($1::text[], scope)],
			until = ($3::timestamptz[])[array_position($1::text[], scope)],
			granted = CASE scope WHEN 'project' THEN $4::bytea ELSE '' END
		WHERE scope = ANY($1)`, scopes, next, until, encodeCells(rec.project.granted))
}

// pause has an app wait, by the clock of the server.
func (s paceStore) pause(ctx context.Context, app string, wait time.Duration) error {
	_, err := s.pool.Exec(ctx, `
		INSERT INTO conversation_pace AS p (scope, until) VALUES ($1, clock_timestamp() + $2::interval)
		ON CONFLICT (scope) DO UPDATE SET until = greatest(p.until, excluded.until)`, appScope+app, wait)
	return err
}

func encodeCells(cells []uint16) []byte {
	stored := make([]byte, 0, 2*len(cells))
	for _, n := range cells {
		stored = binary.BigEndian.AppendUint16(stored, n)
	}
	return stored
}

func decodeCells(stored []byte) []uint16 {
	cells := make([]uint16, len(stored)/2)
	for i := range cells {
		cells[i] = binary.BigEndian.Uint16(stored[2*i:])
	}
	return cells
}
