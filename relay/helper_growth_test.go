package relay_test

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"testing"

	"github.com/stretchr/testify/require"
)

// memoryInUse returns the heap in use of this process, and its resident set, which is 0 where the system does not tell it.
func memoryInUse(t *testing.T) (heap, resident uint64) {
	t.Helper()
	debug.FreeOSMemory()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return stats.HeapInuse, 0
	}
	var all, pages uint64
	_, err = fmt.Sscan(string(text), &all, &pages)
	require.NoError(t, err)
	return stats.HeapInuse, pages * uint64(os.Getpagesize())
}

// sizeOf returns the size of the files in a folder.
func sizeOf(t *testing.T, folder string) uint64 {
	t.Helper()
	size := uint64(0)
	require.NoError(t, filepath.WalkDir(folder, func(_ string, file fs.DirEntry, err error) error {
		if err != nil || file.IsDir() {
			return err
		}
		info, err := file.Info()
		if err == nil {
			size += uint64(info.Size())
		}
		return err
	}))
	return size
}
