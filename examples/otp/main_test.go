package main

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/sinchgo/conversation/examples/internal/exampletest"
)

func TestByDefaultItFallsBackOnTheFake(t *testing.T) {
	t.Parallel()
	exampletest.OnTheFake(t, run, `\nWHATSAPP: RECIPIENT_NOT_REACHABLE: the person has no WhatsApp\n`+
		`SMS: delivered\nThe code was delivered over SMS\.\n$`)
}

func TestLiveReportsEverythingMissing(t *testing.T) {
	t.Setenv("SINCH_APP_ID", "")
	exampletest.LiveReportsEverythingMissing(t, run, "SINCH_APP_ID", "SINCH_WEBHOOK_SECRET", "-to")
}

func TestAPhoneNumberIsRequired(t *testing.T) {
	t.Parallel()
	got := exampletest.Run(t.Context(), run, "-to", "nobody")
	assert.Equal(t, 1, got.Code)
	assert.Contains(t, got.Stderr, "phone number")
}
