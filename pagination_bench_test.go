package conversation_test

import (
	"io"
	"net/http"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

// manyPages is a transport that serves a list of messages, a page at a time, and keeps none of it.
func manyPages(items, pageSize int) http.RoundTripper {
	item := `{"id":"01HX0000000000000000000000","direction":"TO_CONTACT","app_message":{"text_message":{"text":"hello"}}}`
	page := `{"messages":[` + strings.Repeat(item+",", pageSize-1) + item + `],"next_page_token":"`
	return roundTripper(func(req *http.Request) (*http.Response, error) {
		at, _ := strconv.Atoi(req.URL.Query().Get("page_token"))
		next := ""
		if at += pageSize; at < items {
			next = strconv.Itoa(at)
		}
		return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(strings.NewReader(page + next + `"}`)), Request: req}, nil
	})
}

// BenchmarkAll walks lists of growing length. The heap that is still in use half-way, in the column "heap-KiB", does not
// grow with them.
func BenchmarkAll(b *testing.B) {
	for _, items := range []int{10_000, 100_000, 1_000_000} {
		b.Run(strconv.Itoa(items), func(b *testing.B) {
			client, err := conversation.NewClient("project", conversation.WithBasicAuth("id", "secret"),
				conversation.WithRegion(conversation.RegionEU),
				conversation.WithHTTPClient(&http.Client{Transport: manyPages(items, 1000)}))
			require.NoError(b, err)
			b.ReportAllocs()
			var before, during runtime.MemStats
			for b.Loop() {
				runtime.GC()
				runtime.ReadMemStats(&before)
				seen := 0
				for _, err := range client.Messages.All(b.Context(), nil) {
					require.NoError(b, err)
					if seen++; seen == items/2 {
						runtime.GC()
						runtime.ReadMemStats(&during)
					}
				}
				require.Equal(b, items, seen)
			}
			b.ReportMetric(float64(int64(during.HeapAlloc)-int64(before.HeapAlloc))/1024, "heap-KiB")
		})
	}
}
