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

// collectSeldom is a GOGC with which a small program collects garbage each 16 MiB, the size of what V8 fills between two
// collections. Go's default makes a program with next to nothing in memory collect each 4 MiB, as no service does.
const collectSeldom = 400

// serveUntilEOF serves the API on a free port of loopback, prints its URL, and ends with its standard input.
func serveUntilEOF(latency time.Duration) {
	debug.SetGCPercent(collectSeldom)
	if latency > 0 {
		runtime.GOMAXPROCS(runtime.GOMAXPROCS(0) + 1) // one is taken up by api.wake
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // It ends with the program.
	check(err)
	server := &http.Server{Handler: api.New(latency, pageSize, pageSize), ReadHeaderTimeout: time.Minute}
	go func() { check(server.Serve(listener)) }()
	fmt.Printf("http://%s\n", listener.Addr())
	_, _ = io.Copy(io.Discard, os.Stdin)
}

// server starts the API in a process of its own, so that the CPU of this one is the client's alone.
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

// tuned is a transport for one host, as the SDK has it.
func tuned() http.RoundTripper {
	shared, _ := http.DefaultTransport.(*http.Transport)
	own := shared.Clone()
	own.MaxIdleConns, own.MaxIdleConnsPerHost = 128, 128
	return own
}
