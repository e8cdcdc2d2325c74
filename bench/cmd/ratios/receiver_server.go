package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"time"
)

// receiverServers posts the same kinds of callbacks to servers in other processes, in turn, and compares their CPU time.
func (r *run) receiverServers() {
	self, err := os.Executable()
	check(err)
	node := r.callbackServer("", "node", "node/receive.js", callbackSecret)
	own := r.callbackServer(strconv.Itoa(collectSeldom), self, "-receive", "receiver")
	usual := r.callbackServer("100", self, "-receive", "receiver")
	bare := r.callbackServer(strconv.Itoa(collectSeldom), self, "-receive", "bare")
	for _, server := range []*callbackServer{node, own, usual, bare} {
		server.post(r.signedCallbacks(textOfKibibyte, 5000), 32)
	}
	r.head("CPU seconds of the server for 1,000 callbacks", "Node SDK", "Go", "ratio", "spread", "bound", "")
	for _, kind := range callbackKinds {
		r.receiverAgainst(kind, "", node, own, 32, 0.5)
	}
	r.receiverAgainst(textOfKibibyte, "", node, own, 1, 0)
	r.receiverAgainst(textOfKibibyte, ", GOGC=100", node, usual, 32, 0)
	r.receiverAgainst(textOfKibibyte, ", the bare handler", node, bare, 32, 0)
	for _, server := range []*callbackServer{node, own, usual, bare} {
		server.stop()
	}
}

// receiverAgainst writes the CPU time of two servers for a kind of callback, and their ratio.
func (r *run) receiverAgainst(kind callbackKind, remark string, node, own *callbackServer, inFlight int, bound float64) {
	var by, of []cost
	n := r.scaled(4000)
	for range r.rounds {
		by = append(by, node.post(r.signedCallbacks(kind, n), inFlight))
		of = append(of, own.post(r.signedCallbacks(kind, n), inFlight))
	}
	figure := fmt.Sprintf("%s, %d in flight%s", kind.name, inFlight, remark)
	r.against(figure, "%.4f", by, of, func(c cost) float64 { return c.cpu * 1000 }, bound, false)
}

// receiveUntilEOF serves callbacks on a free port of loopback, and prints its address. For each line of standard input it
// prints the CPU time of this process in seconds. It returns at the end of standard input.
func receiveUntilEOF(subject string) {
	handler := http.Handler(newReceiver())
	if subject == "bare" {
		handler = bareHandler(newInbound)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // It ends with the program.
	check(err)
	server := &http.Server{Handler: handler, ReadHeaderTimeout: time.Minute}
	go func() { check(server.Serve(listener)) }()
	fmt.Println(listener.Addr())
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		fmt.Println(cpuTime().Seconds())
	}
}

// callbackServer is a process that serves callbacks.
type callbackServer struct {
	address string
	stdin   io.WriteCloser
	stdout  *bufio.Reader
	command *exec.Cmd
	conns   []net.Conn // connections that are kept
}

// callbackServer starts a process that serves callbacks.
func (r *run) callbackServer(collect, name string, args ...string) *callbackServer {
	command := exec.CommandContext(r.ctx, name, args...) //nolint:gosec // It is one of two programs of this directory.
	command.Stderr = os.Stderr
	if collect != "" {
		command.Env = append(os.Environ(), "GOGC="+collect)
	}
	stdin, err := command.StdinPipe()
	check(err)
	stdout, err := command.StdoutPipe()
	check(err)
	check(command.Start())
	server := &callbackServer{stdin: stdin, stdout: bufio.NewReader(stdout), command: command}
	server.address = server.line()
	return server
}

func (s *callbackServer) line() string {
	line, err := s.stdout.ReadString('\n')
	check(err)
	return strings.TrimSpace(line)
}

// cpuTime returns the CPU time of the server, in seconds.
func (s *callbackServer) cpuTime() float64 {
	_, err := io.WriteString(s.stdin, "\n")
	check(err)
	spent, err := strconv.ParseFloat(s.line(), 64)
	check(err)
	return spent
}

// post posts callbacks over inFlight connections, and returns what one cost the server.
func (s *callbackServer) post(callbacks []signedCallback, inFlight int) cost {
	requests := make(chan []byte, len(callbacks))
	for _, callback := range callbacks {
		requests <- callback.wire()
	}
	close(requests)
	for len(s.conns) < inFlight {
		conn, err := net.Dial("tcp", s.address) //nolint:noctx // It ends with the program.
		check(err)
		s.conns = append(s.conns, conn)
	}
	cpu, started := s.cpuTime(), time.Now()
	var workers sync.WaitGroup
	for _, conn := range s.conns[:inFlight] {
		workers.Go(func() {
			answers := bufio.NewReader(conn)
			for request := range requests {
				check(exchange(conn, answers, request))
			}
		})
	}
	workers.Wait()
	n := float64(len(callbacks))
	return cost{wall: time.Since(started).Seconds() / n, cpu: (s.cpuTime() - cpu) / n}
}

// exchange writes a request to a connection, and reads the answer.
func exchange(conn net.Conn, answers *bufio.Reader, request []byte) error {
	if _, err := conn.Write(request); err != nil {
		return err
	}
	answer, err := http.ReadResponse(answers, nil)
	if err != nil {
		return err
	}
	defer func() { _ = answer.Body.Close() }()
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("the server answered with %s", answer.Status)
	}
	_, err = io.Copy(io.Discard, answer.Body)
	return err
}

func (s *callbackServer) stop() {
	for _, conn := range s.conns {
		check(conn.Close())
	}
	check(s.stdin.Close())
	check(s.command.Wait())
}
