package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// docs is the folder of the documents of the repository.
const docs = "../../../docs"

func TestTheDocumentsAreUpToDate(t *testing.T) {
	t.Parallel()
	fresh := t.TempDir()
	require.NoError(t, generate(fresh))
	written := filesIn(t, fresh)
	assert.Equal(t, written, append([]string{"conversationctl.md"}, filesIn(t, filepath.Join(docs, "man"), "man")...),
		"run make generate")
	for _, name := range written {
		want, err := os.ReadFile(filepath.Join(fresh, name))
		require.NoError(t, err)
		got, err := os.ReadFile(filepath.Join(docs, name))
		require.NoError(t, err, "run make generate")
		assert.Equal(t, string(want), string(got), "%s: run make generate", name)
	}
}

// filesIn returns the files below a folder in alphabetical order, as paths that begin with a prefix.
func filesIn(t *testing.T, folder string, prefix ...string) []string {
	t.Helper()
	var names []string
	require.NoError(t, fs.WalkDir(os.DirFS(folder), ".", func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			names = append(names, filepath.Join(append(prefix, path)...))
		}
		return err
	}))
	return names
}
