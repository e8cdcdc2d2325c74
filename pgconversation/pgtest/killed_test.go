package pgtest_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/pgconversation/pgtest"
)

// serveVariable is set in a process that starts a server, prints its connection string, and waits to be killed.
const serveVariable = "PGTEST_SERVE"

func TestMain(m *testing.M) {
	if os.Getenv(serveVariable) == "" {
		os.Exit(m.Run())
	}
	server, err := pgtest.Start(context.Background())
	if err == nil {
		err = server.Restart(context.Background(), "immediate")
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(server.DSN("postgres")) //nolint:forbidigo // The test reads it.
	select {}
}

func TestNoServerOutlivesAKilledProcess(t *testing.T) {
	t.Parallel()
	other := start(t)
	self, err := os.Executable()
	require.NoError(t, err)
	process := exec.CommandContext(t.Context(), self)
	process.Env = append(os.Environ(), serveVariable+"=1")
	process.Stderr = os.Stderr
	output, err := process.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, process.Start())
	line := bufio.NewScanner(output)
	require.True(t, line.Scan(), "the process failed")
	dsn := line.Text()
	home := homeOf(t, dsn)
	conn, err := pgx.Connect(t.Context(), dsn)
	require.NoError(t, err)
	require.FileExists(t, filepath.Join(home, "data", "postmaster.pid"))

	require.NoError(t, process.Process.Kill())
	require.Error(t, process.Wait())
	require.Eventually(t, func() bool {
		_, err := os.Stat(home)
		return os.IsNotExist(err)
	}, 30*time.Second, 10*time.Millisecond, "its directory is removed")
	require.Error(t, conn.Ping(t.Context()), "its server has stopped")
	assert.NoError(t, connect(t, other).Ping(t.Context()), "the server of this process runs on")
}
