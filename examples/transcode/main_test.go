package main

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/sinchgo/conversation/examples/internal/exampletest"
)

func TestByDefaultItUsesTheFake(t *testing.T) {
	t.Parallel()
	exampletest.OnTheFake(t, run, `\nMESSENGER:\n.+\n\nRCS:\n.+\n\nSMS:\n.*Your table.*\n\nWHATSAPP:\n.+\n`)
}

func TestLiveReportsEverythingMissing(t *testing.T) {
	t.Setenv("SINCH_APP_ID", "")
	exampletest.LiveReportsEverythingMissing(t, run, "SINCH_APP_ID")
}

func TestLiveShowsTheRequestedChannels(t *testing.T) {
	srv := exampletest.Live(t)
	t.Setenv("SINCH_APP_ID", srv.AppID())

	got := exampletest.Run(t.Context(), run, "-live", "-channels", "line")

	assert.Zero(t, got.Code, got.Stderr)
	assert.Regexp(t, `^\nLINE:\n.+\n$`, got.Stdout)
}
