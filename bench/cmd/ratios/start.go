package main

import (
	"context"
	"net/http"
	"runtime"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/bench/api"
	"github.com/sinchgo/conversation/bench/raw"
)

// written is a transport that ends a call where its first request would be written.
type written struct{}

func (written) RoundTrip(*http.Request) (*http.Response, error) { return nil, http.ErrServerClosed }

// start measures the time from the construction of a client to its first request, and the memory of an idle one.
func (r *run) start() {
	hand := func() *raw.Client {
		return &raw.Client{HTTP: &http.Client{Transport: written{}}, BaseURL: "https://api.test", Project: api.Project, Token: api.Token}
	}
	own := func() *conversation.Client {
		client, err := conversation.NewClient(api.Project, conversation.WithBasicAuth("key-id", "key-secret"),
			conversation.WithRegion(conversation.RegionEU), conversation.WithRetry(conversation.NoRetry),
			conversation.WithHTTPClient(&http.Client{Transport: written{}}))
		check(err)
		return client
	}
	costs := r.alternate([]subject{
		{name: netHTTP, calls: calls("Get", func(ctx context.Context) error { _, _ = hand().Get(ctx, "M"); return nil })},
		{name: sdk, calls: calls("Get", func(ctx context.Context) error { _, _ = own().Messages.Get(ctx, "M"); return nil })},
	}, "Get", 2000, 1)
	r.head("start and rest", "median", "spread")
	center, spread := median(values(costs[netHTTP], cpu))
	r.line([]string{"hand-written client: from its construction to its first request", seconds(center), spread})
	center, spread = median(values(costs[sdk], cpu))
	r.line([]string{"SDK: from NewClient to its first request", seconds(center), spread})
	center, spread = median(r.idle(func() any { return own() }))
	r.line([]string{"SDK: memory of an idle client, with the caller's transport", size(center), spread})
	center, spread = median(r.idle(func() any { return newSDK("https://api.test", nil) }))
	r.line([]string{"SDK: memory of an idle client, with its own transport", size(center), spread})
}

// idle returns the memory of an idle client, measured over many.
func (r *run) idle(client func() any) []float64 {
	const count = 1000
	sizes := make([]float64, r.rounds)
	for i := range sizes {
		kept := make([]any, count)
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		for i := range kept {
			kept[i] = client()
		}
		runtime.GC()
		runtime.ReadMemStats(&after)
		runtime.KeepAlive(kept)
		sizes[i] = (float64(after.HeapAlloc) - float64(before.HeapAlloc)) / count
	}
	return sizes
}
