package command

import (
	"bufio"
	"bytes"
	"encoding/json"
	"net/http"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/conversationtest/fakeprogram"
)

func TestFakeServesUntilASignal(t *testing.T) {
	t.Parallel()
	cmd := ctl{}.command(t, "fake", "-addr", "127.0.0.1:0", "-ui", "127.0.0.1:0")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	stdout, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	var ready struct {
		BaseURL   string `json:"base_url"`
		BatchURL  string `json:"batch_url"`
		TokenURL  string `json:"token_url"`
		ProjectID string `json:"project_id"`
		KeyID     string `json:"key_id"`
		KeySecret string `json:"key_secret"`
		AppID     string `json:"app_id"`
		UIURL     string `json:"ui_url"`
	}
	line, err := bufio.NewReader(stdout).ReadBytes('\n')
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(line, &ready))

	page, err := http.Get(ready.UIURL) //nolint:noctx // The page of the program that this test runs.
	require.NoError(t, err)
	require.NoError(t, page.Body.Close())
	assert.Equal(t, http.StatusOK, page.StatusCode)
	called := ctl{env: []string{
		"SINCH_PROJECT_ID=" + ready.ProjectID, "SINCH_KEY_ID=" + ready.KeyID, "SINCH_KEY_SECRET=" + ready.KeySecret,
		"SINCH_CONVERSATION_BASE_URL=" + ready.BaseURL, "SINCH_TOKEN_URL=" + ready.TokenURL,
	}}.run(t, "call", "GET", "/v1/projects/{project_id}/apps")
	assert.Zero(t, called.code, called.stderr)
	assert.Contains(t, called.stdout, ready.AppID)

	require.NoError(t, cmd.Process.Signal(syscall.SIGTERM))
	require.NoError(t, cmd.Wait(), "it exits with 0")
	assert.NotContains(t, stderr.String(), ready.KeySecret)
}

func TestFakeExitsAsTheProgramDoes(t *testing.T) {
	t.Parallel()
	usage := fakeprogram.Usage("conversationctl fake")
	assert.Equal(t, result{stderr: usage}, ctl{}.run(t, "fake", "--help"))

	got := ctl{}.run(t, "fake", "-script", "loop")
	assert.Equal(t, exitUsage, got.code)
	assert.Contains(t, got.stderr, "-script")
	assert.Contains(t, got.stderr, usage)
	assert.Equal(t, exitFailed, ctl{}.run(t, "fake", "-addr", "192.0.2.1:1").code, "an address of another machine")
}

func TestTheHelpOfAProgramHasItsUsageAndNoOtherFlags(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{"fake": "    -control-addr host:port\n", "relay": "    dead retry      returns dead letters"} {
		got := ctl{}.run(t, "help", name)
		assert.Zero(t, got.code)
		assert.Contains(t, got.stdout, want)
		assert.NotContains(t, got.stdout, "--key-secret-file")
	}
}
