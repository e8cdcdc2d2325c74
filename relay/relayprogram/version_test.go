package relayprogram

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestTheVersionIsPrintedWithoutACommand(t *testing.T) {
	t.Parallel()
	got := invoke(t, "-version")
	assert.Zero(t, got.code)
	assert.Equal(t, "conversation-relay (devel)\n", got.stdout)
	assert.Empty(t, got.stderr)
}
