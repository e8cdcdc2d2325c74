package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"strings"
	"time"

	"github.com/sinchgo/conversation/bench/api"
)

// collectSeldom is a GOGC with which a small program collects garbage every 16 MiB, which is what V8 fills between two
// collections. With Go's default, a program with a tiny heap collects every 4 MiB, which no service does.
const collectSeldom = 400

// serveUntilEOF serves the API on a free port of loopback, prints its URL, and returns at the end of standard input.
func serveUntilEOF(latency time.Duration) {
	debug.SetGCPercent(collectSeldom)
	if latency > 0 {
		runtime.GOMAXPROCS(runtime.GOMAXPROCS(0) + 1) // api.wake occupies one
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // It ends with the program.
	check(err)
	server := &http.Server{Handler: api.New(latency, pageSize, pageSize), ReadHeaderTimeout: time.Minute}
	go func() { check(server.Serve(listener)) }()
	fmt.Printf("http://%s\n", listener.Addr())
	_, _ = io.Copy(io.Discard, os.Stdin)
}

// server starts the API in a separate process, so that the CPU time of this process is that of the client alone.
func (r *run) server(latency time.Duration) (baseURL string, stop func()) {
	self, err := os.Executable()
	check(err)
	command := exec.CommandContext(r.ctx, self, "-serve", "-latency", latency.String()) //nolint:gosec // It is this program.
	command.Stderr = os.Stderr
	stdin, err := command.StdinPipe()
	check(err)
	stdout, err := command.StdoutPipe()
	check(err)
	check(command.Start())
	line, err := bufio.NewReader(stdout).ReadString('\n')
	check(err)
	return strings.TrimSpace(line), func() {
		check(stdin.Close())
		check(command.Wait())
	}
}

// tuned returns a transport for one host, which keeps as many connections as the SDK's own.
func tuned() http.RoundTripper {
	shared, _ := http.DefaultTransport.(*http.Transport)
	own := shared.Clone()
	own.MaxIdleConns, own.MaxIdleConnsPerHost = 0, 10_000
	return own
}
