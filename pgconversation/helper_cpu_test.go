package pgconversation_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"
)

// cpuTime returns the processor time that this process and the server of a database have used, as Linux counts it; 0 elsewhere. It shows more than
// the time of the clock does on a machine that others use too.
func cpuTime(tb testing.TB, pool *pgxpool.Pool) time.Duration {
	tb.Helper()
	var backend int
	require.NoError(tb, pool.QueryRow(tb.Context(), `SELECT pg_backend_pid()`).Scan(&backend))
	own := statOf(strconv.Itoa(os.Getpid()))
	if own == nil {
		return 0
	}
	server := statOf(strconv.Itoa(backend)).parent()
	ticks := own.ticks(2) + statOf(server).ticks(4)
	all, _ := filepath.Glob("/proc/[0-9]*")
	for _, dir := range all {
		if process := statOf(filepath.Base(dir)); process != nil && process.parent() == server {
			ticks += process.ticks(2)
		}
	}
	return time.Duration(ticks) * (time.Second / 100)
}

// stat is what Linux shows about a process.
type stat []string

func statOf(pid string) stat {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%s/stat", pid))
	if err != nil {
		return nil
	}
	_, fields, _ := strings.Cut(string(text), ") ")
	return strings.Fields(fields)
}

func (s stat) parent() string { return s[1] }

// ticks returns the sum of utime and stime, and with n = 4 of those of the children that have ended.
func (s stat) ticks(n int) int {
	sum := 0
	for _, field := range s[11 : 11+n] {
		value, _ := strconv.Atoi(field)
		sum += value
	}
	return sum
}
