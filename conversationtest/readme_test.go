package conversationtest_test

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestEveryGoBlockOfTheReadmesCompiles builds each block as a package of this module, added with an overlay.
func TestEveryGoBlockOfTheReadmesCompiles(t *testing.T) {
	t.Parallel()
	here, err := os.Getwd()
	require.NoError(t, err)
	dir := t.TempDir()
	documents, err := filepath.Glob("../docs/*.md")
	require.NoError(t, err)
	replace := map[string]string{}
	var packages []string
	for _, document := range append(documents, "../README.md", "README.md") {
		text, err := os.ReadFile(document)
		require.NoError(t, err)
		for _, block := range regexp.MustCompile("(?s)```go\n(.*?)```").FindAllStringSubmatch(string(text), -1) {
			if strings.Contains(block[1], "relay.") || strings.Contains(block[1], "pgconversation.") {
				continue // These modules import this one. The examples of relay have its code, and a test of pgconversation builds its own.
			}
			name := fmt.Sprintf("block%d", len(packages))
			file := filepath.Join(dir, name+".go")
			require.NoError(t, os.WriteFile(file, []byte(compilable(block[1])), 0o600))
			replace[filepath.Join(here, "readme", name, "main.go")] = file
			packages = append(packages, "./readme/"+name)
		}
	}
	require.Greater(t, len(packages), 5, "the blocks are found")

	overlay := filepath.Join(dir, "overlay.json")
	data, err := json.Marshal(map[string]any{"Replace": replace})
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(overlay, data, 0o600))
	build := append([]string{"build", "-overlay", overlay}, packages...)
	out, err := exec.CommandContext(t.Context(), "go", build...).CombinedOutput()
	require.NoError(t, err, "%s", out)
}

var (
	knownImports = []string{
		"context", "database/sql", "errors", "fmt", "io", "log", "log/slog", "net/http", "os", "slices", "testing", "testing/synctest", "time",
		"github.com/sinchgo/conversation", "github.com/sinchgo/conversation/conversationtest", "github.com/sinchgo/conversation/webhook",
	}
	declared = regexp.MustCompile(`(?m)^(?:var (\w+)|(\w+(?:, \w+)*) :=)`)
)

// compilable turns a block into a Go file. It leaves a whole file as it is, adds imports to declarations, and wraps
// statements in a function that declares the variables a README leaves out.
func compilable(block string) string {
	if strings.HasPrefix(block, "package ") {
		return block
	}
	if !strings.HasPrefix(block, "func ") && !strings.HasPrefix(block, "type ") {
		var used strings.Builder
		for _, match := range declared.FindAllStringSubmatch(block, -1) {
			for name := range strings.SplitSeq(match[1]+match[2], ",") {
				if name = strings.TrimSpace(name); name != "_" {
					fmt.Fprintf(&used, "_ = %s\n", name)
				}
			}
		}
		block = "func _(ctx context.Context, client *conversation.Client, request *conversation.SendMessageRequest,\n" +
			"w http.ResponseWriter, r *http.Request) error {\n" +
			block + used.String() + "return nil\n}\n"
	}
	var imports strings.Builder
	for _, path := range knownImports {
		if regexp.MustCompile(`\b` + path[strings.LastIndex(path, "/")+1:] + `\.`).MatchString(block) {
			fmt.Fprintf(&imports, "import %q\n", path)
		}
	}
	return "package readme\n" + imports.String() + block
}
