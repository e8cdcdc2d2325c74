package embedded_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/relay"
	"github.com/sinchgo/conversation/relay/embedded"
)

func TestAnAttachedProcessConfirmsByTheHost(t *testing.T) {
	t.Parallel()
	path := t.TempDir()
	first := start(t, embedded.Dir(path, embedded.WithListen(anyPort)))
	attached := start(t, embedded.Attach(path))
	assert.Equal(t, relay.DurabilitySynced, attached.Durability)
	require.NotNil(t, attached.Confirm)
	var group sync.WaitGroup
	for range 20 {
		group.Go(func() { assert.NoError(t, attached.Confirm(t.Context())) })
	}
	group.Wait()

	first.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	require.ErrorContains(t, attached.Confirm(ctx), "does not confirm")

	second := start(t, embedded.Dir(path, embedded.WithListen(anyPort)))
	require.Eventually(t, attached.Conn.IsConnected, 20*time.Second, time.Millisecond)
	require.ErrorContains(t, attached.Confirm(t.Context()), "in doubt", "what the first acknowledged may not be on the disk")
	require.Eventually(t, func() bool { return attached.Confirm(t.Context()) == nil }, 20*time.Second, 10*time.Millisecond)

	second.Close()
	start(t, embedded.Dir(path, embedded.WithListen(anyPort), embedded.WithSyncEvery(time.Minute)))
	require.Eventually(t, func() bool {
		err := attached.Confirm(t.Context())
		return err != nil && err.Error() == "embedded: the engine was restarted with WithSyncEvery: open the relay again, with relay.WithWeakDurability"
	}, 20*time.Second, 10*time.Millisecond)
}

func TestAnAttachedProcessAcceptsWeakDurabilityByName(t *testing.T) {
	t.Parallel()
	path := t.TempDir()
	start(t, embedded.Dir(path, embedded.WithListen(anyPort), embedded.WithSyncEvery(time.Minute)))
	attached := start(t, embedded.Attach(path))
	assert.Equal(t, relay.DurabilityWeak, attached.Durability)
	assert.Nil(t, attached.Confirm)
	require.NoError(t, attached.Flush(t.Context()))
	_, err := relay.Open(t.Context(), embedded.Attach(path))
	require.ErrorContains(t, err, "WithWeakDurability")
	r, err := relay.Open(t.Context(), embedded.Attach(path), relay.WithWeakDurability())
	require.NoError(t, err)
	r.Close()
}
