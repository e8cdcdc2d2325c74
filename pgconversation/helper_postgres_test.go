package pgconversation_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/pgconversation"
	"github.com/sinchgo/conversation/pgconversation/pgtest"
)

// postgres is the server of the tests. The first test that needs it starts it, or connects to that of PGCONVERSATION_TEST_DSN.
var postgres testServer

// testServer is a server with a database that is migrated, from which those of the tests are copied.
type testServer struct {
	once sync.Once
	err  error

	dsn      func(database string) string
	server   *pgtest.Server // nil if it was there before
	admin    *pgxpool.Pool
	template string
	count    atomic.Int64
}

func (s *testServer) start(ctx context.Context) (err error) {
	s.dsn = func(database string) string { return withDatabase(os.Getenv("PGCONVERSATION_TEST_DSN"), database) }
	if os.Getenv("PGCONVERSATION_TEST_DSN") == "" {
		if s.server, err = pgtest.Start(ctx); err != nil {
			return err
		}
		s.dsn = s.server.DSN
	}
	if s.admin, err = pgxpool.New(ctx, s.dsn("postgres")); err != nil {
		return err
	}
	s.template = "pgconversation_" + strings.ToLower(rand.Text())
	if _, err := s.admin.Exec(ctx, "CREATE DATABASE "+s.template); err != nil {
		return err
	}
	pool, err := pgxpool.New(ctx, s.dsn(s.template))
	if err != nil {
		return err
	}
	defer pool.Close() // nobody may be connected to a template
	return migrate(ctx, pool)
}

// stop removes what start created.
func (s *testServer) stop() {
	if s.admin != nil {
		_, err := s.admin.Exec(context.Background(), "DROP DATABASE IF EXISTS "+s.template)
		s.admin.Close()
		s.warn(err)
	}
	if s.server != nil {
		s.warn(s.server.Close())
	}
}

func (*testServer) warn(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "the server of the tests:", err)
	}
}

// withDatabase returns the connection string of another database of the same server.
func withDatabase(dsn, database string) string {
	if address, err := url.Parse(dsn); err == nil && address.Scheme != "" {
		query := address.Query()
		query.Set("dbname", database) // it counts more than the path
		address.RawQuery = query.Encode()
		return address.String()
	}
	return dsn + " dbname=" + database // the last one counts
}

func migrate(ctx context.Context, pool *pgxpool.Pool) error {
	migrator, err := rivermigrate.New(riverpgxv5.New(pool), nil)
	if err != nil {
		return err
	}
	if _, err := migrator.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return err
	}
	return pgconversation.Migrate(ctx, pool)
}

// newDatabase returns a pool on a new database that is migrated. It is dropped when the test ends.
func newDatabase(tb testing.TB) *pgxpool.Pool {
	tb.Helper()
	postgres.once.Do(func() { postgres.err = postgres.start(context.WithoutCancel(tb.Context())) })
	skipWithout(tb, postgres.err)
	require.NoError(tb, postgres.err)
	name := fmt.Sprint(postgres.template, "_", postgres.count.Add(1))
	_, err := postgres.admin.Exec(tb.Context(), "CREATE DATABASE "+name+" TEMPLATE "+postgres.template)
	require.NoError(tb, err)
	pool, err := pgxpool.New(context.WithoutCancel(tb.Context()), postgres.dsn(name))
	require.NoError(tb, err)
	tb.Cleanup(func() {
		pool.Close()
		_, err := postgres.admin.Exec(context.WithoutCancel(tb.Context()), "DROP DATABASE "+name+" WITH (FORCE)")
		assert.NoError(tb, err)
	})
	return pool
}

// startServer starts a server for one test, which may crash it, and returns a pool on a database that is migrated.
func startServer(tb testing.TB) (*pgtest.Server, *pgxpool.Pool) {
	tb.Helper()
	server, err := pgtest.Start(tb.Context())
	skipWithout(tb, err)
	require.NoError(tb, err)
	tb.Cleanup(func() { assert.NoError(tb, server.Close()) })
	pool, err := pgxpool.New(context.WithoutCancel(tb.Context()), server.DSN("postgres")+"&pool_max_conns=16")
	require.NoError(tb, err)
	tb.Cleanup(pool.Close)
	require.NoError(tb, migrate(tb.Context(), pool))
	return server, pool
}

// queueStuckJobs does what River's leader does too late for a short test: it queues jobs that are due, and those that nobody works because a process was killed or
// the server crashed.
func queueStuckJobs(tb testing.TB, pool *pgxpool.Pool) error {
	tb.Helper()
	_, err := pool.Exec(tb.Context(), `
		UPDATE river_job SET state = 'available'
		WHERE state IN ('scheduled', 'retryable') AND scheduled_at <= now() OR state = 'running' AND attempted_at < now() - interval '3 seconds'`)
	return err
}

// skipWithout skips a test if there is no PostgreSQL on this machine. If PGCONVERSATION_REQUIRE is set, the test fails instead.
func skipWithout(tb testing.TB, err error) {
	tb.Helper()
	if errors.Is(err, pgtest.ErrNotInstalled) && os.Getenv("PGCONVERSATION_REQUIRE") == "" {
		tb.Skip(err, "(or set PGCONVERSATION_TEST_DSN)")
	}
}
