package relay

import (
	"context"
	"strconv"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAScanEndsAlthoughTheLastMessagesAreRemovedMeanwhile(t *testing.T) {
	t.Parallel()
	r, err := Open(t.Context(), inProcess{t}, WithWeakDurability())
	require.NoError(t, err)
	t.Cleanup(r.Close)
	const n = 2000
	var last uint64
	for i := range n {
		ack, err := r.js.PublishMsg(t.Context(), r.names.message(ref{id: strconv.Itoa(i), app: "app"}, kindEntry, []byte("body"), nil))
		require.NoError(t, err)
		last = ack.Sequence
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	found := 0
	for _, err := range r.scan(ctx, r.names.outbox, headersOnly(r.names.prefix+".outbox.>")) {
		require.NoError(t, err)
		if found == 0 { // the engine has not delivered those at the end yet
			require.NoError(t, r.outboxStream.Purge(ctx, jetstream.WithPurgeSequence(last+1)))
		}
		found++
	}
	assert.Less(t, found, n)
	assert.NoError(t, ctx.Err())
}
