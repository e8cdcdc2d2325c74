//go:build crash && linux

package crashtest

import (
	"context"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/conversationtest"
	"github.com/sinchgo/conversation/relay"
)

// TestAFolderOfNovemberIsOpened opens the folder that commit 1303bc7 wrote, with a retention of 50 years: the engine
// ages out such data by its clock. It has entries settled-0 to 19, unknown-0 to 3 and queued-0 to 19, and callbacks handled-0 to 19,
// dead-0 to 2 and waiting-0 to 19.
func TestAFolderOfNovemberIsOpened(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	require.NoError(t, run([]string{"tar", "xzf", filepath.Join("testdata", "november.tar.gz"), "-C", folder}))
	platform := newPlatform(t)
	for n := range 2 { // the second start finds the new layout
		openOld(t, place{Folder: folder}, platform, n == 0)
	}
}

func openOld(t *testing.T, at place, platform *conversationtest.Server, first bool) {
	t.Helper()
	r, closeRelay, err := at.open(t.Context())
	require.NoError(t, err)
	defer closeRelay()
	handled := newTally(&lines{})
	receiver := newReceiver(handled.add)
	for _, kind := range []string{"settled-", "unknown-", "queued-"} {
		for _, id := range numbered(kind, 4) {
			require.NoError(t, enqueue(t.Context(), r, id), "the same entry again")
		}
	}
	for _, kind := range []string{"handled-", "waiting-"} {
		for _, id := range numbered(kind, 20) {
			require.Equal(t, 200, callback(r.Inbox().Handler(receiver), id), "a duplicate")
		}
	}
	ctx, stop := context.WithCancel(t.Context())
	var group sync.WaitGroup
	group.Go(func() { assert.NoError(t, handle(ctx, r, receiver)) })
	group.Go(func() { assert.NoError(t, send(ctx, r, platform.NewClient(t))) })
	require.Eventually(t, func() bool {
		_, open, _ := states(t, r, numbered("queued-", 20))
		old, _ := missing(numbered("waiting-", 20), handled.copy())
		return len(open) == 0 && (len(old) == 0 || !first)
	}, endTime, 50*time.Millisecond)
	wait(t, 2*lease)
	stop()
	group.Wait()

	assert.Len(t, platform.Sent(), 20)
	assert.Empty(t, sentTwice(platform))
	if first {
		assert.Len(t, handled.copy(), 20)
		assert.Empty(t, moreThanOnce(handled.copy()))
	} else {
		assert.Empty(t, handled.copy())
	}
	for prefix, want := range map[string]relay.State{"settled-": relay.StateAccepted, "queued-": relay.StateAccepted, "unknown-": relay.StateUnknown} {
		for _, id := range numbered(prefix, 4) {
			status, err := r.Outbox().Get(t.Context(), id)
			require.NoError(t, err, id)
			assert.Equal(t, want, status.State, id)
		}
	}
	letters := 0
	for _, err := range r.DeadLetters(t.Context()) {
		require.NoError(t, err)
		letters++
	}
	assert.Equal(t, 3, letters)
}

func numbered(prefix string, count int) []string {
	var ids []string
	for n := range count {
		ids = append(ids, fmt.Sprint(prefix, n))
	}
	return ids
}
