package main

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/sinchgo/conversation/examples/internal/exampletest"
)

func TestByDefaultItUsesTheFake(t *testing.T) {
	t.Parallel()
	exampletest.OnTheFake(t, run,
		`Created contact [0-9A-Z]{26} with SMS:15551230000\.`, `now has SMS:15551230000, WHATSAPP:15551230000\.`, `is gone\.`)
}

func TestLiveReportsEverythingMissing(t *testing.T) {
	t.Setenv("SINCH_APP_ID", "")
	exampletest.LiveReportsEverythingMissing(t, run, "-first", "-second")
}

func TestLiveMergesAndMasksIdentities(t *testing.T) {
	exampletest.Live(t)
	t.Setenv("SINCH_APP_ID", "")

	got := exampletest.Run(t.Context(), run, "-live", "-first", "SMS:15551230000", "-second", "MESSENGER:7234567890")

	assert.Zero(t, got.Code, got.Stderr)
	assert.Contains(t, got.Stdout, "now has SMS:1555***00, MESSENGER:7234***90.")
	assert.NotContains(t, got.Stdout, "15551230000")
	assert.NotContains(t, got.Stdout, "7234567890")
}

func TestAnUnknownOutcomeIsReportedAndNotRetried(t *testing.T) {
	for _, suffix := range []string{"/contacts", ":merge"} {
		t.Run(suffix, func(t *testing.T) {
			_, calls := exampletest.LiveHangsUp(t, suffix)
			t.Setenv("SINCH_APP_ID", "")

			got := exampletest.Run(t.Context(), run, "-live", "-first", "SMS:15551230000", "-second", "WHATSAPP:15551230000")

			assert.Equal(t, 1, got.Code)
			assert.Contains(t, got.Stderr, "may have been done nevertheless: check before you run this again")
			assert.Equal(t, 1, calls())
		})
	}
}
