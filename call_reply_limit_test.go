package conversation_test

import (
	"io"
	"net/http"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

// TestATenGigabyteReplyCostsNoMoreThanItsLimit counts what a call allocates, which no collection of garbage can hide, and
// what is left of it.
func TestATenGigabyteReplyCostsNoMoreThanItsLimit(t *testing.T) { //nolint:paralleltest // It counts allocations.
	const limit = 8 << 20
	for name, reply := range map[string]struct { //nolint:paralleltest // See above.
		status int
		body   io.Reader
		limit  uint64 // what is kept
	}{
		"a success of blanks":    {200, endless{}, limit},
		"a success of one text":  {200, io.MultiReader(strings.NewReader(`{"id":"`), letters{}), limit},
		"a failure":              {503, io.MultiReader(strings.NewReader(`{"error":{"message":"`), letters{}), 1 << 20},
		"a failure that is HTML": {404, io.MultiReader(strings.NewReader(`<html>`), letters{}), 1 << 20},
	} {
		t.Run(name, func(t *testing.T) {
			const size = 10 << 30
			left := &io.LimitedReader{R: reply.body, N: size}
			client, err := conversation.NewClient("project", workingBasic(conversation.WithMaxResponseBytes(limit),
				conversation.WithHTTPClient(&http.Client{Transport: roundTrip(func(req *http.Request) (*http.Response, error) {
					return response(req, reply.status, nil, left), nil
				})}))...)
			require.NoError(t, err)
			var before, after runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			err = get(t.Context(), client)
			runtime.ReadMemStats(&after)
			allocated := after.TotalAlloc - before.TotalAlloc
			failed := as[*conversation.Error](t, err)
			assert.LessOrEqual(t, len(failed.Body), 1<<20)
			assert.EqualValues(t, reply.limit+1, size-left.N, "no more is read")
			assert.Less(t, allocated, 5*reply.limit, "io.ReadAll takes 2 times what it reads, and 4 with the race detector")
			runtime.GC()
			runtime.ReadMemStats(&after)
			assert.Less(t, int64(after.HeapAlloc)-int64(before.HeapAlloc), int64(reply.limit)+1<<20, "what is kept")
			runtime.KeepAlive(failed)
			t.Logf("%d KiB allocated for a limit of %d KiB", allocated>>10, reply.limit>>10)
		})
	}
}

// letters is a reader without an end.
type letters struct{}

func (letters) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	return len(p), nil
}
