package main

import (
	"fmt"
	"runtime"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/bench/api"
)

// walk measures All over a long list.
func (r *run) walk() {
	const perPage = 1000
	items := r.scaled(100_000)
	client := newSDK("https://api.test", api.New(0, items, perPage))
	var kept, perItem []float64
	for range r.rounds {
		var before, half, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		seen := 0
		for _, err := range client.Messages.All(r.ctx, &conversation.ListMessagesParams{PageSize: perPage}) {
			check(err)
			if seen++; seen == items/2 {
				runtime.GC()
				runtime.ReadMemStats(&half)
			}
		}
		runtime.ReadMemStats(&after)
		kept = append(kept, float64(half.HeapAlloc)-float64(before.HeapAlloc))
		perItem = append(perItem, float64(after.Mallocs-before.Mallocs)/float64(seen))
	}
	r.head(fmt.Sprintf("All over %d messages, %d a page", items, perPage), "median", "spread")
	center, spread := median(kept)
	r.line([]string{"bytes retained half-way", size(center), spread})
	center, spread = median(perItem)
	r.line([]string{"allocations an item", fmt.Sprintf("%.2f", center), spread})
}
