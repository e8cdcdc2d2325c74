package main

import (
	"fmt"
	"net/http"

	"github.com/sinchgo/conversation/bench/api"
)

var callNames = []string{"Send", "Get", "List"}

// memory measures single calls over a transport in memory, which is the work of the clients alone.
func (r *run) memory() {
	calls := map[string]int{"Send": 5000, "Get": 5000, "List": 100}
	timeBound := map[string]float64{"Send": 1.4, "List": 1.1}
	allocBound := map[string]float64{"Send": 1.4}
	byteBound := map[string]float64{"List": 1.1}
	canned := api.New(0, pageSize, pageSize)
	all := subjects("https://api.test", func() http.RoundTripper { return canned })
	r.head("in memory", "net/http", "ratio", "spread", "bound", "")
	for _, name := range callNames {
		costs := r.alternate(all, name, calls[name], 1)
		base := costs[all[0].name]
		for _, s := range all[1:] {
			bound := func(bounds map[string]float64) float64 {
				if s.name == sdk {
					return bounds[name]
				}
				return 0
			}
			mid := func(part func(cost) float64) float64 { center, _ := median(values(base, part)); return center }
			r.row(name+" with "+s.name+": CPU time", seconds(mid(cpu)), ratios(costs[s.name], base, cpu), bound(timeBound))
			r.row(name+" with "+s.name+": allocations", fmt.Sprintf("%.0f", mid(allocs)), ratios(costs[s.name], base, allocs), bound(allocBound))
			r.row(name+" with "+s.name+": bytes", size(mid(allocated)), ratios(costs[s.name], base, allocated), bound(byteBound))
		}
	}
}

// loopback measures calls to a server in another process.
func (r *run) loopback() {
	baseURL, stop := r.server(0)
	defer stop()
	all := subjects(baseURL, tuned)
	r.head("over loopback", "net/http", "ratio", "spread", "bound", "")
	for _, name := range callNames {
		for _, inFlight := range []int{1, 32} {
			n := map[string]int{"Send": 3000, "Get": 3000, "List": 300}[name]
			costs := r.alternate(all, name, n, inFlight)
			base := costs[all[0].name]
			for _, s := range all[1:] {
				var bound float64
				if s.name == sdk && name == "Send" && inFlight == 32 {
					bound = 1.08
				}
				figure := fmt.Sprintf("%s with %s, %d in flight: ", name, s.name, inFlight)
				center, _ := median(values(base, wall))
				r.row(figure+"time", seconds(center), ratios(costs[s.name], base, wall), bound)
				center, _ = median(values(base, cpu))
				r.row(figure+"CPU time of the client", seconds(center), ratios(costs[s.name], base, cpu), 0)
			}
			if name == "Send" && inFlight == 32 {
				center, _ := median(values(costs[careful], wall))
				r.row("Send with the SDK beside net/http and a timeout, 32 in flight: time", seconds(center), ratios(costs[sdk], costs[careful], wall), 1)
			}
		}
	}
	for _, s := range all {
		s.close()
	}
}
