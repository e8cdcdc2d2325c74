package outbox_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/sinchgo/conversation/outbox"
)

// Package internal/redact tests what is masked and escaped.
func TestATextIsRedactedToOneLine(t *testing.T) {
	t.Parallel()
	assert.Equal(t, `+******* said "no" \x1b[2J`, outbox.Redact("+46 70 123 45 67\nsaid \"no\" \x1b[2J"))
}
