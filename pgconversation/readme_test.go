package pgconversation_test

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestEveryGoBlockAboutThisModuleCompiles builds each block of the documents that uses this module as a package of it, added with an overlay.
// The other blocks are built in module conversationtest.
func TestEveryGoBlockAboutThisModuleCompiles(t *testing.T) {
	t.Parallel()
	here, err := os.Getwd()
	require.NoError(t, err)
	documents, err := filepath.Glob("../docs/*.md")
	require.NoError(t, err)
	dir := t.TempDir()
	replace := map[string]string{}
	var packages []string
	for _, document := range append(documents, "README.md") {
		text, err := os.ReadFile(document)
		require.NoError(t, err)
		for _, block := range regexp.MustCompile("(?s)```go\n(.*?)```").FindAllStringSubmatch(string(text), -1) {
			if !strings.Contains(block[1], "pgconversation.") {
				continue
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
	out, err := exec.CommandContext(t.Context(), "go", append([]string{"build", "-overlay", overlay}, packages...)...).CombinedOutput()
	require.NoError(t, err, "%s", out)
}

// TestEveryQueryOfTheReadmeUsesAnIndex explains each query with sequential scans being expensive.
func TestEveryQueryOfTheReadmeUsesAnIndex(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("README.md")
	require.NoError(t, err)
	conn, err := newDatabase(t).Acquire(t.Context())
	require.NoError(t, err)
	defer conn.Release()
	_, err = conn.Exec(t.Context(), `SET enable_seqscan = off`)
	require.NoError(t, err)
	queries := 0
	for _, block := range regexp.MustCompile("(?s)```sql\n(.*?)```").FindAllStringSubmatch(string(text), -1) {
		for query := range strings.SplitSeq(strings.TrimSpace(block[1]), ";") {
			if query == "" {
				continue
			}
			queries++
			rows, err := conn.Query(t.Context(), "EXPLAIN "+query)
			require.NoError(t, err, query)
			plan, err := pgx.CollectRows(rows, pgx.RowTo[string])
			require.NoError(t, err, query)
			assert.NotContains(t, strings.Join(plan, "\n"), "Seq Scan", query)
		}
	}
	require.Greater(t, queries, 3, "the queries are found")
}

var knownImports = []string{
	"context", "fmt", "log", "net/http", "os", "testing", "time",
	"github.com/jackc/pgx/v5", "github.com/jackc/pgx/v5/pgxpool",
	"github.com/riverqueue/river", "github.com/riverqueue/river/riverdriver/riverpgxv5", "github.com/riverqueue/river/rivermigrate",
	"github.com/sinchgo/conversation", "github.com/sinchgo/conversation/outbox", "github.com/sinchgo/conversation/pgconversation",
	"github.com/sinchgo/conversation/pgconversation/pgtest", "github.com/sinchgo/conversation/webhook",
}

// compilable turns a block into a Go file: it adds imports, and wraps statements in a function that has what a document leaves out.
func compilable(block string) string {
	if !strings.HasPrefix(block, "func ") {
		var used strings.Builder
		for _, match := range regexp.MustCompile(`(?m)^(\w+(?:, \w+)*) :=`).FindAllStringSubmatch(block, -1) {
			for name := range strings.SplitSeq(match[1], ", ") {
				fmt.Fprintf(&used, "_ = %s\n", name)
			}
		}
		block = "func _(ctx context.Context, client *conversation.Client, pool *pgxpool.Pool, riverClient *river.Client[pgx.Tx],\n" +
			"receiver *webhook.Receiver, request *conversation.SendMessageRequest, appID string, tx pgx.Tx,\n" +
			"observer interface { outbox.Observer; ObserveOutbox(func(context.Context) (outbox.Overview, error)) (func() error, error) }) error {\n" + block + used.String() + "return nil\n}\n"
	}
	var imports strings.Builder
	for _, path := range knownImports {
		name := strings.TrimSuffix(path, "/v5")
		if regexp.MustCompile(`\b` + name[strings.LastIndex(name, "/")+1:] + `\.`).MatchString(block) {
			fmt.Fprintf(&imports, "import %q\n", path)
		}
	}
	return "package readme\n" + imports.String() + block
}
