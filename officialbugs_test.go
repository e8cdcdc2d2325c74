package conversation_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// bug is a defect that an official SDK of Sinch had, or still has, and the situation in which it showed. Its name is the
// SDK, the version that fixed it (or "today") and what was wrong.
type bug struct {
	name      string
	reproduce func(t *testing.T)
}

// TestBugs puts this SDK into each of those situations.
func TestBugs(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, area := range [][]bug{authBugs, decodingBugs, requestBugs, paginationBugs, lateBugs, todaysBugs} {
		for _, known := range area {
			assert.False(t, seen[known.name], "%s is there twice", known.name)
			assert.GreaterOrEqual(t, strings.Count(known.name, "_"), 3, known.name)
			seen[known.name] = true
			t.Run(known.name, func(t *testing.T) {
				t.Parallel()
				known.reproduce(t)
			})
		}
	}
}
