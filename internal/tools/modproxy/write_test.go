package modproxy_test

import (
	"archive/zip"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/internal/tools/modproxy"
)

// newRepository returns a git repository with the files, by name.
func newRepository(t *testing.T, files map[string]string) string {
	t.Helper()
	root := t.TempDir()
	for name, content := range files {
		file := filepath.Join(root, filepath.FromSlash(name))
		require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o750))
		require.NoError(t, os.WriteFile(file, []byte(content), 0o600))
	}
	for _, args := range [][]string{
		{"init", "-q"},
		{"add", "-A"},
		{"-c", "user.name=Test", "-c", "user.email=test@example.com", "commit", "-q", "-m", "Test"},
	} {
		cmd := exec.CommandContext(t.Context(), "git", args...)
		cmd.Dir = root
		out, err := cmd.CombinedOutput()
		require.NoError(t, err, string(out))
	}
	return root
}

// repository has a root module, a relay that requires it, a tool that requires both, and examples, which are not released.
func repository() map[string]string {
	return map[string]string{
		"LICENSE":          "Apache",
		"go.mod":           "module example.com/m\n\ngo 1.26.0\n",
		"go.sum":           "",
		"m.go":             "package m\n",
		"atool/go.mod":     "module example.com/m/atool\n\ngo 1.26.0\n\nrequire (\n\texample.com/m v0.0.0\n\texample.com/m/relay v0.0.0\n)\n\nreplace (\n\texample.com/m => ../\n\texample.com/m/relay => ../relay\n)\n",
		"atool/go.sum":     "example.org/x v1.0.0 h1:x=\n",
		"atool/main.go":    "package main\n",
		"relay/go.mod":     "module example.com/m/relay\n\ngo 1.26.0\n\nrequire example.com/m v0.0.0\n\nreplace example.com/m => ../\n",
		"relay/go.sum":     "",
		"relay/relay.go":   "package relay\n",
		"relay/sub/sub.go": "package sub\n",
		"examples/go.mod":  "module example.com/m/examples\n",
		"examples/main.go": "package main\n",
	}
}

func TestEachModuleComesAfterThoseItRequires(t *testing.T) {
	t.Parallel()
	modules, err := modproxy.Modules(t.Context(), newRepository(t, repository()))
	require.NoError(t, err)

	var dirs, prefixes []string
	for _, m := range modules {
		dirs = append(dirs, m.Dir)
		prefixes = append(prefixes, m.TagPrefix())
	}
	assert.Equal(t, []string{".", "relay", "atool"}, dirs)
	assert.Equal(t, []string{"", "relay/", "atool/"}, prefixes)
}

func TestModulesThatRequireEachOtherAreAnError(t *testing.T) {
	t.Parallel()
	files := repository()
	files["go.mod"] += "\nrequire example.com/m/relay v0.0.0\n"
	_, err := modproxy.Modules(t.Context(), newRepository(t, files))
	assert.ErrorContains(t, err, "only 0 of 3 have an order")
}

func TestAReleasedModuleRequiresTheOthersAtTheVersion(t *testing.T) {
	t.Parallel()
	releases, err := modproxy.Write(t.Context(), newRepository(t, repository()), "v0.2.0", t.TempDir())
	require.NoError(t, err)
	require.Len(t, releases, 3)

	tool := releases[2]
	assert.Equal(t, "module example.com/m/atool\n\ngo 1.26.0\n\nrequire (\n\texample.com/m v0.2.0\n\texample.com/m/relay v0.2.0\n)\n", string(tool.GoMod))
	lines := strings.Split(strings.TrimSuffix(string(tool.GoSum), "\n"), "\n")
	require.Len(t, lines, 5)
	assert.Equal(t, "example.com/m v0.2.0 "+releases[0].Sum, lines[0])
	assert.True(t, strings.HasPrefix(lines[1], "example.com/m v0.2.0/go.mod h1:"))
	assert.Equal(t, "example.com/m/relay v0.2.0 "+releases[1].Sum, lines[2])
	assert.Equal(t, "example.org/x v1.0.0 h1:x=", lines[4])
}

func TestAZipHoldsTheFilesOfItsModuleAndTheLicense(t *testing.T) {
	t.Parallel()
	root := newRepository(t, repository())
	require.NoError(t, os.WriteFile(filepath.Join(root, "relay", "untracked.go"), []byte("package relay\n"), 0o600))
	dir := t.TempDir()
	_, err := modproxy.Write(t.Context(), root, "v0.2.0", dir)
	require.NoError(t, err)

	assert.Equal(t, []string{"LICENSE", "go.mod", "go.sum", "m.go"}, zipNames(t, dir, "example.com/m"))
	assert.Equal(t, []string{"LICENSE", "go.mod", "go.sum", "relay.go", "sub/sub.go"}, zipNames(t, dir, "example.com/m/relay"))
}

// zipNames returns the sorted names in the zip of v0.2.0 of a module, without their prefix.
func zipNames(t *testing.T, dir, module string) []string {
	t.Helper()
	archive, err := zip.OpenReader(filepath.Join(dir, filepath.FromSlash(module), "@v", "v0.2.0.zip"))
	require.NoError(t, err)
	defer func() { assert.NoError(t, archive.Close()) }()
	var names []string
	for _, file := range archive.File {
		names = append(names, strings.TrimPrefix(file.Name, module+"@v0.2.0/"))
	}
	slices.Sort(names)
	return names
}

func TestTheSameTreeHasTheSameSums(t *testing.T) {
	t.Parallel()
	root := newRepository(t, repository())
	first, err := modproxy.Write(t.Context(), root, "v0.2.0", t.TempDir())
	require.NoError(t, err)
	second, err := modproxy.Write(t.Context(), root, "v0.2.0", t.TempDir())
	require.NoError(t, err)
	assert.Equal(t, first, second)

	require.NoError(t, os.WriteFile(filepath.Join(root, "m.go"), []byte("package m // changed\n"), 0o600))
	changed, err := modproxy.Write(t.Context(), root, "v0.2.0", t.TempDir())
	require.NoError(t, err)
	assert.NotEqual(t, first[0].Sum, changed[0].Sum)
}

func TestAReplaceLineForAnotherModuleIsAnError(t *testing.T) {
	t.Parallel()
	files := repository()
	files["relay/go.mod"] += "\nreplace example.org/x => ../x\n"
	_, err := modproxy.Write(t.Context(), newRepository(t, files), "v0.2.0", t.TempDir())
	assert.ErrorContains(t, err, "replaces example.org/x: a released module has no replace lines")
}
