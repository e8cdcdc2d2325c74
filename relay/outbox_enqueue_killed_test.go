package relay_test

import (
	"bufio"
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/relay"
	"github.com/sinchgo/conversation/relay/embedded"
)

const killedEntries = 8000

// runEnqueue enqueues messages on an embedded engine, and writes the ID of each that is stored to a file.
func runEnqueue(ctx context.Context, j job, ready func(string)) error {
	r, err := relay.Open(ctx, embedded.Dir(j.Node.Dir))
	if err != nil {
		return err
	}
	defer r.Close()
	log, err := os.Create(j.Log)
	if err != nil {
		return err
	}
	ready("")
	for e, err := range r.Outbox().EnqueueAll(ctx, offer(numbered("app", "m", killedEntries))) {
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintln(log, e.ID); err != nil {
			return err
		}
	}
	<-ctx.Done()
	return log.Close()
}

func TestWhatEnqueueAllStoredSurvivesAKill(t *testing.T) {
	t.Parallel()
	folder, log := t.TempDir(), filepath.Join(t.TempDir(), "log")
	process := startProcess(t, job{Role: "enqueue", Log: log, Node: node{Dir: folder}})
	eventually(t, func() bool {
		info, err := os.Stat(log)
		return err == nil && info.Size() > 0
	}, "some are stored")
	process.kill()

	r, err := relay.Open(t.Context(), embedded.Dir(folder))
	require.NoError(t, err)
	t.Cleanup(r.Close)
	written, err := os.Open(log)
	require.NoError(t, err)
	defer func() { _ = written.Close() }()
	stored := 0
	for lines := bufio.NewScanner(written); lines.Scan(); stored++ {
		_, err := r.Outbox().Get(t.Context(), lines.Text())
		require.NoError(t, err, lines.Text())
	}
	t.Logf("%d of %d were stored", stored, killedEntries)
	requireResults(t, r, numbered("app", "m", killedEntries))
	counts, err := r.Outbox().Counts(t.Context())
	require.NoError(t, err)
	assert.Equal(t, map[relay.State]int{relay.StateQueued: killedEntries}, counts)
}

func TestEnqueueAllOnAClusterSurvivesAKill(t *testing.T) { //nolint:paralleltest // It needs the machine.
	servers := startCluster(t)
	nc := connectTo(t, servers.address())
	r, err := openPatiently(t.Context(), nc)
	require.NoError(t, err)
	leader := servers.leader(t, nc, "SINCH_OUTBOX")
	ctx, cancel := context.WithTimeout(t.Context(), 2*processPatience)
	defer cancel()
	const n = 3000
	all := numbered("app", "m", n)
	results := 0
	for e, err := range r.Outbox().EnqueueAll(ctx, offer(all)) {
		if results++; results == n/3 {
			servers.kill(leader)
		}
		require.NoError(t, err, "%s: EnqueueAll waits for another leader", e.ID)
	}
	assert.Equal(t, n, results)
	servers.restart(t, leader)
	requireResults(t, r, all)
	counts, err := r.Outbox().Counts(t.Context())
	require.NoError(t, err)
	assert.Equal(t, map[relay.State]int{relay.StateQueued: n}, counts)
}

func TestAnEngineWithPartOfABatchOpensSilently(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	r, err := relay.Open(t.Context(), embedded.Dir(folder))
	require.NoError(t, err)
	delayed := numbered("app", "m", 20)
	for i := range len(delayed) - 1 {
		delayed[i].entry.After = time.Now().Add(time.Second)
	}
	requireResults(t, r, delayed)
	eventually(t, func() bool {
		view, err := r.Overview(t.Context())
		return err == nil && len(view.Apps) == 1 && view.Apps[0].Later == 0
	}, "all are due: the engine has stored each again, with the number that it had in the batch")
	r.Close()

	var log lockedBuffer
	r, err = relay.Open(t.Context(), embedded.Dir(folder, embedded.WithLogger(slog.New(slog.NewTextHandler(&log, nil)))))
	require.NoError(t, err)
	t.Cleanup(r.Close)
	requireResults(t, r, delayed)
	assert.Empty(t, log.String())
}
