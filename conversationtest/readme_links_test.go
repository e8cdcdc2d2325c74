package conversationtest_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestEveryLinkOfTheReadmesAndDocsResolves follows relative links, to files and to headings, in every Markdown file of the repository.
func TestEveryLinkOfTheReadmesAndDocsResolves(t *testing.T) {
	t.Parallel()
	links := 0
	for _, document := range markdownFiles(t) {
		for _, match := range markdownLink.FindAllStringSubmatch(readProse(t, document), -1) {
			if strings.Contains(match[1], "://") {
				continue
			}
			links++
			path, heading, _ := strings.Cut(match[1], "#")
			target := document
			if path != "" {
				target = filepath.Join(filepath.Dir(document), path)
			}
			_, err := os.Stat(target)
			if assert.NoError(t, err, "%s links to %s", document, match[1]) && heading != "" {
				assert.Contains(t, anchors(t, target), heading, "%s links to %s", document, match[1])
			}
		}
	}
	require.Greater(t, links, 20, "the links are found")
}

var (
	markdownLink    = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	markdownHeading = regexp.MustCompile(`(?m)^#+ +(.+)$`)
	codeBlock       = regexp.MustCompile("(?s)```.*?```")
	notInAnchors    = regexp.MustCompile(`[^\p{L}\p{N} _-]`)
	quotedPath      = regexp.MustCompile("`([\\w.*-]+(?:/[\\w.*-]*)+|[\\w.*-]+\\.(?:go|ya?ml|md))`")
	foreignPackages = []string{"encoding/json", "golang.org/x/oauth2", "net/http", "testing/synctest"}
)

// markdownFiles returns the paths of the repository's Markdown files.
func markdownFiles(t *testing.T) []string {
	t.Helper()
	var files []string
	err := filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		if entry != nil && entry.IsDir() && (entry.Name() == "node_modules" || entry.Name() == ".git") {
			return filepath.SkipDir
		}
		if filepath.Ext(path) == ".md" {
			files = append(files, path)
		}
		return err
	})
	require.NoError(t, err)
	return files
}

// readProse returns the text of a Markdown file without its code blocks.
func readProse(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	return codeBlock.ReplaceAllString(string(text), "")
}

// anchors returns the anchors that GitHub derives from the headings of a Markdown file.
func anchors(t *testing.T, path string) []string {
	t.Helper()
	var all []string
	for _, match := range markdownHeading.FindAllStringSubmatch(readProse(t, path), -1) {
		plain := notInAnchors.ReplaceAllString(strings.ToLower(match[1]), "")
		all = append(all, strings.ReplaceAll(plain, " ", "-"))
	}
	return all
}

// TestTheMapNamesFilesThatExist looks for every path in docs/architecture.md that has a slash or an extension.
func TestTheMapNamesFilesThatExist(t *testing.T) {
	t.Parallel()
	paths := 0
	for _, match := range quotedPath.FindAllStringSubmatch(readProse(t, "../docs/architecture.md"), -1) {
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
