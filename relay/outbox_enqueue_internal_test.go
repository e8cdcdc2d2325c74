package relay

import (
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestABatchWhoseAnswerWasLostIsStoredOnce(t *testing.T) {
	t.Parallel()
	r, err := Open(t.Context(), inProcess{t}, WithSyncedServer())
	require.NoError(t, err)
	t.Cleanup(r.Close)
	entries := make([]*pendingEntry, 100)
	for i := range entries {
		id := strconv.Itoa(i)
		entries[i] = &pendingEntry{of: ref{id: id, app: "app"}, body: []byte(`{"correlation_id":"` + id + `"}`)}
	}
	require.NoError(t, r.outbox.publishBatch(t.Context(), entries))
	require.True(t, isConflict(r.outbox.publishBatch(t.Context(), entries)), "the engine knows the IDs")
	r.outbox.storeTogether(t.Context(), entries)
	for _, p := range entries {
		require.True(t, p.known)
		require.NoError(t, p.err)
	}
	stream, err := r.js.Stream(t.Context(), r.names.outbox)
	require.NoError(t, err)
	assert.Equal(t, uint64(100), stream.CachedInfo().State.LastSeq)
}
