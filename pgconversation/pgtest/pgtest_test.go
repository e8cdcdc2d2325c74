package pgtest_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/pgconversation/pgtest"
)

// start starts a server, which is closed when the test ends.
func start(t *testing.T, settings ...string) *pgtest.Server {
	t.Helper()
	server, err := pgtest.Start(t.Context(), settings...)
	skipWithout(t, err)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, server.Close()) })
	return server
}

// skipWithout skips the test if there is no PostgreSQL, unless PGCONVERSATION_REQUIRE is set.
func skipWithout(t *testing.T, err error) {
	t.Helper()
	if errors.Is(err, pgtest.ErrNotInstalled) && os.Getenv("PGCONVERSATION_REQUIRE") == "" {
		t.Skip(err)
	}
}

func connect(t *testing.T, server *pgtest.Server) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), server.DSN("postgres"))
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close(context.WithoutCancel(t.Context())) })
	return conn
}

func run(t *testing.T, conn *pgx.Conn, sql string) {
	t.Helper()
	_, err := conn.Exec(t.Context(), sql)
	require.NoError(t, err)
}

func show(t *testing.T, conn *pgx.Conn, setting string) string {
	t.Helper()
	var value string
	require.NoError(t, conn.QueryRow(t.Context(), "SHOW "+setting).Scan(&value))
	return value
}

// homeOf returns the directory of a server.
func homeOf(t *testing.T, dsn string) string {
	t.Helper()
	config, err := pgx.ParseConfig(dsn)
	require.NoError(t, err)
	require.DirExists(t, config.Host)
	return config.Host
}

func TestServersRunBesideEachOtherWithTheirSettings(t *testing.T) {
	t.Parallel()
	one, two := start(t), start(t, "max_connections = 17")
	a, b := connect(t, one), connect(t, two)
	run(t, a, "CREATE TABLE here ()")
	run(t, b, "CREATE TABLE here ()") // the servers share nothing
	assert.Equal(t, "200", show(t, a, "max_connections"))
	assert.Equal(t, "17", show(t, b, "max_connections"))
	assert.Equal(t, "on", show(t, a, "fsync"))
	assert.Empty(t, show(t, a, "listen_addresses"))
}

func TestACrashKeepsWhatWasCommitted(t *testing.T) {
	t.Parallel()
	server := start(t)
	before := connect(t, server)
	run(t, before, "CREATE TABLE number (n int)")
	run(t, before, "INSERT INTO number VALUES (1), (2)")
	run(t, before, "BEGIN")
	run(t, before, "INSERT INTO number VALUES (3)")
	require.NoError(t, server.Restart(t.Context(), "immediate"))
	require.Error(t, before.Ping(t.Context()), "the crash closes connections")
	var sum int
	require.NoError(t, connect(t, server).QueryRow(t.Context(), "SELECT sum(n) FROM number").Scan(&sum))
	assert.Equal(t, 3, sum)
}

func TestACloseLeavesNothing(t *testing.T) {
	t.Parallel()
	closed, other := start(t), start(t)
	home := homeOf(t, closed.DSN("postgres"))
	conn := connect(t, closed)
	require.NoError(t, closed.Close())
	require.NoDirExists(t, home)
	require.Error(t, conn.Ping(t.Context()), "the server has stopped")
	require.NoError(t, closed.Close(), "it may be closed again")
	require.NoError(t, connect(t, other).Ping(t.Context()), "other servers run on")
}

func TestASettingThatIsWrongIsReportedAndLeavesNothing(t *testing.T) {
	t.Parallel()
	_, err := pgtest.Start(t.Context(), "max_connections = many")
	skipWithout(t, err)
	require.ErrorContains(t, err, "pgtest: pg_ctl: exit status 1")
	require.ErrorContains(t, err, `invalid value for parameter "max_connections": "many"`)
	config := regexp.MustCompile(`"(/.+)/data/postgresql.conf"`).FindStringSubmatch(err.Error())
	require.NotNil(t, config, "the error names the file: %v", err)
	assert.NoDirExists(t, config[1])
}

func TestTheDirectoryForTemporaryFilesIsUsed(t *testing.T) {
	dir, err := os.MkdirTemp("/tmp", strings.Repeat("long", 13)) //nolint:usetesting // Other users must be able to reach it.
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, os.RemoveAll(dir)) })
	require.NoError(t, os.Chmod(dir, 0o755))
	t.Setenv("TMPDIR", dir)
	server := start(t)
	require.Equal(t, dir, filepath.Dir(homeOf(t, server.DSN("postgres"))))
	require.NoError(t, connect(t, server).Ping(t.Context()))
}
