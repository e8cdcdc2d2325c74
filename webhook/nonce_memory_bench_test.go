package webhook_test

import (
	"fmt"
	"runtime"
	"strconv"
	"testing"
	"time"

	"github.com/sinchgo/conversation/webhook"
)

// BenchmarkNonceMemory measures the time for a callback and the memory for a nonce, with the callbacks of a day at 25 per
// second: in a memory that holds them all and in one that has to drop most.
func BenchmarkNonceMemory(b *testing.B) {
	const day, perSecond = 24 * time.Hour, 25
	for _, size := range []int{2_160_000, 100_000} {
		b.Run(strconv.Itoa(size), func(b *testing.B) {
			var before, after runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			memory := webhook.NewNonceMemory(size)
			now := signed
			memory.Now = func() time.Time { return now }
			n := 0
			handle := func() {
				nonce := fmt.Sprintf("%026d", n)
				n++
				now = now.Add(time.Second / perSecond)
				_, _ = memory.Begin(b.Context(), nonce, now.Add(day))
				_ = memory.Done(b.Context(), nonce, true)
			}
			for range size {
				handle()
			}
			runtime.GC()
			runtime.ReadMemStats(&after)
			for b.Loop() {
				handle()
			}
			b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/float64(size), "bytes/nonce")
			runtime.KeepAlive(memory)
		})
	}
}
