package main

import (
	"bufio"
	"crypto/tls"
	"encoding/base64"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"github.com/sinchgo/conversation/bench/api"
)

// collectSeldom is a GOGC with which a small program collects garbage every 16 MiB, which is what V8 fills between two
// collections. With Go's default, a program with a tiny heap collects every 4 MiB, which no service does.
const collectSeldom = 400

// settings are those of a server.
type settings struct {
	latency  time.Duration
	protocol string // h2 or h1 over TLS; empty for HTTP/1.1 without
	streams  int    // that an HTTP/2 connection may have at a time
}

// serveUntilEOF serves the API on a free port of loopback. It prints its URL, and with TLS its certificate. For each line of standard
// input it prints what it has counted since the last one. It returns at the end of standard input.
func serveUntilEOF(set settings) {
	debug.SetGCPercent(collectSeldom)
	if set.latency > 0 {
		runtime.GOMAXPROCS(runtime.GOMAXPROCS(0) + 1) // api.wake occupies one
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // It ends with the program.
	check(err)
	counts := &counters{}
	server := counts.server(api.New(set.latency, pageSize, pageSize))
	if set.protocol == "" {
		go func() { check(server.Serve(listener)) }()
		fmt.Printf("http://%s\n", listener.Addr())
	} else {
		certificate := newCertificate()
		secure(server, set, certificate)
		counts.handshakesOf(server.TLSConfig)
		go func() { check(server.ServeTLS(listener, "", "")) }()
		fmt.Printf("https://%s %s\n", listener.Addr(), base64.StdEncoding.EncodeToString(certificate.Certificate[0]))
	}
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		fmt.Println(counts.take())
	}
}

// secure configures a server for one protocol over TLS.
func secure(server *http.Server, set settings, certificate tls.Certificate) {
	server.TLSConfig = &tls.Config{MinVersion: tls.VersionTLS13, Certificates: []tls.Certificate{certificate}}
	server.Protocols = new(http.Protocols)
	server.Protocols.SetHTTP1(set.protocol == "h1")
	server.Protocols.SetHTTP2(set.protocol == "h2")
	server.HTTP2 = &http.HTTP2Config{MaxConcurrentStreams: set.streams}
	server.ErrorLog = log.New(io.Discard, "", 0) // clients close connections that they do not need
}

// remote is a server in another process.
type remote struct {
	url         string
	certificate []byte         // DER; empty without TLS
	counted     func() counted // since the last call
	stop        func()
}

// server starts the API in a separate process, so that the CPU time of this process is that of the client alone.
func (r *run) server(latency time.Duration) (baseURL string, stop func()) {
	started := r.serverWith(settings{latency: latency})
	return started.url, started.stop
}

func (r *run) serverWith(set settings) *remote {
	self, err := os.Executable()
	check(err)
	command := exec.CommandContext(r.ctx, self, "-serve", "-latency", set.latency.String(), //nolint:gosec // It is this program.
		"-protocol", set.protocol, "-streams", strconv.Itoa(set.streams))
	command.Stderr = os.Stderr
	stdin, err := command.StdinPipe()
	check(err)
	stdout, err := command.StdoutPipe()
	check(err)
	check(command.Start())
	answers := bufio.NewReader(stdout)
	line, err := answers.ReadString('\n')
	check(err)
	address, encoded, _ := strings.Cut(strings.TrimSpace(line), " ")
	certificate, err := base64.StdEncoding.DecodeString(encoded)
	check(err)
	return &remote{
		url: address, certificate: certificate,
		counted: func() counted {
			_, err := fmt.Fprintln(stdin)
			check(err)
			line, err := answers.ReadString('\n')
			check(err)
			return parseCounted(line)
		},
		stop: func() {
			check(stdin.Close())
			check(command.Wait())
		},
	}
}

// tuned returns a transport for one host, which keeps as many connections as the SDK's own.
func tuned() http.RoundTripper {
	shared, _ := http.DefaultTransport.(*http.Transport)
	own := shared.Clone()
	own.MaxIdleConns, own.MaxIdleConnsPerHost = 0, 10_000
	return own
}
