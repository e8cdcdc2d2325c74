//go:build crash && linux

package crashtest

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/relay"
	"github.com/sinchgo/conversation/relay/embedded"
)

// roomTime is how long it may take until the relay works again after there is room.
const roomTime = 10 * time.Second

//nolint:paralleltest // It measures the time until the relay works again.
func TestAFullDiskWithRoomAgain(t *testing.T) {
	eachRound(t, fillAndFree)
}

// fillAndFree fills the disk while the relay works, and frees it.
func fillAndFree(t *testing.T, random *rand.Rand) {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("not run: mounting a file system needs root")
	}
	at := t.TempDir()
	if err := run([]string{"mount", "-t", "tmpfs", "-o", fmt.Sprintf("size=%dm", 10+random.IntN(8)), "none", at}); err != nil {
		t.Skipf("not run: this machine does not mount a tmpfs: %v", err)
	}
	t.Cleanup(func() { _ = run([]string{"umount", "-l", at}) })
	platform := newPlatform(t)
	log := &logged{}
	logger := slog.New(slog.NewTextHandler(log, nil))
	t.Cleanup(func() {
		if t.Failed() {
			t.Log(log)
		}
	})
	r, err := relay.Open(t.Context(), embedded.Dir(filepath.Join(at, "relay"), embedded.WithLogger(logger)), relay.WithLogger(logger))
	require.NoError(t, err)
	t.Cleanup(r.Close)
	handled := newTally(&lines{})
	receiver := newReceiver(handled.add)
	ctx, stop := context.WithCancel(t.Context())
	var group sync.WaitGroup
	group.Go(func() { assert.NoError(t, handle(ctx, r, receiver)) })
	group.Go(func() { assert.NoError(t, send(ctx, r, platform.NewClient(t))) })
	t.Cleanup(func() { stop(); group.Wait() })

	var entries, callbacks []string
	try := func(id string, within time.Duration) bool {
		ctx, cancel := context.WithTimeout(t.Context(), within)
		defer cancel()
		enqueued := enqueue(ctx, r, id) == nil
		if enqueued {
			entries = append(entries, id)
		}
		stored := callback(r.Inbox().Handler(receiver), id) == 200
		if stored {
			callbacks = append(callbacks, id)
		}
		return enqueued && stored
	}
	for n := range 20 + random.IntN(100) {
		require.True(t, try(fmt.Sprintf("before-%d", n), 5*time.Second))
	}
	filler := filepath.Join(at, "filler")
	require.Error(t, os.WriteFile(filler, make([]byte, 32<<20), 0o600))
	for n := range 200 {
		if !try(fmt.Sprintf("during-%d", n), 6*time.Second) {
			break
		}
	}
	require.Eventually(t, func() bool { return log.contains("no space left") }, 10*time.Second, 10*time.Millisecond)
	wait(t, time.Duration(random.IntN(5000))*time.Millisecond)
	require.NoError(t, os.Remove(filler))

	freed := time.Now()
	for n := 0; !try(fmt.Sprintf("after-%d", n), roomTime); n++ {
		require.Less(t, time.Since(freed), roomTime)
	}
	require.Eventually(t, func() bool {
		_, open, _ := states(t, r, entries)
		old, recent := missing(callbacks, handled.copy())
		return len(open)+len(old)+len(recent) == 0
	}, endTime, 50*time.Millisecond)
	t.Logf("%d entries and %d callbacks had ended %s after there was room", len(entries), len(callbacks), time.Since(freed))
	lost, _, unknown := states(t, r, entries)
	assert.Empty(t, lost)
	assert.Zero(t, unknown)
	assert.Empty(t, sentTwice(platform))
}

// logged is a log that can be read.
type logged struct {
	mu      sync.Mutex
	content bytes.Buffer
}

func (l *logged) Write(line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.content.Write(line)
}

func (l *logged) contains(text string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return bytes.Contains(l.content.Bytes(), []byte(text))
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.content.String()
}
