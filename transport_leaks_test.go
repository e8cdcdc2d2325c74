package conversation_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"os"
	"runtime"
	"runtime/pprof"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

// openFiles counts the descriptors of this process; 0 where the system does not tell.
func openFiles() int {
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		return 0
	}
	return len(entries)
}

// settles waits until no more goroutines and descriptors are there than at the start, and shows the goroutines if that
// does not happen.
func settles(t *testing.T, goroutines, files int) {
	t.Helper()
	deadline := time.After(20 * time.Second)
	for runtime.NumGoroutine() > goroutines || openFiles() > files {
		select {
		case <-deadline:
			var stacks strings.Builder
			_ = pprof.Lookup("goroutine").WriteTo(&stacks, 1)
			t.Fatalf("%d goroutines, %d at the start; %d files, %d at the start\n%s", runtime.NumGoroutine(), goroutines, openFiles(), files, &stacks)
		default:
			runtime.Gosched()
		}
	}
}

// abort is a way to leave a call in the middle.
type abort struct {
	name  string
	leave func(t *testing.T, client *conversation.Client)
}

// aborts are those ways. What the server does is in the id or the page token: "hang" sends nothing, "stall" half a reply.
var aborts = []abort{
	{"cancelled before the answer", func(t *testing.T, client *conversation.Client) {
		t.Helper()
		cancelled(t, client, "hang")
	}},
	{"cancelled in the middle of the answer", func(t *testing.T, client *conversation.Client) {
		t.Helper()
		cancelled(t, client, "stall")
	}},
	{"a call that runs out of time", func(t *testing.T, client *conversation.Client) {
		t.Helper()
		ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		_, err := client.Messages.Get(ctx, "hang")
		require.ErrorIs(t, err, context.DeadlineExceeded)
	}},
	{"an attempt that runs out of time", func(t *testing.T, client *conversation.Client) {
		t.Helper()
		_, err := client.Messages.Get(t.Context(), "stall", conversation.WithRequestTimeout(time.Millisecond), conversation.WithRequestRetry(conversation.NoRetry))
		require.ErrorIs(t, err, context.DeadlineExceeded)
	}},
	{"a loop that is left early", func(t *testing.T, client *conversation.Client) {
		t.Helper()
		for _, err := range client.Messages.All(t.Context(), nil) {
			require.NoError(t, err)
			break
		}
	}},
	{"a loop that panics", func(t *testing.T, client *conversation.Client) {
		t.Helper()
		defer func() { assert.NotNil(t, recover()) }()
		for _, err := range client.Messages.All(t.Context(), nil) {
			panic(err) // which is nil here, and panics all the same
		}
	}},
	{"an iterator that is never used", func(t *testing.T, client *conversation.Client) {
		t.Helper()
		items := client.Messages.All(t.Context(), nil)
		assert.NotNil(t, items)
	}},
	{"an iterator that is pulled once and stopped", func(t *testing.T, client *conversation.Client) {
		t.Helper()
		next, stop := iter.Pull2(client.Messages.All(t.Context(), nil))
		_, err, _ := next()
		stop()
		require.NoError(t, err)
	}},
	{"an iterator whose second page hangs", func(t *testing.T, client *conversation.Client) {
		t.Helper()
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		left := 2 // of the first page
		for _, err := range client.Messages.All(ctx, nil) {
			if left--; left == 0 {
				time.AfterFunc(time.Millisecond, cancel)
			}
			if err != nil {
				require.ErrorIs(t, err, context.Canceled)
			}
		}
	}},
	{"a page whose next one is not asked for", func(t *testing.T, client *conversation.Client) {
		t.Helper()
		page, err := client.Messages.List(t.Context(), nil)
		require.NoError(t, err)
		assert.True(t, page.HasNext())
	}},
	{"a reply that is too large", func(t *testing.T, client *conversation.Client) {
		t.Helper()
		_, err := client.Messages.Get(t.Context(), "large")
		require.ErrorContains(t, err, "larger than the limit")
	}},
	{"a wait for a token", func(t *testing.T, _ *conversation.Client) {
		t.Helper()
		gate := make(chan struct{})
		waiting, err := conversation.NewClient("project", conversation.WithRegion(conversation.RegionEU),
			conversation.WithOAuth2("key-id", "key-secret"), conversation.WithHTTPClient(&http.Client{
				Transport: roundTrip(func(*http.Request) (*http.Response, error) {
					<-gate
					return nil, errReset
				}),
			}), conversation.WithRetry(conversation.NoRetry))
		require.NoError(t, err)
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Millisecond, cancel)
		require.ErrorIs(t, get(ctx, waiting), context.Canceled)
		close(gate)
	}},
}

// cancelled makes a call that is cancelled when the server has it.
func cancelled(t *testing.T, client *conversation.Client, id string) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	_, err := client.Messages.Get(httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		WroteRequest:         func(httptrace.WroteRequestInfo) { time.AfterFunc(time.Millisecond, cancel) },
		GotFirstResponseByte: cancel,
	}), id)
	require.Error(t, err)
	require.ErrorIs(t, err, context.Canceled)
}

// hangingServer answers lists, hangs, stalls and sends too much.
func hangingServer() *httptest.Server {
	return httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case strings.HasSuffix(r.URL.Path, "/hang") || r.URL.Query().Get("page_token") != "":
			<-r.Context().Done()
		case strings.HasSuffix(r.URL.Path, "/stall"):
			_, _ = io.WriteString(w, `{"id":`)
			_ = http.NewResponseController(w).Flush()
			<-r.Context().Done()
		case strings.HasSuffix(r.URL.Path, "/large"):
			_, _ = io.Copy(w, endless{})
		default:
			_, _ = io.WriteString(w, `{"messages":[{"id":"a"},{"id":"b"}],"next_page_token":"hang"}`)
		}
	}))
}

func TestAbortedCallsLeaveNothingBehind(t *testing.T) { //nolint:paralleltest // It counts goroutines and files.
	goroutines, files := runtime.NumGoroutine(), openFiles()
	server := hangingServer()
	client := dialing(t, server.URL, conversation.WithMaxResponseBytes(1<<16))
	calls := atLength(1_000, 100_000)
	var next atomic.Int64
	var group sync.WaitGroup
	for range 16 {
		group.Go(func() {
			for i := int(next.Add(1)); i <= calls && !t.Failed(); i = int(next.Add(1)) {
				aborts[i%len(aborts)].leave(t, client)
			}
		})
	}
	group.Wait()
	client.CloseIdleConnections()
	server.Close()
	settles(t, goroutines, files)
	t.Logf("%d calls were aborted in %d ways", calls, len(aborts))
}

// TestConnectionsAreUsedAgain requires 99 of 100 calls, of every outcome but a broken connection, to reuse a connection.
func TestConnectionsAreUsedAgain(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		switch status := r.Header.Get("X-Answer"); status {
		case "200", "302", "400", "404", "429", "503":
			var code int
			_, _ = fmt.Sscan(status, &code)
			w.WriteHeader(code)
			_, _ = io.WriteString(w, `{"id":"m","error":{"message":"`+strings.Repeat("x", 3_000)+`"}}`)
		case "204":
			w.WriteHeader(http.StatusNoContent)
		default:
			_, _ = io.WriteString(w, `<html>`+strings.Repeat("x", 2_000))
		}
	}))
	t.Cleanup(server.Close)
	for _, goroutines := range []int{1, 32} {
		t.Run(fmt.Sprintf("by %d goroutines", goroutines), func(t *testing.T) {
			t.Parallel()
			client := dialing(t, server.URL)
			var connections, reused, next atomic.Int64
			ctx := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{GotConn: func(info httptrace.GotConnInfo) {
				connections.Add(1)
				if info.Reused {
					reused.Add(1)
				}
			}})
			calls := int64(atLength(200, 4_000) * goroutines)
			answers := []string{"200", "204", "302", "400", "404", "429", "503", "html"}
			var group sync.WaitGroup
			for range goroutines {
				group.Go(func() {
					for i := next.Add(1); i <= calls; i = next.Add(1) {
						err := getCall.do(ctx, client, conversation.WithHeader("X-Answer", answers[int(i)%len(answers)]), conversation.WithRequestRetry(conversation.NoRetry))
						if err != nil {
							_, answered := errors.AsType[*conversation.Error](err)
							assert.True(t, answered, "%v", err)
						}
					}
				})
			}
			group.Wait()
			require.Equal(t, calls, connections.Load())
			assert.GreaterOrEqual(t, float64(reused.Load())/float64(calls), 0.99)
			t.Logf("%d of %d calls used a connection again", reused.Load(), calls)
		})
	}
}
