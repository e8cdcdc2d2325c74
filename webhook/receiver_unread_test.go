package webhook_test

import (
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
)

// countingBody counts how often it is read. It never ends.
type countingBody struct{ reads atomic.Int64 }

func (b *countingBody) Read(p []byte) (int, error) {
	b.reads.Add(1)
	return len(p), nil
}

func (*countingBody) Close() error { return nil }

// unread are the requests that are answered before their bodies are read.
var unread = map[string]struct {
	change func(*http.Request)
	want   int
}{
	"not signed":                  {func(r *http.Request) { r.Header = http.Header{} }, 401},
	"an empty signature":          {func(r *http.Request) { r.Header.Set(prefix, "") }, 401},
	"no signature":                {func(r *http.Request) { r.Header.Del(prefix) }, 401},
	"a signature of another form": {func(r *http.Request) { r.Header.Set(prefix, "c2hvcnQ=") }, 401},
	"a signature that is long":    {func(r *http.Request) { r.Header.Set(prefix, strings.Repeat("A", 1000)) }, 401},
	"two signatures":              {func(r *http.Request) { r.Header.Add(prefix, "another") }, 400},
	"no nonce":                    {func(r *http.Request) { r.Header.Del(prefix + "-Nonce") }, 400},
	"a nonce with a dot":          {func(r *http.Request) { r.Header.Set(prefix+"-Nonce", "a.b") }, 400},
	"two nonces":                  {func(r *http.Request) { r.Header.Set(prefix+"-Nonce", "a, b") }, 400},
	"no timestamp":                {func(r *http.Request) { r.Header.Del(prefix + "-Timestamp") }, 400},
	"a timestamp of milliseconds": {func(r *http.Request) { r.Header.Set(prefix+"-Timestamp", "1772366400000") }, 400},
	"another algorithm":           {func(r *http.Request) { r.Header.Set(prefix+"-Algorithm", "HmacSHA1") }, 401},
	"another method":              {func(r *http.Request) { r.Method = http.MethodPut }, 405},
	"a method without a body":     {func(r *http.Request) { r.Method = http.MethodGet }, 405},
	"more than allowed":           {func(r *http.Request) { r.ContentLength = 1<<20 + 1 }, 413},
	"far more than allowed":       {func(r *http.Request) { r.ContentLength = 1<<63 - 1 }, 413},
}

func TestWhatCannotBeVerifiedIsAnsweredBeforeItIsRead(t *testing.T) {
	t.Parallel()
	for name, tt := range unread {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			receiver := newReceiver(t)
			for _, handler := range []http.Handler{receiver, receiver.Forward((&keeper{}).keep)} {
				source := &countingBody{}
				req := newCallback(t, nil, nonce)
				req.Body, req.ContentLength = source, 512<<10
				tt.change(req)
				assert.Equal(t, tt.want, serve(handler, req).Code)
				assert.Zero(t, source.reads.Load(), "reads of the body")
			}
		})
	}
	source := &countingBody{}
	req := newCallback(t, nil, nonce)
	req.Body, req.ContentLength = io.NopCloser(source), -1
	assert.Equal(t, 413, serve(newReceiver(t), req).Code)
	assert.Positive(t, source.reads.Load(), "a signature that may be right is checked over the body")
}

// TestStrangersHoldNoMemory has 4,000 requests without a signature, whose bodies of half a mebibyte have not arrived. None
// of a body is read, so none is held.
func TestStrangersHoldNoMemory(t *testing.T) {
	t.Parallel()
	const strangers = 4000
	receiver := newReceiver(t)
	source := &countingBody{}
	var served sync.WaitGroup
	for range strangers {
		req := newCallback(t, nil, nonce)
		req.Header = http.Header{"Content-Type": {"application/json"}}
		req.Body, req.ContentLength = source, 512<<10
		served.Go(func() { assert.Equal(t, 401, serve(receiver, req).Code) })
	}
	served.Wait()
	assert.Zero(t, source.reads.Load())
}
