package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"runtime/debug"
	"strconv"

	"github.com/sinchgo/conversation/bench/api"
)

// node measures the official Node SDK on the same server, each round after one of the SDK.
func (r *run) node() {
	if !nodeInstalled() {
		return
	}
	server := r.serverWith(settings{})
	defer server.stop()
	own := sdkSubject(server.url, tuned())
	node := r.nodeSubject(server)
	defer node.close()
	other := func(n, inFlight int) cost { return node.elsewhere("Send", n, inFlight) }
	r.head("Send over loopback", "Node SDK", "the SDK", "ratio", "spread", "bound", "")
	for _, setting := range []struct {
		inFlight, collect int
		remark            string
		bounds            [2]float64
	}{
		{1, collectSeldom, "", [2]float64{}},
		{32, collectSeldom, "", [2]float64{3.3, 1. / 3}},
		{32, 100, ", GOGC=100", [2]float64{}},
	} {
		inFlight, bounds := setting.inFlight, setting.bounds
		usual := debug.SetGCPercent(setting.collect)
		warmUp, n := 3000, r.scaled(2000)
		measure(warmUp, inFlight, own.calls["Send"])
		other(warmUp, inFlight)
		var of, by []cost
		for range r.rounds {
			of = append(of, measure(n, inFlight, own.calls["Send"]))
			by = append(by, other(n, inFlight))
		}
		perSecond := func(c cost) float64 { return 1 / c.wall }
		debug.SetGCPercent(usual)
		r.against(fmt.Sprintf("calls a second, %d in flight%s", inFlight, setting.remark), "%.0f", by, of, perSecond, bounds[0], true)
		r.against(fmt.Sprintf("CPU seconds for 1,000 calls, %d in flight%s", inFlight, setting.remark), "%.3f", by, of, func(c cost) float64 { return c.cpu * 1000 }, bounds[1], false)
	}
	own.close()
}

// against writes a figure of both, and their ratio with its bound: a minimum if more is better, else a maximum.
func (r *run) against(figure, format string, by, of []cost, part func(cost) float64, bound float64, moreIsBetter bool) {
	base, _ := median(values(by, part))
	value, _ := median(values(of, part))
	ratio, spread := median(ratios(of, by, part))
	judged := verdict(ratio, bound)
	word := "at most "
	if moreIsBetter {
		judged, word = verdict(-ratio, -bound), "at least "
	}
	if bound == 0 {
		judged, word = "", ""
	}
	r.line([]string{figure, fmt.Sprintf(format, base), fmt.Sprintf(format, value), fmt.Sprintf("%.2f", ratio), spread, word + boundText(bound), judged})
}

// nodeInstalled reports whether the Node SDK is there, and how to install it if it is not.
func nodeInstalled() bool {
	_, err := os.Stat("node/node_modules")
	if err != nil {
		fmt.Fprintln(os.Stderr, "The Node SDK is not measured: run npm ci in bench/node first, and this program in bench.")
	}
	return err == nil
}

// nodeSubject starts the program that calls the Node SDK.
func (r *run) nodeSubject(server *remote) subject {
	dir, err := os.MkdirTemp("", "bench")
	check(err)
	command := exec.CommandContext(r.ctx, "node", "node/calls.js", server.url, //nolint:gosec // The arguments are ours.
		api.Project, api.App, api.Message, recipient, text, strconv.Itoa(pageSize))
	if len(server.certificate) > 0 {
		command.Env = append(os.Environ(), "NODE_EXTRA_CA_CERTS="+pemFile(dir, server.certificate))
	}
	command.Stderr = os.Stderr
	stdin, err := command.StdinPipe()
	check(err)
	stdout, err := command.StdoutPipe()
	check(err)
	check(command.Start())
	answers := bufio.NewReader(stdout)
	return subject{
		name: nodeSDKName,
		elsewhere: func(name string, n, inFlight int) cost {
			_, err := fmt.Fprintf(stdin, "%s %d %d\n", name, inFlight, n)
			check(err)
			line, err := answers.ReadBytes('\n')
			check(err)
			var took struct {
				Wall float64 `json:"wall"`
				CPU  float64 `json:"cpu"`
				P99  float64 `json:"p99"`
			}
			check(json.Unmarshal(line, &took))
			return cost{wall: took.Wall / float64(n), cpu: took.CPU / float64(n), p99: took.P99}
		},
		close: func() {
			check(stdin.Close())
			check(command.Wait())
			check(os.RemoveAll(dir))
		},
	}
}
