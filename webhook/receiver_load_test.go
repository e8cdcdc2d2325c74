package webhook_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/webhook"
)

// TestForgedBodiesUseBoundedMemory holds many requests at the moment in which their bodies are as large as allowed.
// No other test may run at the same time.
//
//nolint:paralleltest // It measures the heap.
func TestForgedBodiesUseBoundedMemory(t *testing.T) {
	requests, limit := 100, int64(64<<10)
	if soaking {
		requests, limit = 10_000, 256<<10
	}
	receiver := newReceiver(t, webhook.WithMaxBody(limit))
	var arrived, ended sync.WaitGroup
	release := make(chan struct{})
	before := liveHeap()
	for range requests {
		arrived.Add(1)
		ended.Go(func() {
			held := &heldBody{left: limit, arrived: arrived.Done, release: release}
			req := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/sinch", held)
			req.Header, req.ContentLength = webhook.Sign(nil, "forged", nonce, signed), -1
			assert.Equal(t, http.StatusRequestEntityTooLarge, serve(receiver, req).Code)
		})
	}
	arrived.Wait()
	each := (liveHeap() - before) / int64(requests)
	close(release)
	ended.Wait()
	t.Logf("%d requests of %d bytes hold %d bytes each", requests, limit, each)
	assert.LessOrEqual(t, each, limit+64<<10)
}

func liveHeap() int64 {
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return int64(stats.HeapAlloc)
}

// heldBody returns as many bytes as are allowed, waits, and returns more.
type heldBody struct {
	left    int64
	arrived func()
	release <-chan struct{}
	held    bool
}

func (b *heldBody) Read(p []byte) (int, error) {
	if b.left == 0 && !b.held {
		b.held = true
		b.arrived()
		<-b.release
	}
	if b.held {
		return len(p), nil
	}
	n := min(int64(len(p)), b.left)
	b.left -= n
	return int(n), nil
}

// TestAnyMixOfRequestsGetsTheRightStatusCodes throws good and bad requests at a receiver from many goroutines.
func TestAnyMixOfRequestsGetsTheRightStatusCodes(t *testing.T) {
	t.Parallel()
	const workers = 8
	each := 10_000 / workers
	if soaking {
		each = 1_000_000 / workers
	}
	receiver := newReceiver(t, webhook.WithMaxBody(4<<10), webhook.WithDeduper(webhook.NewMemoryDeduper(1000)))
	webhook.OnAny(receiver, func(_ context.Context, event webhook.Event) error {
		switch event.Meta().AppID {
		case "panic":
			panic("on purpose")
		case "fail":
			return errors.New("on purpose")
		}
		return nil
	})
	kinds := requestKinds(t)
	var done sync.WaitGroup
	for worker := range workers {
		random := rand.New(rand.NewPCG(1, uint64(worker)))
		done.Go(func() {
			for i := range each {
				kind := kinds[random.IntN(len(kinds))]
				id := strconv.Itoa(worker) + "-" + strconv.Itoa(i)
				own := bytes.Replace(kind.body, []byte("{"), []byte(`{"correlation_id":"`+id+`",`), 1) // no duplicate of another
				req := newCallback(t, own, nonce)
				if kind.change != nil {
					kind.change(req)
				}
				if got := serve(receiver, req).Code; got != kind.status {
					assert.Equal(t, kind.status, got, kind.name)
					return
				}
			}
		})
	}
	done.Wait()
}

type requestKind struct {
	name   string
	body   []byte
	change func(*http.Request)
	status int
}

func requestKinds(t *testing.T) []requestKind {
	t.Helper()
	var bomb bytes.Buffer
	compressor := gzip.NewWriter(&bomb)
	_, err := compressor.Write(make([]byte, 1<<20))
	require.NoError(t, err)
	require.NoError(t, compressor.Close())
	endless := func(r *http.Request) { r.Body = io.NopCloser(endlessReader{}) }
	return []requestKind{
		{"good", body, nil, 200},
		{"a function that fails", []byte(`{"app_id": "fail", "message": {}}`), nil, 500},
		{"a function that panics", []byte(`{"app_id": "panic", "message": {}}`), nil, 500},
		{"a wrong signature", body, func(r *http.Request) { r.Header.Set(prefix, "AAAA") }, 401},
		{"no signature", body, func(r *http.Request) { r.Header = http.Header{} }, 401},
		{"a nonce with a dot", body, func(r *http.Request) { r.Header.Set(prefix+"-Nonce", "a.b") }, 400},
		{"an endless body", body, endless, 413},
		{"a compressed bomb", bomb.Bytes(), func(r *http.Request) { r.Header.Set("Content-Encoding", "gzip") }, 400},
		{"a body nested deep", []byte(`{"message": ` + strings.Repeat("[", 3000)), nil, 400},
		{"not JSON", []byte("hello"), nil, 400},
		{"another method", body, func(r *http.Request) { r.Method = http.MethodGet }, 405},
	}
}

type endlessReader struct{}

func (endlessReader) Read(p []byte) (int, error) { return len(p), nil }
