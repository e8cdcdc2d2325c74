//go:build unix

package transport

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

const envFrozen = "CONVERSATION_TEST_FROZEN_URL"

// TestFrozenProcess is the process that TestASendAfterAFreezeIsSent stops and continues. It makes a request for each line of
// its input, and prints "ok" or the error.
func TestFrozenProcess(t *testing.T) { //nolint:paralleltest // It is the only test of its process.
	url := os.Getenv(envFrozen)
	if url == "" {
		return
	}
	own := newOwn(&http.Transport{}, times{idle: 300 * time.Millisecond})
	for input := bufio.NewScanner(os.Stdin); input.Scan(); {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader("{}"))
		require.NoError(t, err)
		req.GetBody = nil // a send
		resp, err := own.RoundTrip(req)
		if err != nil {
			fmt.Println("\n" + err.Error())
			continue
		}
		_, err = io.Copy(io.Discard, resp.Body)
		_ = resp.Body.Close()
		fmt.Println("\nok", err)
	}
}

// TestASendAfterAFreezeIsSent stops processes for longer than a connection may be idle. Meanwhile the server closes their
// connections. When they continue, the timers and the ends of the connections are still to be processed.
func TestASendAfterAFreezeIsSent(t *testing.T) {
	t.Parallel()
	const processes, thaws = 4, 5
	var mu sync.Mutex
	idle := make(map[net.Conn]bool)
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		_, _ = io.WriteString(w, "{}")
	}))
	server.Config.ConnState = func(conn net.Conn, state http.ConnState) {
		mu.Lock()
		defer mu.Unlock()
		idle[conn] = state == http.StateIdle
	}
	server.Start()
	t.Cleanup(server.Close)
	closeIdle := func() {
		mu.Lock()
		defer mu.Unlock()
		for conn, is := range idle {
			if is {
				_ = conn.Close()
			}
		}
	}
	var children []*frozen
	for range processes {
		children = append(children, startFrozen(t, server.URL))
	}
	for range thaws {
		for _, child := range children {
			require.Equal(t, "ok <nil>", child.send(t))
			child.signal(t, syscall.SIGSTOP)
		}
		<-time.After(350 * time.Millisecond) // real time: the clock of a stopped process runs on
		closeIdle()
		for _, child := range children {
			child.signal(t, syscall.SIGCONT)
			require.Equal(t, "ok <nil>", child.send(t), "after a freeze")
		}
	}
}

// frozen is a process of TestFrozenProcess.
type frozen struct {
	process *exec.Cmd
	in      io.Writer
	out     *bufio.Scanner
}

func startFrozen(t *testing.T, url string) *frozen {
	t.Helper()
	self, err := os.Executable()
	require.NoError(t, err)
	process := exec.CommandContext(t.Context(), self, "-test.run=^TestFrozenProcess$")
	process.Env = append(os.Environ(), envFrozen+"="+url)
	in, err := process.StdinPipe()
	require.NoError(t, err)
	out, err := process.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, process.Start())
	t.Cleanup(func() {
		_ = process.Process.Signal(syscall.SIGCONT)
		_ = in.Close()
		_, _ = io.Copy(io.Discard, out)
		_ = process.Wait()
	})
	return &frozen{process, in, bufio.NewScanner(out)}
}

// send makes the process send a request, and returns what it prints.
func (f *frozen) send(t *testing.T) string {
	t.Helper()
	_, err := io.WriteString(f.in, "send\n")
	require.NoError(t, err)
	for f.out.Scan() {
		if line := f.out.Text(); line != "" {
			return line
		}
	}
	t.Fatal("the process ended")
	return ""
}

func (f *frozen) signal(t *testing.T, signal os.Signal) {
	t.Helper()
	require.NoError(t, f.process.Process.Signal(signal))
}
