package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"runtime/debug"

	"github.com/sinchgo/conversation/bench/api"
)

// node measures the official Node SDK on the same server, each round after one of the SDK.
func (r *run) node() {
	if _, err := os.Stat("node/node_modules"); err != nil {
		fmt.Fprintln(os.Stderr, "The Node SDK is not measured: run npm ci in bench/node first, and this program in bench.")
		return
	}
	baseURL, stop := r.server(0)
	defer stop()
	own := sdkSubject(baseURL, tuned())
	other, end := r.nodeSDK(baseURL)
	defer end()
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

// nodeSDK starts the program that calls the Node SDK. It returns a function that causes it to make n calls, and one that ends it.
func (r *run) nodeSDK(baseURL string) (calls func(n, inFlight int) cost, end func()) {
	command := exec.CommandContext(r.ctx, "node", "node/calls.js", baseURL, api.Project, api.App, recipient, text) //nolint:gosec // The arguments are constants.
	command.Stderr = os.Stderr
	stdin, err := command.StdinPipe()
	check(err)
	stdout, err := command.StdoutPipe()
	check(err)
	check(command.Start())
	answers := bufio.NewReader(stdout)
	calls = func(n, inFlight int) cost {
		_, err := fmt.Fprintf(stdin, "%d %d\n", inFlight, n)
		check(err)
		line, err := answers.ReadBytes('\n')
		check(err)
		var took struct {
			Wall float64 `json:"wall"`
			CPU  float64 `json:"cpu"`
		}
		check(json.Unmarshal(line, &took))
		return cost{wall: took.Wall / float64(n), cpu: took.CPU / float64(n)}
	}
	return calls, func() {
		check(stdin.Close())
		check(command.Wait())
	}
}
