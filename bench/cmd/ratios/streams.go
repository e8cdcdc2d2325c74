package main

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"sync/atomic"
	"time"
)

const (
	streamLimit    = 100 // of a connection: what many servers and load balancers allow
	streamLatency  = 20 * time.Millisecond
	streamInFlight = 1000
	warmSends      = 5 // of each worker
	strictTimeout  = time.Second
)

// burst is the cost of sends that begin at the same time, and what their server counted.
type burst struct {
	cost
	counted

	failed int
}

// streams measures many sends in flight at a server that limits the streams of a connection, first without a connection, and then with
// those that are left of it.
func (r *run) streams() {
	servers := map[string]*remote{}
	for _, protocol := range protocols {
		servers[protocol] = r.serverWith(settings{latency: streamLatency, protocol: protocol, streams: streamLimit})
	}
	cold, warm := make(map[string][]burst), make(map[string][]burst)
	for round := range r.rounds + 1 {
		for i := range streamClients {
			client := streamClients[(round+i)%len(streamClients)]
			server := servers[client.protocol]
			s := client.subject(server)
			if client.opened {
				check(s.calls["Send"](r.ctx))
			}
			first := r.burst(server, s, 1)
			then := r.burst(server, s, warmSends)
			s.close()
			if round > 0 { // the first one warms up
				cold[client.name] = append(cold[client.name], first)
				warm[client.name] = append(warm[client.name], then)
			}
		}
		fmt.Fprintf(os.Stderr, "streams: round %d of %d\n", round, r.rounds)
	}
	for _, server := range servers {
		server.stop()
	}
	r.text(fmt.Sprintf("%d sends, the first of their client:\n", r.inFlight()))
	r.burstTable(cold)
	r.text(fmt.Sprintf("\n%d sends after that, %d in flight:\n", r.inFlight()*warmSends, r.inFlight()))
	r.burstTable(warm)
}

func (r *run) inFlight() int { return r.scaled(streamInFlight) }

// streamClient is a way to send.
type streamClient struct {
	name, protocol string
	opened         bool // with one call before the measurement
	subject        func(*remote) subject
}

const streamBase = "net/http"

var streamClients = []streamClient{
	{streamBase, "h2", false, func(to *remote) subject { return carefulSubject(to.url, trusting(to.certificate)) }},
	{"net/http, strict limit of streams", "h2", false, func(to *remote) subject {
		transport := trusting(to.certificate)
		transport.HTTP2.StrictMaxConcurrentRequests = true
		return rawSubject(to.url, transport, strictTimeout) // many sends would wait for good
	}},
	{"net/http, HTTP/1.1", "h1", false, func(to *remote) subject { return carefulSubject(to.url, trusting(to.certificate)) }},
	{sdk, "h2", false, ownSubject},
	{"the SDK, after one call", "h2", true, ownSubject},
	{"the SDK, HTTP/1.1", "h1", false, ownSubject},
}

// ownSubject returns a client of the SDK with its own transport.
func ownSubject(to *remote) subject {
	restore := ownTransport(trusting(to.certificate))
	defer restore()
	return sdkSubject(to.url, nil)
}

// burst makes sends of as many workers as are in flight. It includes what the connections cost that are opened in vain.
func (r *run) burst(server *remote, s subject, each int) burst {
	server.counted()
	var failed atomic.Int64
	took := make([]time.Duration, r.inFlight()*each)
	got := burst{cost: measureEach(each, r.inFlight(), func(i int) {
		began := time.Now()
		if s.calls["Send"](context.Background()) != nil {
			failed.Add(1)
		}
		took[i] = time.Since(began)
	})}
	got.p99 = percentile(took, 99).Seconds()
	got.wall *= float64(len(took))
	got.failed = int(failed.Load())
	got.counted = settled(server)
	return got
}

// settled returns what the server counted, once it has opened no connection for a while.
func settled(server *remote) counted {
	sum := server.counted()
	for {
		time.Sleep(100 * time.Millisecond)
		more := server.counted()
		if more == (counted{}) {
			return sum
		}
		sum.connections += more.connections
		sum.handshakes += more.handshakes
		sum.used += more.used
		sum.requests += more.requests
	}
}

func (r *run) burstTable(bursts map[string][]burst) {
	r.head("client", "time", "ratio", "spread", "p99", "CPU of a send", "connections", "handshakes", "first used", "failed")
	costs := func(name string) []cost {
		var all []cost
		for _, b := range bursts[name] {
			all = append(all, b.cost)
		}
		return all
	}
	for _, client := range streamClients {
		mid := func(part func(burst) float64) float64 {
			var all []float64
			for _, b := range bursts[client.name] {
				all = append(all, part(b))
			}
			center, _ := median(all)
			return center
		}
		count := func(part func(burst) int) string {
			return strconv.Itoa(int(mid(func(b burst) float64 { return float64(part(b)) })))
		}
		ratio, spread := median(ratios(costs(client.name), costs(streamBase), wall))
		r.line([]string{
			client.name, seconds(mid(func(b burst) float64 { return b.wall })), fmt.Sprintf("%.2f", ratio), spread,
			seconds(mid(func(b burst) float64 { return b.p99 })), seconds(mid(func(b burst) float64 { return b.cpu })),
			count(func(b burst) int { return b.connections }), count(func(b burst) int { return b.handshakes }),
			count(func(b burst) int { return b.used }), count(func(b burst) int { return b.failed }),
		})
	}
}
