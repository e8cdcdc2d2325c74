package main

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/sinchgo/conversation/examples/internal/exampletest"
)

func TestByDefaultItUsesTheFake(t *testing.T) {
	t.Parallel()
	exampletest.OnTheFake(t, run, `Asked about RCS:15551230000: request \S+\.\n`, `CAPABILITY callback`)
}

func TestLiveReportsEverythingMissing(t *testing.T) {
	t.Setenv("SINCH_APP_ID", "")
	exampletest.LiveReportsEverythingMissing(t, run, "SINCH_APP_ID", "-to")
}

func TestLiveMasksIdentities(t *testing.T) {
	srv := exampletest.Live(t)
	t.Setenv("SINCH_APP_ID", srv.AppID())

	got := exampletest.Run(t.Context(), run, "-live", "-to", "RCS:15551230000", "-to", "SMS:+15551230000")

	assert.Zero(t, got.Code, got.Stderr)
	assert.Contains(t, got.Stdout, "Asked about RCS:1555***00, SMS:+155***00: request ")
	assert.NotContains(t, got.Stdout, "5551230000")
}
