package embedded

import (
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestASyncConfirmsAllWhoWait(t *testing.T) {
	t.Parallel()
	p, err := newProber(t.TempDir())
	require.NoError(t, err)
	defer p.close()
	before := p.writes
	require.NoError(t, p.confirm(t.Context()))
	assert.Equal(t, before+1, p.writes)
	const together = 200
	var group sync.WaitGroup
	for range together {
		group.Go(func() { assert.NoError(t, p.confirm(t.Context())) })
	}
	group.Wait()
	assert.Greater(t, p.writes, before+1)
	assert.Less(t, p.writes, before+1+together, "some share a sync")
}

func TestAFailedWriteConfirmsNothing(t *testing.T) {
	t.Parallel()
	p, err := newProber(t.TempDir())
	require.NoError(t, err)
	p.close()
	require.ErrorIs(t, p.confirm(t.Context()), os.ErrClosed)
}

func TestAfterAWriteFailedOtherThanForLackOfRoomNothingIsConfirmed(t *testing.T) {
	t.Parallel()
	p, err := newProber(t.TempDir())
	require.NoError(t, err)
	defer p.close()
	broken := errors.New("input/output error")
	p.fail(errFull)
	require.ErrorIs(t, p.confirm(t.Context()), errFull)
	p.fail(broken)
	p.fail(nil)
	require.ErrorIs(t, p.confirm(t.Context()), broken)
}

func TestAFullDiskWithRoomAgainRestartsTheServer(t *testing.T) {
	t.Parallel()
	h := &host{path: t.TempDir(), chosen: settings{logger: slog.New(slog.DiscardHandler)}}
	lock, err := lockFolder(t.Context(), h.path)
	require.NoError(t, err)
	h.lock = lock
	require.NoError(t, h.open())
	nc, err := h.connect()
	require.NoError(t, err)
	t.Cleanup(func() { h.close(nc) })
	js, err := jetstream.New(nc)
	require.NoError(t, err)
	_, err = js.CreateStream(t.Context(), jetstream.StreamConfig{Name: "TEST", Subjects: []string{"test"}})
	require.NoError(t, err)
	before := h.engine

	h.failed("Critical write error: write 1.blk: no space left on device")

	require.Eventually(t, func() bool {
		_, err := js.Publish(t.Context(), "test", nil, jetstream.WithRetryAttempts(0))
		return err == nil && nc.Status() == nats.CONNECTED && h.probe.confirm(t.Context()) == nil
	}, 20*time.Second, 10*time.Millisecond)
	h.mu.Lock()
	defer h.mu.Unlock()
	assert.NotSame(t, before, h.engine)
}

func TestAFailingDiskIsNotConfirmedToAnAttachedProcess(t *testing.T) {
	t.Parallel()
	h := &host{path: t.TempDir(), chosen: settings{logger: slog.New(slog.DiscardHandler)}}
	require.NoError(t, WithListen("127.0.0.1:0")(&h.chosen))
	lock, err := lockFolder(t.Context(), h.path)
	require.NoError(t, err)
	h.lock = lock
	require.NoError(t, h.open())
	nc, err := h.connect()
	require.NoError(t, err)
	t.Cleanup(func() { h.close(nc) })
	require.NoError(t, h.answerConfirms(nc))
	attached, err := Attach(h.path).Connect(t.Context())
	require.NoError(t, err)
	t.Cleanup(attached.Close)
	require.NoError(t, attached.Confirm(t.Context()))
	h.probe.fail(errors.New("embedded: the disk of the engine fails"))
	require.EqualError(t, attached.Confirm(t.Context()), "embedded: the disk of the engine fails")
}

func TestAFlushSyncsWhatWasAddedSinceTheLast(t *testing.T) {
	t.Parallel()
	path := t.TempDir()
	probe, err := newProber(path)
	require.NoError(t, err)
	defer probe.close()
	folder := filepath.Join(path, filepath.FromSlash(streamsFolder), "S", messagesFolder)
	require.NoError(t, os.MkdirAll(folder, 0o700))
	write := func(name string, size int) {
		require.NoError(t, os.WriteFile(filepath.Join(folder, name), make([]byte, size), 0o600))
	}
	f := newFlusher(path, probe)
	require.NoError(t, f.flush(t.Context()), "nothing is there")
	for _, step := range []struct {
		name string
		size int
		want flushed
	}{
		{"index.db", 1, flushed{}},
		{"1.blk", 10, flushed{1, 10}},
		{"1.blk", 20, flushed{1, 20}},
		{"index.db", 2, flushed{1, 20}},
		{"10.blk", 5, flushed{10, 5}},
		{"9.blk", 5, flushed{10, 5}},
	} {
		write(step.name, step.size)
		require.NoError(t, f.flush(t.Context()))
		assert.Equal(t, step.want, f.done["S"], step.name)
	}
	probe.fail(errFull)
	require.ErrorIs(t, f.flush(t.Context()), errFull)
}
