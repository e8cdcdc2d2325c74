package command

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/creack/pty"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/term"

	"github.com/sinchgo/conversation/conversationtest"
)

var listApps = []string{"call", "GET", "/v1/projects/{project_id}/apps", "--json"}

func TestAUserSetsFourVariables(t *testing.T) {
	t.Parallel()
	sinch := newSinch(t, nil)
	got := sinch.ctl().run(t, listApps...)
	require.Zero(t, got.code, got.stderr)
	assert.Contains(t, got.stdout, sinch.eu.AppID())
	assert.Empty(t, got.stderr)
	assert.Equal(t, []string{"auth.sinch.com", "eu.conversation.api.sinch.com"}, sinch.hostsAsked())
}

func TestAFlagOverridesItsVariable(t *testing.T) {
	t.Parallel()
	const none = "00000000-0000-4000-8000-000000000000"
	srv := conversationtest.NewServer(conversationtest.Config{})
	t.Cleanup(srv.Close)
	sinch := newSinch(t, nil)
	for name, tt := range map[string]struct {
		ctl  ctl
		args []string
	}{
		"project-id": {ctlFor(srv).with("SINCH_PROJECT_ID=" + none), []string{"--project-id", srv.ProjectID()}},
		"key-id":     {ctlFor(srv).with("SINCH_KEY_ID=" + none), []string{"--key-id", srv.KeyID()}},
		"region":     {sinch.ctl().with("SINCH_CONVERSATION_REGION=mars"), []string{"--region", "br"}},
		"base-url":   {ctlFor(srv).with("SINCH_CONVERSATION_BASE_URL=https://192.0.2.1"), []string{"--base-url", srv.BaseURL()}},
		"token-url":  {ctlFor(srv).with("SINCH_TOKEN_URL=https://192.0.2.1"), []string{"--token-url", srv.TokenURL()}},
		"dialect":    {ctlFor(srv).with("SINCH_CONVERSATION_DIALECT=latin"), []string{"--dialect", "openapi"}},
		"templates":  {ctlFor(srv).with("SINCH_TEMPLATES_BASE_URL=x"), []string{"--templates-base-url", srv.BaseURL()}},
		"batches":    {ctlFor(srv).with("SINCH_BATCH_BASE_URL=x"), []string{"--batch-base-url", srv.BatchURL()}},
		"insecure":   {ctlFor(srv).with("SINCH_CONVERSATION_INSECURE_HTTP=perhaps"), []string{"--insecure-http"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := tt.ctl.run(t, append(tt.args, listApps...)...)
			assert.Zero(t, got.code, got.stderr)
			assert.NotEmpty(t, got.stdout)
			assert.NotZero(t, tt.ctl.run(t, listApps...).code, "without the flag")
		})
	}
}

func TestTheFlagOfTheRegionSelectsTheHost(t *testing.T) {
	t.Parallel()
	sinch := newSinch(t, nil)
	for _, region := range []string{"br", "US"} {
		got := sinch.ctl().run(t, append(listApps, "--region", region)...)
		assert.Equal(t, result{stdout: "{}\n"}, got)
	}
	assert.Equal(t, []string{
		"auth.sinch.com", "br.conversation.api.sinch.com", "auth.sinch.com", "us.conversation.api.sinch.com",
	}, sinch.hostsAsked())
}

func TestTheSecretOfTheKeyIsReadFromAFile(t *testing.T) {
	t.Parallel()
	srv := conversationtest.NewServer(conversationtest.Config{})
	t.Cleanup(srv.Close)
	file := filepath.Join(t.TempDir(), "secret")
	require.NoError(t, os.WriteFile(file, []byte(srv.KeySecret()+"\n"), 0o600))
	blank := filepath.Join(t.TempDir(), "blank")
	require.NoError(t, os.WriteFile(blank, []byte(" \n"), 0o600))
	user := ctlFor(srv).with("SINCH_KEY_SECRET=" + strings.Repeat("0", 26))
	for name, tt := range map[string]struct {
		file, stdin string
		code        int
		want        string
	}{
		"a file":         {file, "", exitOK, ""},
		"stdin":          {"-", srv.KeySecret() + "\n", exitOK, ""},
		"no such file":   {"nowhere", "", exitUsage, "--key-secret-file: open nowhere"},
		"an empty file":  {blank, "", exitUsage, "is empty: write the secret of the access key to it"},
		"an empty stdin": {"-", "", exitUsage, "--key-secret-file: - is empty"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := user.in(tt.stdin).run(t, append([]string{"--verbose", "--key-secret-file", tt.file}, listApps...)...)
			assert.Equal(t, tt.code, got.code, got.stderr)
			assert.Contains(t, got.stderr, tt.want)
			assert.NotContains(t, got.stdout+got.stderr, srv.KeySecret())
		})
	}
}

func TestAPersonIsAskedForTheSecretOfTheKey(t *testing.T) {
	t.Parallel()
	srv := conversationtest.NewServer(conversationtest.Config{})
	t.Cleanup(srv.Close)
	asked := ctlFor(srv).with("SINCH_KEY_SECRET=").terminal(t, append(listApps, "--verbose")...)
	asked.expect(t, "Secret of the access key: ")
	asked.enter(t, srv.KeySecret())
	screen, code := asked.end(t)
	assert.Zero(t, code, screen)
	assert.Contains(t, screen, srv.AppID())
	assert.NotContains(t, screen, srv.KeySecret())
}

func TestAnInterruptedPromptRestoresTheTerminal(t *testing.T) {
	t.Parallel()
	srv := conversationtest.NewServer(conversationtest.Config{})
	t.Cleanup(srv.Close)
	for name, interrupt := range map[string]func(*terminal) error{
		"by a key": func(asked *terminal) error {
			_, err := asked.pty.WriteString("half a secret\x03")
			return err
		},
		"by a signal": func(asked *terminal) error { return asked.cmd.Process.Signal(syscall.SIGTERM) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			asked := ctlFor(srv).with("SINCH_KEY_SECRET=").terminal(t, listApps...)
			asked.expect(t, "Secret of the access key: ")
			require.NoError(t, interrupt(asked))
			asked.expect(t, "interrupted: nothing was changed")
			after, err := term.GetState(int(asked.pty.Fd()))
			require.NoError(t, err)
			assert.Equal(t, newTerminalState(t), after)
			screen, code := asked.end(t)
			assert.Equal(t, exitFailed, code)
			assert.NotContains(t, screen, "half a secret")
		})
	}
	assert.Empty(t, srv.Requests())
}

// newTerminalState returns the state of a terminal that no program has changed.
func newTerminalState(t *testing.T) *term.State {
	t.Helper()
	unused, user, err := pty.Open()
	require.NoError(t, err)
	defer func() { assert.NoError(t, errors.Join(unused.Close(), user.Close())) }()
	state, err := term.GetState(int(user.Fd()))
	require.NoError(t, err)
	return state
}

func TestNobodyIsAskedForTheSecretWithoutATerminal(t *testing.T) {
	t.Parallel()
	got := ctl{}.run(t, listApps...)
	assert.Equal(t, exitUsage, got.code)
	for _, variable := range []string{"SINCH_PROJECT_ID", "SINCH_KEY_ID", "SINCH_KEY_SECRET", "SINCH_CONVERSATION_REGION"} {
		assert.Contains(t, got.stderr, variable+" is not set")
	}
}

func TestVerboseLogsRequestsWithoutSecrets(t *testing.T) {
	t.Parallel()
	sinch := newSinch(t, nil)
	got := sinch.ctl().in(`{"app_id": "`+sinch.eu.AppID()+`", "recipient": {"identified_by": {"channel_identities": [`+
		`{"channel": "SMS", "identity": "+12025550123"}]}}, "message": {"text_message": {"text": "private words"}}}`).
		run(t, "call", "POST", "/v1/projects/{project_id}/messages:send", "--data", "-", "--verbose", "--include")
	require.Zero(t, got.code, got.stderr)
	assert.Contains(t, got.stderr, "level=DEBUG")
	for _, private := range []string{sinch.eu.KeySecret(), "12025550123", "private words", "Bearer"} {
		assert.NotContains(t, got.stderr, private)
	}
}
