package embedded_test

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/relay"
	"github.com/sinchgo/conversation/relay/embedded"
)

func TestWhatIsSettledIsNotReadableInTheFiles(t *testing.T) {
	t.Parallel()
	killed, closed := storeWithWork(t)
	// Half of the entries of the store were sent. Before that, their text was readable as often as there are entries.
	assert.Equal(t, damagedEntries, readable(t, killed))
	assert.Equal(t, damagedEntries/2, readable(t, closed))

	for _, store := range []string{killed, closed} {
		want := openedState(t, store)
		path := copyOf(t, store)
		r, err := relay.Open(t.Context(), embedded.Dir(path))
		require.NoError(t, err)
		assert.Equal(t, want, stateOf(t, r))
		assert.Equal(t, damagedEntries/2, readable(t, path), "also while it is open")
		r.Close()
		assert.Equal(t, damagedEntries/2, readable(t, path))
	}
}

// readable returns how often the text of the messages is in the files of a store.
func readable(t *testing.T, path string) int {
	t.Helper()
	found := 0
	require.NoError(t, filepath.WalkDir(path, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := os.ReadFile(name)
		found += bytes.Count(content, []byte("Your table is ready."))
		return err
	}))
	return found
}
