// Command ratios compares the SDK with its alternatives, in turn in the same run, and prints the tables of
// docs/performance.md.
//
//	go run ./cmd/ratios                                     # all tables
//	go run ./cmd/ratios -part memory,loopback -rounds 30    # some of them
//	go run ./cmd/ratios -write ../docs/performance.md       # writes them into the document
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"strings"
	"time"
)

// run is one run of the program.
type run struct {
	ctx    context.Context //nolint:containedctx // It is the context of the program.
	rounds int
	scale  float64
	tables map[string]string // by part
	out    *strings.Builder  // of the part that runs
}

// part writes one or more tables.
type part struct {
	name string
	do   func(*run)
}

var parts = []part{
	{"memory", (*run).memory},
	{"loopback", (*run).loopback},
	{"growth", (*run).growth},
	{"walk", (*run).walk},
	{"start", (*run).start},
	{"binary", (*run).binary},
	{"bulk", (*run).bulk},
	{"node", (*run).node},
}

func main() {
	r := &run{ctx: context.Background(), tables: make(map[string]string)}
	flag.IntVar(&r.rounds, "rounds", 20, "rounds of each measurement; at least 10 for figures that are kept")
	flag.Float64Var(&r.scale, "scale", 1, "scale of the volumes; below 1 for a quick look")
	only := flag.String("part", "", "the tables to write, separated by commas; empty for all")
	document := flag.String("write", "", "a document to write the tables into, between its markers")
	suffix := flag.String("suffix", "", "a suffix of the names of the tables in that document")
	serve := flag.Bool("serve", false, "run as the server of another run")
	latency := flag.Duration("latency", 0, "how long the server waits before it answers a send")
	flag.Parse()
	if *serve {
		serveUntilEOF(*latency)
		return
	}
	for _, p := range parts {
		if *only == "" || strings.Contains(","+*only+",", ","+p.name+",") {
			r.out = &strings.Builder{}
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
