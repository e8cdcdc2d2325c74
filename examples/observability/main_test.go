package main

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/sinchgo/conversation/examples/internal/exampletest"
)

func TestByDefaultItPrintsTracesAndMetricsOnTheFake(t *testing.T) {
	t.Parallel()
	exampletest.OnTheFake(t, run,
		`\nThe message is DELIVERED\.\n`,
		`"Name": "POST /v1/projects/\{project_id\}/messages:send"`, `"Key": "http.request.resend_count"`, `"Name": "Messages.Send"`,
		`"Name": "process MESSAGE_DELIVERY"`, `"Name": "sinch.conversation.call.duration"`,
		`sinch_conversation_call_duration_seconds_count\{.*sinch_conversation_operation="Messages.Send".*\} 1\n`,
		`sinch_conversation_call_retries_total\{.*sinch_conversation_operation="Messages.Send".*\} 1\n`,
		`sinch_conversation_callback_duration_seconds_count\{.*sinch_conversation_trigger="MESSAGE_INBOUND".*\} 1\n`)
}

func TestNothingThatIsPrintedNamesAPerson(t *testing.T) {
	t.Parallel()
	got := exampletest.Run(t.Context(), run)
	assert.NotContains(t, got.Stdout, "5551230000")
	assert.NotContains(t, got.Stdout, "table")
	assert.NotContains(t, got.Stdout, "On my way")
}

func TestLiveReportsEverythingMissing(t *testing.T) {
	t.Setenv("SINCH_APP_ID", "")
	exampletest.LiveReportsEverythingMissing(t, run, "SINCH_APP_ID", "SINCH_WEBHOOK_SECRET", "-to")
}
