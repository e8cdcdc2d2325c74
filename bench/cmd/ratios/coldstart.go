package main

import (
	"bufio"
	"encoding/pem"
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/sinchgo/conversation/bench/api"
)

// coldstart measures how long a new process takes until its first message is accepted: it fetches an access token and sends,
// over TLS and to two hosts, as those of Sinch are. The hosts are in this process, which does nothing else meanwhile.
func (r *run) coldstart() {
	dir, err := os.MkdirTemp("", "coldstart")
	check(err)
	defer func() { check(os.RemoveAll(dir)) }()
	starters := r.starters(dir)
	r.head("the first message of a process", "from its start until accepted", "spread", "ratio", "spread", "the send alone", "spread")
	for _, roundTrip := range []time.Duration{0, 30 * time.Millisecond} {
		environment, stop := hosts(dir, roundTrip)
		starts := r.starts(starters, environment)
		stop()
		for _, s := range starters {
			got := starts[s.name]
			total, spread := median(got.total)
			ratio, ofRatio := median(quotients(got.total, starts[starters[0].name].total))
			send, ofSend := median(got.send)
			r.line([]string{
				fmt.Sprintf("%s, round trips of %s", s.name, roundTrip), seconds(total), spread,
				fmt.Sprintf("%.2f", ratio), ofRatio, seconds(send), ofSend,
			})
		}
	}
}

// starter is a program that sends one message.
type starter struct {
	name    string
	command []string
}

// starters returns the programs, the Node SDK first. That of the SDK is compiled into a directory.
func (r *run) starters(dir string) []starter {
	program := filepath.Join(dir, "coldstart")
	build := exec.CommandContext(r.ctx, "go", "build", "-trimpath", "-o", program, "./cmd/coldstart") //nolint:gosec // All of it is ours.
	build.Stderr = os.Stderr
	check(build.Run())
	own := []starter{{sdk, []string{program}}, {sdk + " with Warm", []string{program, "warm"}}}
	if _, err := os.Stat("node/node_modules"); err != nil {
		fmt.Fprintln(os.Stderr, "The Node SDK is not measured: run npm ci in bench/node first, and this program in bench.")
		return own
	}
	return append([]starter{{"Node SDK", []string{"node", "node/start.js"}}}, own...)
}

// started has the seconds of each start of a program.
type started struct {
	total []float64 // from the start of the process until its message was accepted
	send  []float64 // of the send alone, as the process reports them
}

// starts starts every program in every round. Each round begins with another one.
func (r *run) starts(starters []starter, environment []string) map[string]started {
	starts := make(map[string]started)
	for round := range r.rounds + 1 {
		for i := range starters {
			s := starters[(round+i)%len(starters)]
			total, send := r.startOnce(s.command, environment)
			if round > 0 { // the first one warms up the caches of the system
				before := starts[s.name]
				starts[s.name] = started{append(before.total, total), append(before.send, send)}
			}
		}
	}
	return starts
}

// startOnce starts a program, which prints a line when its message was accepted.
func (r *run) startOnce(command, environment []string) (total, send float64) {
	process := exec.CommandContext(r.ctx, command[0], command[1:]...) //nolint:gosec // It is one of the programs above.
	process.Env = append(os.Environ(), environment...)
	process.Stderr = os.Stderr
	stdout, err := process.StdoutPipe()
	check(err)
	began := time.Now()
	check(process.Start())
	line, err := bufio.NewReader(stdout).ReadString('\n')
	total = time.Since(began).Seconds()
	check(err)
	check(process.Wait())
	send, err = strconv.ParseFloat(strings.TrimSpace(line), 64)
	check(err)
	return total, send
}

// hosts starts the token endpoint and the API, each a round trip away, and returns the environment of their clients.
func hosts(dir string, roundTrip time.Duration) (environment []string, stop func()) {
	var urls []string
	var stops []func()
	roots := filepath.Join(dir, "roots.pem")
	for range 2 {
		server := httptest.NewUnstartedServer(api.New(0, pageSize, pageSize))
		server.EnableHTTP2 = true
		server.StartTLS()
		address, hangUp := server.Listener.Addr().String(), func() {}
		if roundTrip > 0 {
			address, hangUp = distant(address, roundTrip)
		}
		urls = append(urls, "https://"+address)
		stops = append(stops, func() { hangUp(); server.Close() })
		certificate := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
		check(os.WriteFile(roots, certificate, 0o600)) // all servers of httptest have the same
	}
	environment = []string{
		"SINCH_PROJECT_ID=" + api.Project, "SINCH_KEY_ID=key-id", "SINCH_KEY_SECRET=key-secret", "SINCH_APP_ID=" + api.App,
		"SINCH_AUTH_HOST=" + urls[0], "SINCH_TOKEN_URL=" + urls[0] + "/oauth2/token", "SINCH_CONVERSATION_BASE_URL=" + urls[1],
		"NODE_EXTRA_CA_CERTS=" + roots, "SSL_CERT_FILE=" + roots,
	}
	return environment, func() {
		for _, stop := range stops {
			stop()
		}
	}
}

// quotients divides the values of each round.
func quotients(of, by []float64) []float64 {
	found := make([]float64, len(of))
	for i := range of {
		found[i] = of[i] / by[i]
	}
	return found
}
