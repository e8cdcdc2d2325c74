package main

import (
	"context"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/bench/api"
)

// served starts a server over TLS in this process. It returns the server and the protocol of its last request.
func served(t *testing.T, protocol string) (*remote, *atomic.Value) {
	t.Helper()
	counts, seen, certificate := &counters{}, &atomic.Value{}, newCertificate()
	canned := api.New(0, pageSize, pageSize)
	server := counts.server(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen.Store(r.Proto)
		canned.ServeHTTP(w, r)
	}))
	secure(server, settings{protocol: protocol, streams: streamLimit}, certificate)
	counts.handshakesOf(server.TLSConfig)
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	go func() { _ = server.ServeTLS(listener, "", "") }()
	t.Cleanup(func() { assert.NoError(t, server.Close()) })
	return &remote{url: "https://" + listener.Addr().String(), certificate: certificate.Certificate[0], counted: counts.take}, seen
}

func TestTheClientsOverTLSUseTheProtocolOfTheirServer(t *testing.T) { //nolint:paralleltest // It replaces http.DefaultTransport.
	for protocol, want := range map[string]string{"h2": "HTTP/2.0", "h1": "HTTP/1.1"} {
		server, seen := served(t, protocol)
		transport := trusting(server.certificate)
		for _, s := range []subject{carefulSubject(server.url, transport), ownSubject(server), peerSubject(server.url, transport)} {
			for _, name := range callNames {
				require.NoError(t, s.calls[name](t.Context()))
				assert.Equal(t, want, seen.Load(), "%s, %s", s.name, name)
			}
			s.close()
		}
	}
}

func TestTheOwnTransportOfTheSDKIsReplacedForOneClientOnly(t *testing.T) { //nolint:paralleltest // See above.
	usual := http.DefaultTransport
	server, _ := served(t, "h2")
	own := ownSubject(server)
	assert.Same(t, usual, http.DefaultTransport)
	require.NoError(t, own.calls["Get"](t.Context()))
	own.close()
}

func TestAServerCountsItsConnectionsHandshakesAndRequests(t *testing.T) {
	t.Parallel()
	server, _ := served(t, "h2")
	s := carefulSubject(server.url, trusting(server.certificate))
	for range 3 {
		require.NoError(t, s.calls["Get"](t.Context()))
	}
	unused, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", strings.TrimPrefix(server.url, "https://"))
	require.NoError(t, err)
	got := server.counted()
	for got.connections < 2 { // accepting it may take a moment
		got.connections += server.counted().connections
	}
	assert.Equal(t, counted{connections: 2, handshakes: 1, used: 1, requests: 3}, got)
	assert.Zero(t, server.counted(), "they were counted before")
	require.NoError(t, unused.Close())
	assert.Equal(t, got, parseCounted(got.String()+"\n"))
}

func TestAPercentileIsTheSmallestDurationThatTheShareDoesNotExceed(t *testing.T) {
	t.Parallel()
	upTo := func(n int) []time.Duration {
		all := make([]time.Duration, n)
		for i := range all {
			all[i] = time.Duration(n - i)
		}
		return all
	}
	for n, want := range map[int]time.Duration{1: 1, 10: 10, 99: 99, 100: 99, 101: 100, 1000: 990} {
		assert.Equal(t, want, percentile(upTo(n), 99), "of %d", n)
	}
}

func TestMeasureLatencyFindsTheSlowCalls(t *testing.T) {
	t.Parallel()
	var made atomic.Int64
	got := measureLatency(100, 4, func(ctx context.Context) error {
		if made.Add(1)%50 == 0 { // two of 100
			slow, cancel := context.WithTimeout(ctx, 10*time.Millisecond)
			defer cancel()
			<-slow.Done()
		}
		return nil
	})
	assert.EqualValues(t, 100, made.Load())
	assert.GreaterOrEqual(t, got.p99, 0.01)
	assert.Less(t, got.wall, 0.01)
}

func TestACellIsFoundByItsText(t *testing.T) {
	t.Parallel()
	for _, want := range cells() {
		got, err := parseCell(want.String())
		require.NoError(t, err)
		assert.Equal(t, want, got)
	}
	_, err := parseCell("h3,Send,1,0s")
	assert.ErrorContains(t, err, `there is no cell "h3,Send,1,0s"`)
}

func TestTheCellsOfAServerFollowEachOther(t *testing.T) {
	t.Parallel()
	starts := 0
	for i, c := range cells() {
		if i == 0 || cells()[i-1].protocol != c.protocol || cells()[i-1].latency != c.latency {
			starts++
		}
	}
	assert.Equal(t, 4, starts)
	assert.Len(t, cells(), 36)
}

func TestTheTablesOfTLSJudgeEveryCell(t *testing.T) {
	t.Parallel()
	r := &run{out: &strings.Builder{}}
	results := make(map[cell]map[string][]cost)
	for i, c := range cells() {
		slow := 1.0
		if i == 0 {
			slow = 1.2
		}
		same := func(times float64) []cost { return slices.Repeat([]cost{{times, 1, 10, 10, times}}, 6) }
		results[c] = map[string][]cost{careful: same(1), sdk: same(slow), netHTTP: same(0.5), peerName: same(0.9)}
		if c.protocol == "h1" {
			results[c][nodeSDKName] = same(2)
		}
	}
	r.tlsTables(results)
	lines := strings.Split(r.out.String(), "\n")
	assert.Equal(t, 2*35, strings.Count(r.out.String(), "kept"))
	assert.Contains(t, lines, "| Send, 1, 0s | 1 s | 1 s | 10 | 1 s | 1.20 | ±0% | missed | 1.00 | 1.00 | 1.20 | ±0% | missed |")
	assert.Contains(t, lines, "| Send, 1, 0s | 0.50 | 1.00 | 0.50 | 1.00 | 0.90 | 1.00 | 0.90 | 1.00 |", "HTTP/2, without Node")
	assert.Contains(t, lines, "| Send, 1, 0s | 0.50 | 1.00 | 0.50 | 1.00 | 0.90 | 1.00 | 0.90 | 1.00 | 2.00 | 1.00 | 2.00 |", "HTTP/1.1")
	assert.Contains(t, lines, "Of 36 cells, the SDK keeps the bound of the time in 35, and that of p99 in 35.")
	assert.NotContains(t, r.out.String(), "NaN")
}
