package main

import "fmt"

// Bounds of the SDK over TLS, compared with net/http and a timeout.
const (
	tlsTimeBound = 1.05
	tlsP99Bound  = 1.1
)

var protocolNames = map[string]string{"h2": "HTTP/2", "h1": "HTTP/1.1"}

// tlsTables writes two tables for each protocol: the SDK with its bounds, and the others.
func (r *run) tlsTables(results map[cell]map[string][]cost) {
	kept := map[string]int{}
	for _, protocol := range protocols {
		r.text(protocolNames[protocol] + ", the SDK:\n")
		r.head("call, in flight, latency", "base: time", "CPU", "allocations", "p99",
			"SDK: time", "spread", fmt.Sprintf("≤ %v", tlsTimeBound), "CPU", "allocations", "p99", "spread", fmt.Sprintf("≤ %v", tlsP99Bound))
		for _, c := range cellsOf(protocol) {
			r.sdkRow(c, results[c][careful], results[c][sdk], kept)
		}
		r.text("\n" + protocolNames[protocol] + ", the others:\n")
		r.peerTable(protocol, results)
		r.text("")
	}
	r.text(fmt.Sprintf("Of %d cells, the SDK keeps the bound of the time in %d, and that of p99 in %d.", len(cells()), kept["time"], kept["p99"]))
}

func cellsOf(protocol string) []cell {
	var some []cell
	for _, c := range cells() {
		if c.protocol == protocol {
			some = append(some, c)
		}
	}
	return some
}

// sdkRow writes the base, the ratios of the SDK to it, and whether they keep their bounds.
func (r *run) sdkRow(c cell, base, own []cost, kept map[string]int) {
	mid := func(part func(cost) float64) float64 { center, _ := median(values(base, part)); return center }
	ratio := func(part func(cost) float64) (float64, string) { return median(ratios(own, base, part)) }
	time, timeSpread := ratio(wall)
	tail, tailSpread := ratio(p99)
	used, _ := ratio(cpu)
	made, _ := ratio(allocs)
	judged := func(name string, value, bound float64) string {
		if value <= bound {
			kept[name]++
		}
		return verdict(value, bound)
	}
	r.line([]string{
		c.label(), seconds(mid(wall)), seconds(mid(cpu)), fmt.Sprintf("%.0f", mid(allocs)), seconds(mid(p99)),
		fmt.Sprintf("%.2f", time), timeSpread, judged("time", time, tlsTimeBound),
		fmt.Sprintf("%.2f", used), fmt.Sprintf("%.2f", made),
		fmt.Sprintf("%.2f", tail), tailSpread, judged("p99", tail, tlsP99Bound),
	})
}

// peerTable writes the ratios of the others to the base. The Node SDK counts no allocations.
func (r *run) peerTable(protocol string, results map[cell]map[string][]cost) {
	columns := []string{"call, in flight, latency"}
	short := map[string]string{netHTTP: "no timeout", peerName: peerName, nodeSDKName: nodeSDKName}
	others := []string{netHTTP, peerName}
	if len(results[cellsOf(protocol)[0]][nodeSDKName]) > 0 {
		others = append(others, nodeSDKName)
	}
	for _, name := range others {
		columns = append(columns, short[name]+": time", "CPU", "p99")
		if name != nodeSDKName {
			columns = append(columns, "allocations")
		}
	}
	r.head(columns...)
	for _, c := range cellsOf(protocol) {
		row := []string{c.label()}
		for _, name := range others {
			parts := []func(cost) float64{wall, cpu, p99, allocs}
			if name == nodeSDKName {
				parts = parts[:3]
			}
			for _, part := range parts {
				center, _ := median(ratios(results[c][name], results[c][careful], part))
				row = append(row, fmt.Sprintf("%.2f", center))
			}
		}
		r.line(row)
	}
}
