package main

import (
	"bufio"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestBothHandlersAcceptEveryKindOfCallbackAndRejectAForgedOne(t *testing.T) {
	t.Parallel()
	r := &run{ctx: t.Context()}
	for _, kind := range callbackKinds {
		for name, handler := range map[string]http.Handler{"bare": bareHandler(kind.event), "receiver": newReceiver()} {
			callbacks := r.signedCallbacks(kind, 2)
			assert.Equal(t, http.StatusOK, statusOf(handler, callbacks[0].request(r)), "%s: %s", name, kind.name)
			forged := signedCallback{callbacks[0].body, callbacks[1].header}
			assert.Equal(t, http.StatusUnauthorized, statusOf(handler, forged.request(r)), "%s: %s", name, kind.name)
		}
	}
}

func statusOf(handler http.Handler, req *http.Request) int {
	answer := httptest.NewRecorder()
	handler.ServeHTTP(answer, req)
	return answer.Code
}

func TestCallbacksHaveTheSizesOfTheirNamesAndNoDuplicates(t *testing.T) {
	t.Parallel()
	r := &run{ctx: t.Context()}
	for i, length := range []int{613, 545, 1 << 10, 10_000} {
		callbacks := r.signedCallbacks(callbackKinds[i], 2)
		assert.Equal(t, length, len(callbacks[0].body), callbackKinds[i].name) //nolint:testifylint // Len prints the body.
		assert.NotEqual(t, string(callbacks[0].body), string(callbacks[1].body))
	}
}

func TestPostReturnsTheCPUTimeThatTheServerReports(t *testing.T) {
	t.Parallel()
	var served atomic.Int64
	receiver := newReceiver()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		served.Add(1)
		receiver.ServeHTTP(w, req)
	}))
	defer server.Close()
	subject := &callbackServer{
		address: server.Listener.Addr().String(),
		stdin:   discardCloser{}, stdout: bufio.NewReader(strings.NewReader("1.5\n3.5\n")),
	}
	r := &run{ctx: t.Context()}
	got := subject.post(r.signedCallbacks(textOfKibibyte, 10), 3)
	for _, conn := range subject.conns {
		require.NoError(t, conn.Close())
	}
	assert.InDelta(t, 0.2, got.cpu, 1e-9)
	assert.Positive(t, got.wall)
	assert.Equal(t, int64(10), served.Load())
	assert.Len(t, subject.conns, 3)
}

type discardCloser struct{}

func (discardCloser) Write(text []byte) (int, error) { return len(text), nil }
func (discardCloser) Close() error                   { return nil }

func TestTheTableOfCallbacksInMemoryIsWritten(t *testing.T) { //nolint:paralleltest // It measures this process.
	r := &run{ctx: t.Context(), rounds: 1, scale: 0.001, out: &strings.Builder{}}
	r.receiverInMemory(textOfKibibyte)
	assert.Equal(t, 3, strings.Count(r.out.String(), "\n"))
	assert.NotContains(t, r.out.String(), "NaN")
}
