package conversation

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAStringWithPlaceholdersHasNoLengthYet(t *testing.T) {
	t.Parallel()
	const long = "${name}, your order is on its way"
	for _, tt := range []struct {
		placeholders bool
		value        string
		accepted     bool
	}{
		{true, long, true},
		{true, strings.ReplaceAll(long, "$", ""), false},
		{false, long, false},
	} {
		check := checker{limits: true, placeholders: tt.placeholders}
		check.length("name", tt.value, 8)
		check.orderEnd("expiration_time", "${end}")
		if tt.accepted {
			require.NoError(t, check.problem)
			continue
		}
		assert.ErrorContains(t, check.problem, "name has ")
	}
}
