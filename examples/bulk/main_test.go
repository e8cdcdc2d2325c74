package main

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/conversationtest"
	"github.com/sinchgo/conversation/examples/internal/exampletest"
)

// TestItSendsToEachNumberOnTheFake sends 1,000 messages, and in a soak the 10,000 that are the default, as make examples does.
func TestItSendsToEachNumberOnTheFake(t *testing.T) {
	t.Parallel()
	count, args := "1000", []string{"-count", "1000"}
	if os.Getenv("CONVERSATION_SOAK") != "" {
		count, args = "10000", nil
	}
	got := exampletest.Run(t.Context(), run, args...)
	assert.Zero(t, got.Code)
	assert.Empty(t, got.Stderr)
	firstLine, _, _ := strings.Cut(got.Stdout, "\n")
	assert.Contains(t, firstLine, "fake server in this process")
	assert.Regexp(t, `100% .*\(`+count+`/`+count, got.Stdout)
	assert.Regexp(t, `\n`+count+` accepted, 0 rejected, 0 not sent, 0 unknown, in .*: \d+ a second\.\n$`, got.Stdout)
}

func TestLiveReportsEverythingMissing(t *testing.T) {
	t.Setenv("SINCH_APP_ID", "")
	exampletest.LiveReportsEverythingMissing(t, run, "SINCH_APP_ID", "-file")
}

func TestLiveSendsToTheRemainingNumbersOfAFile(t *testing.T) {
	srv := exampletest.Live(t)
	t.Setenv("SINCH_APP_ID", srv.AppID())
	file := filepath.Join(t.TempDir(), "numbers.txt")
	require.NoError(t, os.WriteFile(file, []byte("15551230000\n15551230001\n\n 15551230002 \n"), 0o600))

	got := exampletest.Run(t.Context(), run, "-live", "-file", file, "-skip", "1")

	assert.Zero(t, got.Code, got.Stderr)
	assert.Contains(t, got.Stdout, "2 accepted")
	assert.NotContains(t, got.Stdout, "1555123")
	assert.ElementsMatch(t, []string{"15551230001", "15551230002"}, identities(srv))
}

func TestLiveReportsWhereToContinueAndWhatFailed(t *testing.T) {
	srv := exampletest.Live(t)
	t.Setenv("SINCH_APP_ID", srv.AppID())
	file := filepath.Join(t.TempDir(), "numbers.txt")
	require.NoError(t, os.WriteFile(file, []byte("15551230000\n15551230001\n15551230002\n15551230003\n"), 0o600))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()

	got := exampletest.Run(ctx, run, "-live", "-file", file, "-skip", "2")

	assert.Equal(t, 1, got.Code)
	assert.Contains(t, got.Stderr, "continue with -skip "+strconv.Itoa(2))
	assert.Contains(t, got.Stdout, "0 accepted, 0 rejected, 0 not sent, 0 unknown")
	assert.Empty(t, srv.Sent())
}

func TestLiveNamesTheNumbersThatWereNotAccepted(t *testing.T) {
	srv := exampletest.Live(t)
	t.Setenv("SINCH_APP_ID", "OTHER")
	file := filepath.Join(t.TempDir(), "numbers.txt")
	require.NoError(t, os.WriteFile(file, []byte("15551230000\n15551230001\n"), 0o600))

	got := exampletest.Run(t.Context(), run, "-live", "-file", file)

	assert.Zero(t, got.Code)
	assert.Contains(t, got.Stdout, "2 rejected")
	assert.Contains(t, got.Stdout, "number 2: rejected")
	assert.Empty(t, srv.Sent())
}

func identities(srv *conversationtest.Server) []string {
	var numbers []string
	for _, sent := range srv.Sent() {
		numbers = append(numbers, sent.Request.Recipient.IdentifiedBy.ChannelIdentities[0].Identity)
	}
	return numbers
}
