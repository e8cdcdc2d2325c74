package fakeprogram

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

func TestTheReadyLineHasTheValuesOfTheFlags(t *testing.T) {
	t.Parallel()
	here := runHere(t, "-project", "project", "-key-id", "key", "-key-secret", "secret", "-app", "app")
	assert.Equal(t, 0, here.end())

	assert.Regexp(t, `^http://127\.0\.0\.1:\d+$`, here.info.BaseURL)
	assert.Equal(t, ready{
		BaseURL: here.info.BaseURL, BatchURL: here.info.BaseURL + "/batch", TokenURL: here.info.BaseURL + "/oauth2/token",
		ProjectID: "project", KeyID: "key", KeySecret: "secret", AppID: "app", ControlURL: here.info.BaseURL + "/_fake",
	}, here.info)
}

func TestWhatTheFlagsLeaveOutIsGenerated(t *testing.T) {
	t.Parallel()
	here := runHere(t)
	assert.Equal(t, 0, here.end())

	for _, value := range []string{here.info.ProjectID, here.info.KeyID, here.info.KeySecret, here.info.AppID} {
		assert.NotEmpty(t, value)
	}
}

func TestEveryAnswerIsDelayedByTheLatency(t *testing.T) {
	t.Parallel()
	const latency = 200 * time.Millisecond
	here := runHere(t, "-latency", latency.String())

	began := time.Now()
	_, err := clientOf(t, here.info).Apps.List(t.Context())
	require.NoError(t, err)
	assert.GreaterOrEqual(t, time.Since(began), latency)
	assert.Equal(t, 0, here.end())
}

func TestALongLatencyDoesNotHoldUpTheEnd(t *testing.T) {
	t.Parallel()
	here := runHere(t, "-latency", "1h")
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	_, err := clientOf(t, here.info).Apps.List(ctx)
	require.Error(t, err)

	began := time.Now()
	assert.Equal(t, 0, here.end())
	assert.Less(t, time.Since(began), time.Second)
}

func TestEveryScriptIsThere(t *testing.T) {
	t.Parallel()
	for name, script := range scripts {
		read, err := readFlags(programName, []string{"-script", name}, io.Discard)
		require.NoError(t, err)
		assert.Equal(t, script, read.config.Script, name)
	}
	read, err := readFlags(programName, nil, io.Discard)
	require.NoError(t, err)
	assert.Equal(t, scripts["none"], read.config.Script)
}

func TestEveryContractIsThere(t *testing.T) {
	t.Parallel()
	for name, contract := range contracts {
		read, err := readFlags(programName, []string{"-contract", name}, io.Discard)
		require.NoError(t, err)
		assert.Equal(t, contract, read.config.Contract, name)
	}
	read, err := readFlags(programName, nil, io.Discard)
	require.NoError(t, err)
	assert.Equal(t, contracts["platform"], read.config.Contract)
}

func TestEveryModeIsThere(t *testing.T) {
	t.Parallel()
	for name, mode := range modes {
		read, err := readFlags(programName, []string{"-mode", name}, io.Discard)
		require.NoError(t, err)
		assert.Equal(t, mode, read.config.Mode, name)
	}
	read, err := readFlags(programName, nil, io.Discard)
	require.NoError(t, err)
	assert.Equal(t, conversation.ProcessingModeDispatch, read.config.Mode)
}

func TestWrongFlagsAreExplained(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{
		{"-nothing"},
		{"extra"},
		{"-addr", "8787"},
		{"-control-addr", "8788"},
		{"-latency", "fast"},
		{"-latency", "-1s"},
		{"-script", "loop"},
		{"-log", "xml"},
		{"-contract", "none"},
		{"-mode", "both"},
		{"-key-secret", "'hush'"},
		{"-key-id", "a b"},
		{"-project", "\ufeffp"},
	} {
		var stdout, stderr bytes.Buffer
		assert.Equal(t, 2, Main(t.Context(), programName, args, &stdout, &stderr), args)
		assert.Empty(t, stdout.String(), args)
		assert.Contains(t, stderr.String(), args[0], args)
		assert.Contains(t, stderr.String(), "Usage of conversation-fake:", args)
	}
}

func TestHelpIsNotAFailure(t *testing.T) {
	t.Parallel()
	var stdout, stderr bytes.Buffer
	assert.Equal(t, 0, Main(t.Context(), programName, []string{"-h"}, &stdout, &stderr))
	assert.Contains(t, stderr.String(), "-key-secret")
}

func TestTheUsageHasTheNameOfTheCaller(t *testing.T) {
	t.Parallel()
	var stdout, stderr bytes.Buffer
	assert.Equal(t, 0, Main(t.Context(), "tool fake", []string{"-h"}, &stdout, &stderr))
	assert.Equal(t, Usage("tool fake"), stderr.String())
	assert.Contains(t, stderr.String(), "Usage of tool fake:\n")
}

func TestAPortInUseIsExplained(t *testing.T) {
	t.Parallel()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer func() { assert.NoError(t, listener.Close()) }()

	var stdout, stderr bytes.Buffer
	code := Main(t.Context(), programName, []string{"-addr", listener.Addr().String()}, &stdout, &stderr)

	assert.Equal(t, 1, code)
	assert.Empty(t, stdout.String())
	assert.Regexp(t, `^conversation-fake: cannot listen on "`+listener.Addr().String()+`": .*in use\n$`, stderr.String())
}

func TestAReadyLineThatCannotBeWrittenIsAFailure(t *testing.T) {
	t.Parallel()
	var stderr bytes.Buffer
	code := Main(t.Context(), programName, []string{"-addr", "127.0.0.1:0", "-ui", "off"}, brokenPipe{}, &stderr)

	assert.Equal(t, 1, code)
	assert.Equal(t, "conversation-fake: cannot print the ready line: broken\n", stderr.String())
}

type brokenPipe struct{}

func (brokenPipe) Write([]byte) (int, error) { return 0, errors.New("broken") }

func TestTheVersionIsPrintedInsteadOfServing(t *testing.T) {
	t.Parallel()
	var stdout, stderr bytes.Buffer
	assert.Equal(t, 0, Main(t.Context(), "conversation-fake", []string{"-version"}, &stdout, &stderr))
	assert.Equal(t, "conversation-fake (devel)\n", stdout.String())
	assert.Empty(t, stderr.String())
}
