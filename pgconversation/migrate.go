package pgconversation

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Migrations are the SQL files that [Migrate] applies, for programs that migrate with goose or Atlas (in its format for goose).
//
//go:embed migrations/*.sql
var Migrations embed.FS

// migrationLock is the advisory lock that one migration at a time holds.
const migrationLock int64 = 6_427_310_553

// Migrate creates the tables of this package in the current schema, or brings those of an earlier version up to date. It may run in several
// processes at the same time. Use either Migrate or a tool with [Migrations], not both: Migrate returns an error if another tool created
// the tables. River's tables are River's to migrate: see its package rivermigrate.
func Migrate(ctx context.Context, pool *pgxpool.Pool) error {
	if pool == nil {
		return argumentError(opMigrate, "pool", "is nil: pass the pool of the database")
	}
	err := pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock($1)`, migrationLock)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `CREATE TABLE IF NOT EXISTS conversation_migration (name text PRIMARY KEY, at timestamptz NOT NULL DEFAULT now())`)
		if err != nil {
			return err
		}
		names, err := fs.Glob(Migrations, "migrations/*.sql")
		if err != nil {
			return err
		}
		for _, name := range names { // sorted
			if err := applyMigration(ctx, tx, name); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
		}
		return nil
	})
	if failure, ok := errors.AsType[*pgconn.PgError](err); ok && failure.Code == pgerrDuplicateTable {
		err = fmt.Errorf("another tool than Migrate, such as goose, created the tables: go on with it, and leave Migrate out: %w", err)
	}
	return inCall(opMigrate, err)
}

// pgerrDuplicateTable is the code of PostgreSQL for a table that exists already.
const pgerrDuplicateTable = "42P07"

// applyMigration applies the Up part of a file unless it was applied before.
func applyMigration(ctx context.Context, tx pgx.Tx, name string) error {
	applied, err := tx.Exec(ctx, `INSERT INTO conversation_migration (name) VALUES ($1) ON CONFLICT (name) DO NOTHING`, name)
	if err != nil || applied.RowsAffected() == 0 {
		return err
	}
	file, err := fs.ReadFile(Migrations, name)
	if err != nil {
		return err
	}
	up, _, _ := strings.Cut(string(file), "-- +goose Down")
	_, err = tx.Exec(ctx, up)
	return err
}
