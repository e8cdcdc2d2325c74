package option_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/relay/internal/option"
)

type add func(*int) error

func one(n *int) error {
	*n++
	return nil
}

func TestOptionsAreAppliedInOrder(t *testing.T) {
	t.Parallel()
	double := func(n *int) error {
		*n *= 2
		return nil
	}
	got, err := option.Apply("Test", 10, []add{one, double})
	require.NoError(t, err)
	assert.Equal(t, 22, got)
}

func TestProblemsOfAllOptionsAreJoined(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	got, err := option.Apply("Test", 10, []add{nil, func(*int) error { return broken }, one})
	require.ErrorIs(t, err, broken)
	argument, ok := errors.AsType[*conversation.ArgumentError](err)
	require.True(t, ok)
	assert.Equal(t, conversation.ArgumentError{Operation: "Test", Field: "option 0", Reason: "is nil: leave it out"}, *argument)
	assert.Equal(t, 11, got)
}
