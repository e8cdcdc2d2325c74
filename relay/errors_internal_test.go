package relay

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAnErrorNamesItsMethodAndThePackageOnce(t *testing.T) {
	t.Parallel()
	err := inMethod("Outbox.Get", ErrNoEntry)
	require.ErrorIs(t, err, ErrNoEntry)
	require.EqualError(t, err, "relay: Outbox.Get: the outbox has no entry with this ID")
	require.EqualError(t, inMethod("Overview", errors.New("timeout")), "relay: Overview: timeout")
}

func TestAnArgumentErrorIsNotWrapped(t *testing.T) {
	t.Parallel()
	err := argumentError(opEnqueue, "Entry.ID", "is empty: name the message")
	assert.Equal(t, err, inMethod("Outbox.Enqueue", err))
	assert.NoError(t, inMethod("Outbox.Enqueue", nil))
}
