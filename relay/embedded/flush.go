package embedded

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"

	"github.com/sinchgo/conversation/relay/internal/shared"
)

// messagesFolder has the blocks of a stream. Their names begin with a number, and everything is appended to the last.
const (
	messagesFolder = "msgs"
	blockSuffix    = ".blk"
)

// flusher syncs what the engine has written, for [WithSyncEvery]. The engine writes to its files before it acknowledges, and
// syncs them later.
type flusher struct {
	path  string
	probe *prober
	calls shared.Calls

	mu   sync.Mutex
	done map[string]flushed // by stream
}

func newFlusher(path string, probe *prober) *flusher {
	f := &flusher{path: path, probe: probe, done: make(map[string]flushed)}
	f.calls.Do = f.sync
	return f
}

// flushed is how far a stream was synced.
type flushed struct {
	block uint64
	size  int64
}

// flush returns nil if everything that was acknowledged before the call is on the disk.
func (f *flusher) flush(ctx context.Context) error {
	if err := f.probe.failure(); err != nil {
		return err
	}
	return f.calls.Wait(ctx)
}

// sync syncs what was written since the last call.
func (f *flusher) sync(context.Context) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	streams := filepath.Join(f.path, filepath.FromSlash(streamsFolder))
	err := eachFolder(streams, func(name string) error { return f.flushStream(name, filepath.Join(streams, name, messagesFolder)) })
	if err != nil {
		return fmt.Errorf("embedded: the disk of the engine fails: %w", err)
	}
	return f.probe.failure() // the engine noticed first
}

// reset has everything synced again, because the server was restarted.
func (f *flusher) reset() {
	f.mu.Lock()
	defer f.mu.Unlock()
	clear(f.done)
}

// flushStream syncs the last block of a stream, and those that were added since the last call.
func (f *flusher) flushStream(name, folder string) error {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return ignoreMissing(err)
	}
	before := f.done[name]
	last := before
	for _, entry := range entries {
		block, err := strconv.ParseUint(strings.TrimSuffix(entry.Name(), blockSuffix), 10, 64)
		if err != nil || block < before.block { // another file, or an old block
			continue
		}
		size, err := syncFile(filepath.Join(folder, entry.Name()), func(size int64) bool { return block == before.block && size == before.size })
		if err != nil {
			return err
		}
		if block >= last.block {
			last = flushed{block, size}
		}
	}
	if last.block > before.block {
		if _, err := syncFile(folder, func(int64) bool { return false }); err != nil {
			return err
		}
	}
	f.done[name] = last
	return nil
}

// syncFile syncs a file or folder, unless its size shows that it need not be. A file that was removed meanwhile is ignored.
func syncFile(path string, done func(size int64) bool) (int64, error) {
	file, err := openFile(path, os.O_RDONLY)
	if err != nil {
		return 0, ignoreMissing(err)
	}
	defer func() { _ = file.Close() }()
	info, err := file.Stat()
	if err != nil {
		return 0, err
	}
	if done(info.Size()) {
		return info.Size(), nil
	}
	return info.Size(), file.Sync()
}

func ignoreMissing(err error) error {
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return err
}
