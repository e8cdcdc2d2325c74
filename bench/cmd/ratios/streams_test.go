package main

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestABurstCountsFailuresAndWhatItsServerDid(t *testing.T) { //nolint:paralleltest // It replaces http.DefaultTransport.
	server, _ := served(t, "h2")
	own := ownSubject(server)
	defer own.close()
	send, made := own.calls["Send"], 0
	own.calls["Send"] = func(ctx context.Context) error {
		if made++; made == 1 {
			return errors.New("broken")
		}
		return send(ctx)
	}
	r := &run{ctx: t.Context(), scale: 0.001}
	got := r.burst(server, own, 4)
	assert.Equal(t, 1, got.failed)
	assert.Equal(t, counted{connections: 1, handshakes: 1, used: 1, requests: 4}, got.counted, "three sends and a token")
	assert.Positive(t, got.p99)
	assert.GreaterOrEqual(t, got.wall, got.p99)
}

func TestTheCountsOfABurstIncludeThoseThatComeLate(t *testing.T) {
	t.Parallel()
	later := []counted{{connections: 1, requests: 1}, {connections: 2, handshakes: 2}, {used: 1}, {}, {connections: 9}}
	got := settled(&remote{counted: func() counted {
		next := later[0]
		later = later[1:]
		return next
	}})
	assert.Equal(t, counted{connections: 3, handshakes: 2, used: 1, requests: 1}, got)
}

func TestTheTableOfBurstsHasEveryClient(t *testing.T) {
	t.Parallel()
	r := &run{out: &strings.Builder{}}
	bursts := make(map[string][]burst)
	for i, client := range streamClients {
		one := burst{cost{wall: float64(i + 1), cpu: 1e-3, p99: 0.5}, counted{1000, 900, 10, 1001}, i}
		bursts[client.name] = slices.Repeat([]burst{one}, 6)
	}
	r.burstTable(bursts)
	lines := strings.Split(strings.TrimSpace(r.out.String()), "\n")
	require.Len(t, lines, 2+len(streamClients))
	assert.Equal(t, "| net/http | 1 s | 1.00 | ±0% | 500 ms | 1 ms | 1000 | 900 | 10 | 0 |", lines[2])
	assert.Contains(t, lines[5], "| the SDK | 4 s | 4.00 | ±0% |")
}
