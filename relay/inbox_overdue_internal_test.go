package relay

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestAClockThatIsSetBackIsNoticed(t *testing.T) {
	t.Parallel()
	const lease = 30 * time.Second
	start := time.Now()
	for name, tt := range map[string]struct {
		step time.Duration
		want bool
	}{
		"not set":        {0, false},
		"slewed":         {-time.Second, false},
		"set forward":    {10 * 365 * 24 * time.Hour, false},
		"half a minute":  {-lease, true},
		"an hour":        {-time.Hour, true},
		"eight days":     {-8 * 24 * time.Hour, true},
		"ten years":      {-10 * 365 * 24 * time.Hour, true},
		"a late reading": {-lease / (beats + 1), false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := &overdue{run: &inboxRun{config: inboxConfig{lease: lease}}, clocks: make(map[string]clockReading)}
			read := func(consumer string, after, step time.Duration) bool {
				return o.isSetBack(consumer, clockReading{engine: start.Round(0).Add(after + step), local: start.Add(after)})
			}
			assert.True(t, read("a", 0, 0), "it may have been set back before")
			assert.False(t, read("a", lease, 0))
			assert.Equal(t, tt.want, read("a", 2*lease, tt.step))
			assert.False(t, read("a", 3*lease, tt.step), "it goes on from there")
			assert.True(t, read("b", 0, 0), "each consumer may be on another server")
		})
	}
}
