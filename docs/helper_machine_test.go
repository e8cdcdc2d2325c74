package docs_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/conversationtest"
	"github.com/sinchgo/conversation/pgconversation/pgtest"
)

// abilities caches what the machine has, by the words of <!-- needs: -->.
type abilities map[string]bool

// all reports whether a block can be run. What it needs is set up for s.
func (a abilities) all(t *testing.T, s *session, b block) bool {
	t.Helper()
	need := b.need()
	if _, known := a[need]; !known {
		a[need] = setUp(t, s, need)
	}
	return a[need]
}

// setUp reports whether the machine has what a block needs, and prepares it for s.
func setUp(t *testing.T, s *session, need string) bool {
	t.Helper()
	switch need {
	case "":
		return true
	case "account", "docker", "time": // no test has an account, hours, or the network that images come from
		return false
	case "node":
		_, err := exec.LookPath("node")
		return err == nil
	case "postgres":
		server, err := pgtest.Start(t.Context())
		if errors.Is(err, pgtest.ErrNotInstalled) {
			return false
		}
		require.NoError(t, err)
		t.Cleanup(func() { assert.NoError(t, server.Close()) })
		s.env = append(s.env, "DATABASE_URL="+server.DSN("postgres"))
		return true
	}
	t.Fatalf("<!-- needs: %s -->: use node, postgres, account, docker or time", need)
	return false
}

// fakeEnvironment returns env with the variables of the SDK set to a new fake, which reports every message as delivered.
func fakeEnvironment(t *testing.T, env []string) []string {
	t.Helper()
	fake := conversationtest.NewServer(conversationtest.Config{
		AppID: "01HQ8ZJ00000000000000000DC", Script: conversationtest.ScriptDeliver, ServeControl: true,
	})
	t.Cleanup(fake.Close)
	return append(slices.Clip(env), // which the pages share
		"SINCH_PROJECT_ID="+fake.ProjectID(), "SINCH_KEY_ID="+fake.KeyID(), "SINCH_KEY_SECRET="+fake.KeySecret(),
		"SINCH_APP_ID="+fake.AppID(), "SINCH_CONVERSATION_REGION=eu",
		"SINCH_CONVERSATION_BASE_URL="+fake.BaseURL(), "SINCH_TEMPLATES_BASE_URL="+fake.BaseURL(),
		"SINCH_BATCH_BASE_URL="+fake.BatchURL(), "SINCH_TOKEN_URL="+fake.TokenURL())
}

// readerEnvironment returns the environment of the sessions: that of the test without variables of the SDK and of Go, and with a module
// proxy that has every module of the repository as v0.1.0, as it is in the tree. Builds share the cache of this machine: with the -trimpath of
// these settings they do not depend on the directory.
func readerEnvironment(t *testing.T) []string {
	t.Helper()
	var env []string
	for _, variable := range os.Environ() {
		name, _, _ := strings.Cut(variable, "=")
		switch {
		case strings.HasPrefix(name, "SINCH_"), name == "GOFLAGS", name == "GOWORK", name == "GOBIN", name == "GOPATH", name == "DATABASE_URL":
		default:
			env = append(env, variable)
		}
	}
	cache, err := exec.CommandContext(t.Context(), "go", "env", "GOCACHE").Output()
	require.NoError(t, err)
	env = append(env, "GOCACHE="+strings.TrimSpace(string(cache)))

	cmd := exec.CommandContext(t.Context(), "go", "run", "./fileproxy", "-root", "../..", "-version", "v0.1.0", "-out", t.TempDir())
	cmd.Dir = "../internal/tools"
	cmd.Env = append(os.Environ(), "GOWORK=off")
	var stderr strings.Builder
	cmd.Stderr = &stderr
	settings, err := cmd.Output()
	require.NoError(t, err, stderr.String())
	for line := range strings.Lines(string(settings)) {
		setting, err := strconv.Unquote(strings.TrimSpace(strings.TrimPrefix(line, "export ")))
		require.NoError(t, err, line)
		env = append(env, setting)
	}
	return env
}

// copyRepository returns a copy of the files that git knows or would add: what a clone has, with the changes that are not committed.
func copyRepository(t *testing.T) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
	cmd.Dir = ".."
	names, err := cmd.Output()
	require.NoError(t, err)
	dir := t.TempDir()
	for name := range strings.SplitSeq(strings.TrimRight(string(names), "\x00"), "\x00") {
		source, target := filepath.Join("..", name), filepath.Join(dir, name)
		info, err := os.Stat(source)
		if errors.Is(err, os.ErrNotExist) {
			continue // deleted, and not committed yet
		}
		require.NoError(t, err)
		data, err := os.ReadFile(source)
		require.NoError(t, err)
		require.NoError(t, os.MkdirAll(filepath.Dir(target), 0o750))
		require.NoError(t, os.WriteFile(target, data, info.Mode().Perm()))
	}
	return dir
}
