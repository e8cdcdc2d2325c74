package relay

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// TestASlotHasTimeForARequest takes slots of the project for an app whose turn is within or after them.
func TestASlotHasTimeForARequest(t *testing.T) {
	t.Parallel()
	now := time.Now().Add(time.Hour) // the other tests may take minutes
	at := func(ms int) time.Time { return now.Add(time.Duration(ms) * time.Millisecond) }
	for _, tt := range []struct {
		name string
		from int // of the app's turn
		want int // when the request leaves; -1 for no slot
	}{
		{"before all", 0, 10},
		{"in the first, with time", 15, 15},
		{"at the end of the first", 39, 60},
		{"in the last", 65, 65},
		{"at the end of the last", 85, -1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := &pace{spare: []slot{{at(10), at(10).Add(paceGrace)}, {at(60), at(60).Add(paceGrace)}}}
			got, ok := p.pick(at(tt.from), at(1000))
			assert.Equal(t, tt.want >= 0, ok)
			if ok {
				assert.Equal(t, at(tt.want), got.from)
				assert.GreaterOrEqual(t, got.until.Sub(got.from), paceLeast)
			}
		})
	}
}
