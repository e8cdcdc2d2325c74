package main

import (
	"fmt"
	"net/http"
	"os"
	"strings"
	"time"
)

// cell is one combination that is measured over TLS.
type cell struct {
	protocol string // h2 or h1
	call     string
	inFlight int
	latency  time.Duration
}

// String implements [fmt.Stringer]. It is also the form of the flag -cell.
func (c cell) String() string {
	return fmt.Sprintf("%s,%s,%d,%s", c.protocol, c.call, c.inFlight, c.latency)
}

// label names the cell in the table of its protocol.
func (c cell) label() string { return fmt.Sprintf("%s, %d, %s", c.call, c.inFlight, c.latency) }

var protocols = []string{"h2", "h1"}

// cells returns all combinations, so that those of one server follow each other.
func cells() []cell {
	var all []cell
	for _, protocol := range protocols {
		for _, latency := range []time.Duration{0, 20 * time.Millisecond} {
			for _, call := range callNames {
				for _, inFlight := range []int{1, 32, 256} {
					all = append(all, cell{protocol, call, inFlight, latency})
				}
			}
		}
	}
	return all
}

const (
	// ampleStreams is a limit that none of the cells reaches: one connection serves each. The part streams has a limit.
	ampleStreams = 1000
	// perMeasurement is about how long the measurement of one subject takes.
	perMeasurement = 160 * time.Millisecond
)

// tls measures calls over TLS. The base of the ratios is net/http with a timeout.
func (r *run) tls() {
	results := make(map[cell]map[string][]cost)
	var at *stage
	for i, c := range cells() {
		if at == nil || at.cell.protocol != c.protocol || at.cell.latency != c.latency {
			at.close()
			at = r.stage(c)
		}
		results[c] = r.measureCell(c, at.subjects)
		base, _ := median(values(results[c][careful], wall))
		ratio, _ := median(ratios(results[c][sdk], results[c][careful], wall))
		fmt.Fprintf(os.Stderr, "tls %d of %d: %s: %s, the SDK %.2f\n", i+1, len(cells()), c, seconds(base), ratio)
	}
	at.close()
	r.tlsTables(results)
}

// measureCell measures all subjects in turn.
func (r *run) measureCell(c cell, all []subject) map[string][]cost {
	calls := make(map[string]int)
	for _, s := range all {
		calls[s.name] = r.callsFor(c, s)
	}
	for _, s := range all[1:] {
		if s.name != nodeSDKName { // the others make as many calls as the base: a percentile depends on their number
			calls[s.name] = calls[all[0].name]
		}
	}
	return r.inTurn(all, func(s subject) cost { return s.costIn(c, calls[s.name]) })
}

// callsFor returns how many calls of a subject take perMeasurement: a multiple of those in flight. It also warms up.
func (r *run) callsFor(c cell, s subject) int {
	sample := s.costIn(c, r.scaled(4*c.inFlight+4))
	sample = s.costIn(c, r.scaled(int(min(0.05/sample.wall, 2000))))
	rounds := int(perMeasurement.Seconds() * r.scale / sample.wall / float64(c.inFlight))
	return max(1, rounds) * c.inFlight
}

// costIn measures calls of the subject in a cell, in this process or elsewhere.
func (s subject) costIn(c cell, calls int) cost {
	if s.elsewhere != nil {
		return s.elsewhere(c.call, calls, c.inFlight)
	}
	return measureLatency(calls, c.inFlight, s.calls[c.call])
}

// stage is a server with its clients.
type stage struct {
	cell     cell // one of those of the server
	server   *remote
	subjects []subject // the base, the SDK, and the others
}

// close stops all of them. The receiver may be nil.
func (s *stage) close() {
	if s == nil {
		return
	}
	for _, one := range s.subjects {
		one.close()
	}
	s.server.stop()
}

// stage starts the server of a cell, and clients that trust it. The SDK has its own transport, and the others one with the same
// settings.
func (r *run) stage(c cell) *stage {
	server := r.serverWith(settings{latency: c.latency, protocol: c.protocol, streams: ampleStreams})
	transport := func() http.RoundTripper { return trusting(server.certificate) }
	base := carefulSubject(server.url, transport())
	all := []subject{base, ownSubject(server), rawSubject(server.url, transport(), 0), peerSubject(server.url, transport())}
	if c.protocol == "h1" && nodeInstalled() {
		all = append(all, r.nodeSubject(server))
	}
	return &stage{c, server, all}
}

// parseCell returns the cell of the flag -cell.
func parseCell(text string) (cell, error) {
	for _, c := range cells() {
		if strings.EqualFold(c.String(), text) {
			return c, nil
		}
	}
	return cell{}, fmt.Errorf("there is no cell %q: the first one is %q", text, cells()[0])
}
