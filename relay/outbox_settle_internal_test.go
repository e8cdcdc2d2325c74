package relay

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// A worker may find a message deleted after another worker presumed it dead. That is not a failure: it would retry for
// ten minutes and hold one of its slots.
func TestDeletingAMissingMessageIsNotAnError(t *testing.T) {
	t.Parallel()
	r, err := Open(t.Context(), inProcess{t}, WithWeakDurability())
	require.NoError(t, err)
	t.Cleanup(r.Close)
	ack, err := r.js.PublishMsg(t.Context(), r.names.message(ref{id: "a", app: "app"}, kindEntry, nil, nil))
	require.NoError(t, err)
	for range 2 {
		require.NoError(t, r.outbox.deleteMessage(t.Context(), r.names.entry(kindEntry, ref{app: "app", id: "a"}), ack.Sequence))
	}
}
