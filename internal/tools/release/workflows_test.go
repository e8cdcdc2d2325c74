package main

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestEveryActionIsPinnedToACommit(t *testing.T) {
	t.Parallel()
	workflows, err := filepath.Glob("../../../.github/workflows/*.yml")
	require.NoError(t, err)
	require.NotEmpty(t, workflows)
	uses := regexp.MustCompile(`(?m)^[ -]*uses:.*$`)
	pinned := regexp.MustCompile(`uses: [\w-]+/[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$`)
	commits := map[string]string{}
	for _, workflow := range workflows {
		data, err := os.ReadFile(workflow)
		require.NoError(t, err)
		found := uses.FindAllString(string(data), -1)
		assert.NotEmpty(t, found, workflow)
		for _, line := range found {
			assert.Regexp(t, pinned, line, workflow)
			action, commit := splitAction(line)
			if earlier, ok := commits[action]; ok {
				assert.Equal(t, earlier, commit, "two versions of %s", action)
			}
			commits[action] = commit
		}
	}
}

// splitAction returns the action and the rest of a line.
func splitAction(line string) (action, rest string) {
	match := regexp.MustCompile(`uses: (\S+)@(.*)`).FindStringSubmatch(line)
	if match == nil {
		return line, ""
	}
	return match[1], match[2]
}

func TestEveryWorkflowStartsWithReadPermissions(t *testing.T) {
	t.Parallel()
	workflows, err := filepath.Glob("../../../.github/workflows/*.yml")
	require.NoError(t, err)
	for _, workflow := range workflows {
		data, err := os.ReadFile(workflow)
		require.NoError(t, err)
		assert.Contains(t, string(data), "\npermissions:\n  contents: read\n", workflow)
	}
}
