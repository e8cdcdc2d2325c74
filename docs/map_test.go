package docs_test

import (
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var (
	quotedPath      = regexp.MustCompile("`([\\w.*-]+(?:/[\\w.*-]*)+|[\\w.*-]+\\.(?:go|ya?ml|md))`")
	foreignPackages = []string{"encoding/json", "golang.org/x/oauth2", "net/http", "testing/synctest"}
)

// TestTheMapNamesFilesThatExist looks for every path in architecture.md that has a slash or an extension.
func TestTheMapNamesFilesThatExist(t *testing.T) {
	t.Parallel()
	paths := 0
	prose := strings.Join(readDocument(t, "..", "../docs/architecture.md").prose(), "\n")
	for _, match := range quotedPath.FindAllStringSubmatch(prose, -1) {
		if slices.Contains(foreignPackages, match[1]) {
			continue
		}
		paths++
		found, err := filepath.Glob(filepath.Join("..", match[1]))
		require.NoError(t, err)
		assert.NotEmpty(t, found, "the map names %s", match[1])
	}
	require.Greater(t, paths, 100, "the paths are found")
}
