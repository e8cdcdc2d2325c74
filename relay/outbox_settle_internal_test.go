package relay

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// A worker that finds a message deleted, as after another has taken it for dead, must not take that for a failure: it
// would try for ten minutes, and hold one of its slots.
func TestAMessageThatIsGoneIsDeleted(t *testing.T) {
	t.Parallel()
	r, err := Open(t.Context(), inProcess{t})
	require.NoError(t, err)
	t.Cleanup(r.Close)
	ack, err := r.js.PublishMsg(t.Context(), r.names.message(ref{id: "a", app: "app"}, kindEntry, nil))
	require.NoError(t, err)
	for range 2 {
		require.NoError(t, r.outbox.deleteMessage(t.Context(), ack.Sequence))
	}
}
