package docs_test

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
)

// count is what the tests of the documents have done.
var count struct {
	compiled, run atomic.Int64

	mu     sync.Mutex
	notRun map[string]int // by the word of <!-- needs: -->
}

// countNotRun counts the blocks of a page that were not run.
func countNotRun(blocks []block) {
	count.mu.Lock()
	defer count.mu.Unlock()
	if count.notRun == nil {
		count.notRun = map[string]int{}
	}
	for _, b := range blocks {
		count.notRun[b.need()]++
	}
}

func TestMain(m *testing.M) {
	code := m.Run()
	fmt.Printf("documents: %d Go blocks compiled, %d shell blocks run", count.compiled.Load(), count.run.Load())
	for _, need := range slices.Sorted(maps.Keys(count.notRun)) {
		fmt.Printf(", %d not run, which need %s", count.notRun[need], need)
	}
	fmt.Println()
	os.Exit(code)
}
