package main

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/bench/api"
)

// recorder records the requests that it forwards.
type recorder struct {
	http.RoundTripper

	seen []string
}

func (r *recorder) RoundTrip(req *http.Request) (*http.Response, error) {
	var body []byte
	if req.Body != nil {
		body, _ = io.ReadAll(req.Body)
		req.Body = io.NopCloser(bytes.NewReader(body))
	}
	if !strings.HasSuffix(req.URL.Path, "/token") {
		r.seen = append(r.seen, req.Method+" "+req.URL.String()+" "+req.Header.Get("Authorization")+" "+string(body))
	}
	return r.RoundTripper.RoundTrip(req)
}

func TestAllClientsSendTheSameBytes(t *testing.T) {
	t.Parallel()
	var wires []*recorder
	all := subjects("https://api.test", func() http.RoundTripper {
		wires = append(wires, &recorder{RoundTripper: api.New(0, pageSize, pageSize)})
		return wires[len(wires)-1]
	})
	for _, s := range all {
		for _, name := range callNames {
			require.NoError(t, s.calls[name](t.Context()))
		}
	}
	require.Len(t, wires[0].seen, 3)
	for _, wire := range wires[1:] {
		assert.Equal(t, wires[0].seen, wire.seen)
	}
}

func TestASocketAndATransportInMemoryReturnTheSameBodies(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(api.New(0, 250, pageSize))
	defer server.Close()
	for _, path := range []string{"/oauth2/token", "/v1/projects/P/messages:send", "/v1/projects/P/messages/M", "/v1/projects/P/messages?page_size=100&page_token=200"} {
		var bodies []string
		for _, transport := range []http.RoundTripper{server.Client().Transport, api.New(0, 250, pageSize)} {
			req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+path, http.NoBody)
			require.NoError(t, err)
			resp, err := transport.RoundTrip(req)
			require.NoError(t, err)
			body, err := io.ReadAll(resp.Body)
			require.NoError(t, err)
			require.NoError(t, resp.Body.Close())
			bodies = append(bodies, string(body))
		}
		assert.JSONEq(t, bodies[0], bodies[1])
		assert.Len(t, bodies[1], len(bodies[0]))
	}
}

func TestMeasureCountsTheCostOfACall(t *testing.T) { //nolint:paralleltest // It counts allocations of the process.
	var kept []byte
	got := measure(100, 1, func(context.Context) error {
		kept = make([]byte, 1<<16)
		return nil
	})
	assert.Len(t, kept, 1<<16)
	assert.InDelta(t, 1, got.allocs, 0.5)
	assert.InDelta(t, 1<<16, got.bytes, 1<<12)
	assert.Positive(t, got.wall)
}

func TestAlternateMeasuresEverySubjectInEveryRound(t *testing.T) { //nolint:paralleltest // See above.
	made := make(map[string]int)
	subjectNamed := func(name string) subject {
		return subject{name: name, calls: calls("Send", func(context.Context) error { made[name]++; return nil })}
	}
	r := &run{rounds: 10, scale: 1}
	costs := r.alternate([]subject{subjectNamed("a"), subjectNamed("b")}, "Send", 5, 1)
	assert.Equal(t, map[string]int{"a": 55, "b": 55}, made)
	assert.Len(t, costs["a"], 10)
	assert.Len(t, costs["b"], 10)
}

func TestARowHasTheMedianRatioAndWhetherItsBoundIsKept(t *testing.T) {
	t.Parallel()
	r := &run{out: &strings.Builder{}}
	of := []cost{{cpu: 2}, {cpu: 6}, {cpu: 4}, {cpu: 4}, {cpu: 4}, {cpu: 4}}
	by := []cost{{cpu: 2}, {cpu: 2}, {cpu: 2}, {cpu: 2}, {cpu: 2}, {cpu: 2}}
	r.row("Send", "1 µs", ratios(of, by, cpu), 1.4)
	r.row("Send", "1 µs", ratios(of, by, cpu), 2)
	lines := strings.Split(strings.TrimSpace(r.out.String()), "\n")
	assert.Regexp(t, `^\| Send \| 1 µs \| 2\.00 \| ±50% \| 1\.4 \| missed \|$`, lines[0])
	assert.Regexp(t, `\| 2 \| kept \|$`, lines[1])
}

func TestWriteReplacesATableBetweenItsMarkersAndNothingElse(t *testing.T) {
	t.Parallel()
	document := filepath.Join(t.TempDir(), "performance.md")
	const text = "before\n<!-- ratios: walk -->\nold $1\n<!-- end -->\nbetween\n<!-- ratios: bulk -->\nkept\n<!-- end -->\n"
	require.NoError(t, os.WriteFile(document, []byte(text), 0o600))
	(&run{tables: map[string]string{"walk": "new $1\n"}}).write(document)
	got, err := os.ReadFile(document)
	require.NoError(t, err)
	assert.Equal(t, strings.Replace(text, "old $1", "\nnew $1\n", 1), string(got))
}

func TestTheDocumentHasAPlaceForEveryTable(t *testing.T) {
	t.Parallel()
	document, err := os.ReadFile("../../../docs/performance.md")
	require.NoError(t, err)
	for _, p := range parts {
		assert.Contains(t, string(document), "<!-- ratios: "+p.name+" -->\n")
	}
}

func TestEveryTableInMemoryIsWritten(t *testing.T) { //nolint:paralleltest // See above.
	for _, do := range []func(*run){(*run).memory, (*run).walk, (*run).start} {
		r := &run{ctx: t.Context(), rounds: 1, scale: 0.001, out: &strings.Builder{}}
		do(r)
		assert.Greater(t, strings.Count(r.out.String(), "\n"), 3)
		assert.NotContains(t, r.out.String(), "NaN")
	}
}
