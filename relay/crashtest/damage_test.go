//go:build crash && linux

package crashtest

import (
	"context"
	"errors"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/conversationtest"
	"github.com/sinchgo/conversation/relay"
	"github.com/sinchgo/conversation/relay/embedded"
)

// damagesARound is how many damaged copies of a store a round opens.
const damagesARound = 4

func TestAByteChangedAfterACleanEnd(t *testing.T) {
	t.Parallel()
	damageStores(t, (*child).stop)
}

func TestAByteChangedAfterAKill(t *testing.T) {
	t.Parallel()
	damageStores(t, (*child).kill)
}

// damageStores changes one byte of a file of a store: either Open names the file, or nothing is missing.
func damageStores(t *testing.T, end func(*child)) {
	t.Helper()
	var total verdict
	named := 0
	rounds := eachRound(t, func(t *testing.T, random *rand.Rand) {
		t.Helper()
		platform, printed, folder := newPlatform(t), &lines{}, filepath.Join(t.TempDir(), "relay")
		process := start(t, platform, job{Role: roleWork, Place: place{Folder: folder}, Produce: true}, printed)
		process.await("ready", 1)
		wait(t, time.Duration(500+random.IntN(1500))*time.Millisecond)
		end(process)
		leaveWaiting(t, folder, printed, random, end)
		for range damagesARound {
			found, wasNamed := openDamaged(t, platform, folder, printed, random)
			if wasNamed {
				named++
				continue
			}
			total = total.plus(found)
		}
	})
	t.Logf("%d rounds: Open named the damaged file %d times of %d; otherwise %v", rounds, named, rounds*damagesARound, total)
}

// leaveWaiting adds entries and callbacks that nobody sends or handles.
func leaveWaiting(t *testing.T, folder string, printed *lines, random *rand.Rand, end func(*child)) {
	t.Helper()
	process := start(t, nil, job{Role: roleHost, Place: place{Folder: folder, Listen: true}}, &lines{})
	process.await("ready", 1)
	r, closeRelay, err := place{Folder: folder, Attach: true}.open(t.Context())
	require.NoError(t, err)
	produceInto(t, r, printed, "waiting-", 20+random.IntN(100))
	closeRelay()
	end(process)
}

// openDamaged changes a byte in a copy of the store, and opens it. It reports whether Open named the file.
func openDamaged(t *testing.T, before *conversationtest.Server, folder string, printed *lines, random *rand.Rand) (verdict, bool) {
	t.Helper()
	damaged := filepath.Join(t.TempDir(), "relay")
	require.NoError(t, os.CopyFS(damaged, os.DirFS(folder)))
	name, offset := changeByte(t, damaged, random)
	r, closeRelay, err := place{Folder: damaged}.open(t.Context())
	if errors.Is(err, embedded.ErrDamaged) {
		require.ErrorContains(t, err, name)
		return verdict{}, true
	}
	require.NoError(t, err, "%s, byte %d", name, offset)
	_ = r
	closeRelay()
	platform := newPlatform(t)
	found := judge(t, platform, place{Folder: damaged}, printed, 20)
	found.twice = sentTwice(before, platform)
	if found.assertNothingLost(t); t.Failed() {
		t.Logf("%s, byte %d of %v: %v", strings.TrimPrefix(name, damaged), offset, sizeOf(t, filepath.Join(folder, strings.TrimPrefix(name, damaged))), found)
	}
	return found, false
}

// changeByte changes a byte of a random file of the store.
func changeByte(t *testing.T, folder string, random *rand.Rand) (name string, offset int64) {
	t.Helper()
	name, offset = anyByte(t, folder, random)
	file, err := os.OpenFile(name, os.O_RDWR, 0)
	require.NoError(t, err)
	defer func() { _ = file.Close() }()
	one := make([]byte, 1)
	_, err = file.ReadAt(one, offset)
	require.NoError(t, err)
	one[0] ^= byte(1 + random.IntN(255))
	_, err = file.WriteAt(one, offset)
	require.NoError(t, err)
	return name, offset
}

// anyByte chooses a byte: of all bytes, of all files, of the files that are neither blocks nor descriptions, or near the end of
// a block.
func anyByte(t *testing.T, folder string, random *rand.Rand) (name string, offset int64) {
	t.Helper()
	var all, blocks, others []string
	var bytes int64
	require.NoError(t, filepath.WalkDir(filepath.Join(folder, "jetstream"), func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || sizeOf(t, path) == 0 {
			return err
		}
		all, bytes = append(all, path), bytes+sizeOf(t, path)
		switch {
		case filepath.Ext(path) == ".blk":
			blocks = append(blocks, path)
		case !strings.HasPrefix(entry.Name(), "meta."):
			others = append(others, path)
		}
		return nil
	}))
	switch way := random.IntN(4); {
	case way == 0:
		offset = random.Int64N(bytes)
		for _, path := range all {
			if size := sizeOf(t, path); offset >= size {
				offset -= size
				continue
			}
			return path, offset
		}
	case way == 1 && len(others) > 0:
		all = others
	case way == 2:
		name = blocks[random.IntN(len(blocks))]
		size := sizeOf(t, name)
		return name, size - 1 - random.Int64N(min(size, 600))
	}
	name = all[random.IntN(len(all))]
	return name, random.Int64N(sizeOf(t, name))
}

func sizeOf(t *testing.T, name string) int64 {
	t.Helper()
	info, err := os.Stat(name)
	require.NoError(t, err)
	return info.Size()
}

// produceInto enqueues entries and stores callbacks, and adds them to what was printed.
func produceInto(t *testing.T, r *relay.Relay, printed *lines, prefix string, count int) {
	t.Helper()
	handler := r.Inbox().Handler(newReceiver(func(context.Context, string) {}))
	for n := range count {
		id := prefix + string(rune('a'+n/26)) + string(rune('a'+n%26))
		require.NoError(t, enqueue(t.Context(), r, id))
		printed.add("enqueued " + id)
		require.Equal(t, 200, callback(handler, id))
		printed.add("stored " + id)
	}
}
