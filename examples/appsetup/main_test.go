package main

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/sinchgo/conversation/examples/internal/exampletest"
)

func TestByDefaultItUsesTheFake(t *testing.T) {
	t.Parallel()
	exampletest.OnTheFake(t, run,
		`Created app [0-9A-Z]{26} \(Shop\) on SMS\.`, `for \[MESSAGE_INBOUND MESSAGE_DELIVERY EVENT_INBOUND\]\.`,
		`Deleted both again\.\n$`)
}

func TestLiveReportsEverythingMissing(t *testing.T) {
	t.Setenv("SINCH_APP_ID", "")
	exampletest.LiveReportsEverythingMissing(t, run,
		"-name", "-channel", "-sender", "-target", "SINCH_CHANNEL_TOKEN", "SINCH_WEBHOOK_SECRET")
}

func TestLiveDeletesNothingAndPrintsNoSecrets(t *testing.T) {
	srv := exampletest.Live(t)
	t.Setenv("SINCH_APP_ID", "")
	t.Setenv("SINCH_CHANNEL_TOKEN", "the-token")
	t.Setenv("SINCH_WEBHOOK_SECRET", "the-secret")

	got := exampletest.Run(t.Context(), run,
		"-live", "-name", "Bakery", "-channel", "rcs", "-sender", "AGENT", "-target", "https://bakery.example/in")

	assert.Zero(t, got.Code, got.Stderr)
	assert.Contains(t, got.Stdout, "(Bakery) on RCS.")
	assert.Contains(t, got.Stdout, "App and webhook stay.")
	assert.NotContains(t, got.Stdout, "the-token")
	assert.NotContains(t, got.Stdout, "the-secret")
	var bodies strings.Builder
	for _, request := range srv.Requests() {
		assert.NotEqual(t, http.MethodDelete, request.Method)
		bodies.Write(request.Body)
	}
	assert.Contains(t, bodies.String(), "the-token")
	assert.Contains(t, bodies.String(), "the-secret")
}
