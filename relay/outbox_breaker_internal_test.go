package relay

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestTheBreakerAllowsOneRequestAtATimeWhileSinchIsDown(t *testing.T) {
	t.Parallel()
	var b breaker
	start := time.Unix(1_700_000_000, 0)
	for range breakerTrips - 1 {
		b.record(false, start)
		assert.Zero(t, b.pause(start), "a few may fail")
	}
	b.record(false, start)
	tries, now := 0, start
	for now.Sub(start) < time.Hour {
		pause := b.pause(now)
		if pause == 0 {
			tries++
			b.record(false, now)
		}
		assert.LessOrEqual(t, pause, breakerMost)
		now = now.Add(max(pause, time.Millisecond))
	}
	assert.Less(t, tries, 130, "an hour leaves few entries unknown")
	b.record(true, now)
	for range 10 {
		assert.Zero(t, b.pause(now), "the pauses end immediately")
	}
}
