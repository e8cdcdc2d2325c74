package command

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAFileIsExportedOrImportedByOneProcess(t *testing.T) {
	t.Parallel()
	srv, run := newContactsFake(t, nil)
	path := writeContacts(t, "contacts.csv", csvLines(3))
	unlock, err := lockFile("FILE", path)
	require.NoError(t, err)
	got := run.run(t, "contacts", "import", path)
	assert.Equal(t, exitUsage, got.code)
	assert.Contains(t, got.stderr, "is in use by another export or import")
	assert.Empty(t, srv.Requests())
	assert.NoFileExists(t, path+".journal")

	unlock()
	got = run.run(t, "contacts", "import", path)
	assert.Zero(t, got.code, got.stderr)

	out := filepath.Join(t.TempDir(), "out.csv")
	require.NoError(t, saveJournal(statePath(out), exportState{Project: srv.ProjectID(), Format: formatCSV}))
	first, err := openExport(out, exportState{})
	require.NoError(t, err)
	got = run.run(t, "contacts", "export", "--out", out, "--resume")
	assert.Equal(t, exitUsage, got.code)
	assert.Contains(t, got.stderr, "is in use by another export or import")
	require.NoError(t, first.Close())
	got = run.run(t, "contacts", "export", "--out", out, "--resume")
	assert.Zero(t, got.code, got.stderr)
	assert.Len(t, contactsOfFile(t, out, formatCSV), 3)
}
