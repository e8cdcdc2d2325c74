package docs_test

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// minShellBlocks notices that blocks are not found.
const minShellBlocks = 40

// TestEveryShellBlockRuns runs the pages, at most two at a time.
func TestEveryShellBlockRuns(t *testing.T) {
	t.Parallel()
	env := readerEnvironment(t)
	slots := make(chan struct{}, 2)
	for _, d := range readDocuments(t, "..") {
		if !hasShellBlock(d) {
			continue
		}
		t.Run(d.path, func(t *testing.T) {
			t.Parallel()
			slots <- struct{}{}
			defer func() { <-slots }()
			s := newSession(t, d, env)
			assert.Empty(t, s.run(t.Context(), d))
			count.run.Add(int64(len(s.blocks)))
			countNotRun(s.skipped)
			for _, b := range s.skipped {
				t.Logf("%s: not run, needs %s", b.place(), b.needs)
			}
		})
	}
}

func TestEveryShellBlockHasValidSyntax(t *testing.T) {
	t.Parallel()
	found := 0
	for _, d := range readDocuments(t, "..") {
		for _, b := range d.blocks() {
			if b.language != "sh" {
				continue
			}
			found++
			cmd := exec.CommandContext(t.Context(), "bash", "-n")
			cmd.Stdin = strings.NewReader(b.text())
			out, err := cmd.CombinedOutput()
			assert.NoError(t, err, "%s: %s", b.place(), out)
		}
	}
	assert.GreaterOrEqual(t, found, minShellBlocks)
}

func TestAShellBlockThatFailsIsFound(t *testing.T) {
	t.Parallel()
	for document, problem := range map[string]string{
		"bad_exit.md":   "bad_exit.md:13: exit status 1\nno such luck",
		"bad_end.md":    "bad_end.md:4: it ends the shell\n",
		"bad_output.md": "bad_output.md:11: the output of bad_output.md:4 is\nthe message is DELIVERED",
	} {
		t.Run(document, func(t *testing.T) {
			t.Parallel()
			d := readDocument(t, "testdata", "testdata/"+document)
			assert.Equal(t, []string{problem}, newSession(t, d, nil).run(t.Context(), d))
		})
	}
}

func TestASessionIsThatOfAReader(t *testing.T) {
	t.Parallel()
	d := readDocument(t, "testdata", "testdata/good.md")
	s := newSession(t, d, nil)
	require.Empty(t, s.run(t.Context(), d))
	require.Len(t, s.skipped, 1)
	assert.Equal(t, "account (only Sinch can answer it)", s.skipped[0].needs)
}

func hasShellBlock(d document) bool {
	for _, b := range d.blocks() {
		if b.language == "sh" {
			return true
		}
	}
	return false
}
