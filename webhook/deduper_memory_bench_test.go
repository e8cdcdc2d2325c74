package webhook_test

import (
	"runtime"
	"strconv"
	"testing"
	"time"

	"github.com/sinchgo/conversation/webhook"
)

// BenchmarkMemoryDeduper measures the time for a callback and the memory for a key, with the callbacks of a day at 25 per
// second: in a memory that holds them all and in one that has to drop most.
func BenchmarkMemoryDeduper(b *testing.B) {
	for _, size := range []int{2_160_000, 100_000} {
		b.Run(strconv.Itoa(size), func(b *testing.B) {
			var before, after runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			memory := webhook.NewMemoryDeduper(size)
			n := 0
			handle := func() {
				key := webhook.DeduperKey([]byte(strconv.Itoa(n)))
				n++
				_, _ = memory.Begin(b.Context(), key, time.Time{})
				_ = memory.Done(b.Context(), key, true)
			}
			for range size {
				handle()
			}
			runtime.GC()
			runtime.ReadMemStats(&after)
			for b.Loop() {
				handle()
			}
			b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/float64(size), "bytes/key")
			runtime.KeepAlive(memory)
		})
	}
}
