package main

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/examples/internal/exampletest"
)

func TestByDefaultItUsesTheFake(t *testing.T) {
	t.Parallel()
	exampletest.OnTheFake(t, run,
		`Sent card [0-9A-Z]{26} to RCS:15551230000, SMS:15551230000\.`, `in this order: RCS,SMS\.`)
}

func TestLiveReportsEverythingMissing(t *testing.T) {
	t.Setenv("SINCH_APP_ID", "")
	exampletest.LiveReportsEverythingMissing(t, run, "SINCH_APP_ID", "-to")
}

func TestLiveSendsTheCardAndMasksIdentities(t *testing.T) {
	srv := exampletest.Live(t)
	t.Setenv("SINCH_APP_ID", srv.AppID())

	got := exampletest.Run(t.Context(), run, "-live", "-to", "viberbm:15551230000", "-order", "viberbm, sms")

	assert.Zero(t, got.Code, got.Stderr)
	assert.Contains(t, got.Stdout, "to VIBERBM:1555***00.")
	assert.NotContains(t, got.Stdout, "15551230000")
	require.Len(t, srv.Sent(), 1)
	sent := srv.Sent()[0].Request
	assert.Equal(t, conversation.ToChannel(conversation.ChannelViberBM, "15551230000"), sent.Recipient)
	assert.Equal(t, []conversation.Channel{conversation.ChannelViberBM, conversation.ChannelSMS}, sent.ChannelPriorityOrder)
	assert.Len(t, sent.Message.CardMessage.Choices, 2)
}

func TestAnUnknownOutcomeIsReportedAndNotRetried(t *testing.T) {
	srv, sends := exampletest.LiveHangsUp(t, "/messages:send")
	t.Setenv("SINCH_APP_ID", srv.AppID())

	got := exampletest.Run(t.Context(), run, "-live", "-to", "SMS:15551230000")

	assert.Equal(t, 1, got.Code)
	assert.Contains(t, got.Stderr, "the card may have been sent: do not blindly send it again")
	assert.Equal(t, 1, sends())
}
