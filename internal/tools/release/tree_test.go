package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/internal/tools/modproxy"
)

// newTree returns a check of a committed tree with version 0.2.0 and its date.
func newTree(t *testing.T, date string) *check {
	t.Helper()
	root := t.TempDir()
	for name, content := range map[string]string{
		"client.go":    "package m\n\nconst Version = \"0.2.0\"\n",
		"go.mod":       "module example.com/m\n\ngo 1.26.0\n",
		"CHANGELOG.md": "# Changelog\n\n## [0.2.0] - " + date + "\n\n| `example.com/m` | v0.2.0 |\n",
	} {
		require.NoError(t, os.WriteFile(filepath.Join(root, name), []byte(content), 0o600))
	}
	gitIn(t, root, "init", "-q")
	gitIn(t, root, "add", "-A")
	gitIn(t, root, "commit", "-q", "-m", "Test")
	return &check{root: root}
}

func gitIn(t *testing.T, dir string, args ...string) {
	t.Helper()
	_, err := git(t.Context(), dir, args...)
	require.NoError(t, err)
}

func TestATreeWithoutATagIsARehearsal(t *testing.T) {
	t.Parallel()
	c := newTree(t, "Unreleased")
	require.NoError(t, c.checkVersion(t.Context()))
	assert.Equal(t, "v0.2.0", c.version)
	assert.False(t, c.tagged)
	assert.Contains(t, c.notes, "v0.2.0")
}

func TestATreeWithTheTagMustBeDated(t *testing.T) {
	t.Parallel()
	dated := newTree(t, "2026-12-01")
	gitIn(t, dated.root, "tag", "v0.2.0")
	require.NoError(t, dated.checkVersion(t.Context()))
	assert.True(t, dated.tagged)

	undated := newTree(t, "Unreleased")
	gitIn(t, undated.root, "tag", "v0.2.0")
	assert.ErrorContains(t, undated.checkVersion(t.Context()), "before the tag")
}

func TestTheTagsMustAgreeWithTheVersion(t *testing.T) {
	t.Parallel()
	other := newTree(t, "Unreleased")
	gitIn(t, other.root, "tag", "v0.3.0")
	require.ErrorContains(t, other.checkVersion(t.Context()), "HEAD has the tag v0.3.0, but Version in client.go is v0.2.0")

	released := newTree(t, "Unreleased")
	gitIn(t, released.root, "tag", "v0.2.0")
	gitIn(t, released.root, "commit", "-q", "--allow-empty", "-m", "More")
	assert.ErrorContains(t, released.checkVersion(t.Context()), "raise Version in client.go")
}

func TestEverythingMustBeCommitted(t *testing.T) {
	t.Parallel()
	c := newTree(t, "Unreleased")
	require.NoError(t, os.WriteFile(filepath.Join(c.root, "new.go"), []byte("package m\n"), 0o600))
	assert.ErrorContains(t, c.checkVersion(t.Context()), "the work tree has changes")
}

func TestOnlyProgramsForUsersAreBuilt(t *testing.T) {
	t.Parallel()
	assert.Equal(t,
		[]string{"example.com/m/cmd/x", "example.com/m"},
		forUsers([]string{"example.com/m/cmd/x", "example.com/m/internal/gen", "example.com/m", "example.com/m/internal"}))
}

func TestACommandThatFailsShowsItsLastLines(t *testing.T) {
	t.Parallel()
	_, err := tool(t.Context(), t.TempDir(), os.Environ(), "sh", "-c", "echo out; echo problem >&2; exit 3")
	require.ErrorContains(t, err, "exit status 3\nout\nproblem")
	assert.Equal(t, "b\nc", lastLines("a\nb\nc\n", 2))
}

func TestARehearsalPrintsTheTags(t *testing.T) {
	t.Parallel()
	c := check{version: "v0.2.0", dist: "dist", releases: []modproxy.Release{{Module: modproxy.Module{Dir: "."}}, {Module: modproxy.Module{Dir: "relay"}}}}
	assert.Contains(t, c.next(), "git apply "+filepath.Join("dist", "release.patch")+"\n\tgit commit -am \"Release v0.2.0\"\n\tfor tag in v0.2.0 relay/v0.2.0; do")
	c.tagged = true
	assert.Empty(t, c.next())
}
