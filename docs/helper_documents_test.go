package docs_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// document is a Markdown file. Its path is relative to root, with slashes.
type document struct {
	root, path string
	lines      []string
}

// readDocuments returns the Markdown files below root, without those of tests, of npm and of hidden directories.
func readDocuments(t *testing.T, root string) []document {
	t.Helper()
	var documents []document
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if path != root && (entry.Name() == "node_modules" || entry.Name() == "testdata" || strings.HasPrefix(entry.Name(), ".")) {
				return filepath.SkipDir
			}
			return nil
		}
		if filepath.Ext(path) == ".md" {
			documents = append(documents, readDocument(t, root, path))
		}
		return nil
	})
	require.NoError(t, err)
	return documents
}

func readDocument(t *testing.T, root, path string) document {
	t.Helper()
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	relative, err := filepath.Rel(root, path)
	require.NoError(t, err)
	return document{root: root, path: filepath.ToSlash(relative), lines: strings.Split(string(text), "\n")}
}

// prose returns the lines outside of fences. Lines of fences are empty, so that indexes are those of the document.
func (d document) prose() []string {
	prose := slices.Clone(d.lines)
	for _, b := range d.blocks() {
		clear(prose[b.line-1 : min(b.line+len(b.lines)+1, len(prose))])
	}
	return prose
}
