package docs_test

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// minGoBlocks notices that blocks are not found.
const minGoBlocks = 60

func TestEveryGoBlockCompiles(t *testing.T) {
	t.Parallel()
	var packages []goPackage
	for _, d := range readDocuments(t, "..") {
		blocks := d.blocks()
		packages = append(packages, goPackages(blocks)...)
		for _, b := range blocks {
			if b.language == "go" {
				count.compiled.Add(1)
			}
		}
	}
	assert.GreaterOrEqual(t, int(count.compiled.Load()), minGoBlocks)
	out, err := compile(t, packages)
	assert.NoError(t, err, out)
}

func TestAGoBlockThatDoesNotCompileIsFound(t *testing.T) {
	t.Parallel()
	out, err := compile(t, goPackages(readDocument(t, "testdata", "testdata/bad_go.md").blocks()))
	require.Error(t, err)
	assert.Contains(t, out, "bad_go.md:8:", "the statement")
	assert.Contains(t, out, "bad_go.md:14:", "the declaration")
	assert.Contains(t, out, "bad_go.md:21:", "the file")
	assert.NotContains(t, out, "bad_go.md:4:", "what compiles")
}

// compile builds packages that exist in an overlay only, below readme of this module.
func compile(t *testing.T, packages []goPackage) (string, error) {
	t.Helper()
	here, err := os.Getwd()
	require.NoError(t, err)
	dir := t.TempDir()
	replace := map[string]string{}
	args := []string{"build", "-overlay", filepath.Join(dir, "overlay.json")}
	for i, files := range packages {
		name := fmt.Sprintf("block%d", i)
		args = append(args, "./readme/"+name)
		for file, text := range files {
			written := filepath.Join(dir, name+file)
			require.NoError(t, os.WriteFile(written, []byte(text), 0o600))
			replace[filepath.Join(here, "readme", name, file)] = written
		}
	}
	overlay, err := json.Marshal(map[string]any{"Replace": replace})
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "overlay.json"), overlay, 0o600))
	cmd := exec.CommandContext(t.Context(), "go", args...)
	cmd.Env = append(os.Environ(), "GOWORK=off")
	out, err := cmd.CombinedOutput()
	return string(out), err
}
