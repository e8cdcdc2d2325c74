// Command ratios compares the SDK with its alternatives, in turn in the same run, and prints the tables of
// docs/performance.md.
//
//	go run ./cmd/ratios                                     # all tables
//	go run ./cmd/ratios -part memory,loopback -rounds 30    # some of them
//	go run ./cmd/ratios -write ../docs/performance.md       # writes them into the document
//	go run ./cmd/ratios -profile sdk.pprof -cell h2,Send,32,0s
package main

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"os"
	"strings"
	"time"
)

// run is one run of the program.
type run struct {
	ctx       context.Context //nolint:containedctx // It is the context of the program.
	rounds    int
	scale     float64
	callbacks int               // how many were signed
	tables    map[string]string // by part
	out       *strings.Builder  // of the part that runs
}

// part writes one or more tables.
type part struct {
	name   string
	do     func(*run)
	rounds int // unless the flag sets another number
}

var parts = []part{
	{"memory", (*run).memory, 20},
	{"loopback", (*run).loopback, 20},
	{"growth", (*run).growth, 20},
	{"walk", (*run).walk, 20},
	{"start", (*run).start, 20},
	{"coldstart", (*run).coldstart, 20},
	{"binary", (*run).binary, 20},
	{"bulk", (*run).bulk, 20},
	{"node", (*run).node, 20},
	{"tls", (*run).tls, 12},
	{"streams", (*run).streams, 12},
	{"receiver", (*run).receiver, 20},
}

func main() {
	r := &run{ctx: context.Background(), tables: make(map[string]string)}
	rounds := flag.Int("rounds", 0, "rounds of each measurement: 0 for the default of the part, and at least 10 for figures that are kept")
	flag.Float64Var(&r.scale, "scale", 1, "scale of the volumes; below 1 for a quick look")
	only := flag.String("part", "", "the tables to write, separated by commas; empty for all")
	document := flag.String("write", "", "a document to write the tables into, between its markers")
	suffix := flag.String("suffix", "", "a suffix of the names of the tables in that document")
	serve := flag.Bool("serve", false, "run as the server of another run")
	receive := flag.String("receive", "", "run as a server of callbacks, through the receiver or the bare handler")
	var set settings
	flag.DurationVar(&set.latency, "latency", 0, "how long that server waits before it answers")
	flag.StringVar(&set.protocol, "protocol", "", "the protocol of that server over TLS: h2 or h1; empty for HTTP/1.1 without TLS")
	flag.IntVar(&set.streams, "streams", 0, "how many streams a connection to that server may have, over HTTP/2")
	profile := flag.String("profile", "", "a file to write a CPU profile of the SDK in one cell of tls into, in place of tables")
	profiled := flag.String("cell", cells()[0].String(), "that cell")
	flag.Parse()
	if *receive != "" {
		receiveUntilEOF(*receive)
		return
	}
	if *serve {
		serveUntilEOF(set)
		return
	}
	if *profile != "" {
		r.profile(*profile, *profiled)
		return
	}
	for _, p := range parts {
		if *only == "" || strings.Contains(","+*only+",", ","+p.name+",") {
			r.out, r.rounds = &strings.Builder{}, cmp.Or(*rounds, p.rounds)
			started := time.Now()
			p.do(r)
			if r.out.Len() > 0 {
				r.keep(p.name + *suffix)
			}
			fmt.Fprintf(os.Stderr, "%s: %s\n", p.name, time.Since(started).Round(time.Second))
		}
	}
	if *document != "" {
		r.write(*document)
	}
}

func (r *run) scaled(n int) int { return max(1, int(float64(n)*r.scale)) }
