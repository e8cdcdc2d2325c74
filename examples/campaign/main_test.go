package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/examples/internal/exampletest"
)

// TestMain runs the test binary as a worker, as the program does.
func TestMain(m *testing.M) {
	if os.Getenv(workerFolder) != "" {
		os.Exit(work())
	}
	os.Exit(m.Run())
}

func TestByDefaultItSendsToTheFakeAndLosesAWorker(t *testing.T) {
	t.Parallel()
	got := exampletest.Run(t.Context(), run, "-count", "1000")
	require.Zero(t, got.Code, got.Stderr)
	assert.Regexp(t, `100% .*\(1000/1000`, got.Stdout)
	found := regexp.MustCompile(`\n(\d+) accepted, 0 rejected, (\d+) unknown\.
The fake received (\d+) messages, 0 of them twice\. It received (\d+) of the unknown ones\.\n$`).FindStringSubmatch(got.Stdout)
	require.NotNil(t, found, got.Stdout)
	assert.Equal(t, 1000, number(t, found[1])+number(t, found[2]))
	assert.Equal(t, number(t, found[3]), number(t, found[1])+number(t, found[4]))
}

func number(t *testing.T, text string) int {
	t.Helper()
	n, err := strconv.Atoi(text)
	require.NoError(t, err)
	return n
}

func TestLiveReportsEverythingMissing(t *testing.T) {
	t.Setenv("SINCH_APP_ID", "")
	exampletest.LiveReportsEverythingMissing(t, run, "SINCH_APP_ID", "-file", "-dir")
}

func TestLiveSendsToThePeopleOfAFileOnce(t *testing.T) {
	srv := exampletest.Live(t)
	t.Setenv("SINCH_APP_ID", srv.AppID())
	file, dir := filepath.Join(t.TempDir(), "people.csv"), t.TempDir()
	require.NoError(t, os.WriteFile(file, []byte("id,name,number\n7,Ana,15551230000\n8,\"Bo, Jr\",15551230001\n7,Ana,15551230000\n"), 0o600))
	for range 2 {
		got := exampletest.Run(t.Context(), run, "-live", "-file", file, "-dir", dir)
		require.Zero(t, got.Code, got.Stderr)
		assert.Contains(t, got.Stdout, "2 accepted, 0 rejected, 0 unknown.")
		assert.NotContains(t, got.Stdout, "1555123")
	}
	var texts []string
	for _, sent := range srv.Sent() {
		texts = append(texts, sent.Request.CorrelationID+" "+sent.Request.Message.TextMessage.Text[:9])
	}
	assert.ElementsMatch(t, []string{"summer-sale-7 Hi Ana, a", "summer-sale-8 Hi Bo, Jr"}, texts)
}

func TestAWrongFileIsNamedBeforeAnythingIsSent(t *testing.T) {
	t.Parallel()
	for content, want := range map[string]string{
		"":                             "does not begin with the line id,name,number",
		"number,name,id\n":             "does not begin with the line id,name,number",
		"id,name,number\n1,Ana\n":      "wrong number of fields",
		"id,name,number\n,Ana,1555\n":  "row 2 has no id or no number",
		"id,name,number\n1,Ana,\n":     "row 2 has no id or no number",
		"id,name,number\n1,\"Ana,15\n": "extraneous or missing",
	} {
		file := filepath.Join(t.TempDir(), "people.csv")
		require.NoError(t, os.WriteFile(file, []byte(content), 0o600))
		got := exampletest.Run(t.Context(), run, "-file", file)
		assert.Equal(t, 1, got.Code)
		assert.Contains(t, got.Stderr, want)
	}
}

func TestAPersonWhoseIDNamesAnotherMessageIsNamed(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "people.csv")
	require.NoError(t, os.WriteFile(file, []byte("id,name,number\n7,Ana,15551230000\n7,Bo,15551230001\n"), 0o600))
	got := exampletest.Run(t.Context(), run, "-file", file)
	assert.Equal(t, 1, got.Code)
	assert.Contains(t, got.Stderr, "the person with the id 7")
	assert.Contains(t, got.Stderr, "names another message")
}
