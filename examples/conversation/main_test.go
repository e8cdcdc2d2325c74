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
		`Created contact [0-9A-Z]{26} with SMS:15551230000\.`, `Created conversation [0-9A-Z]{26}\. Active: true\.`,
		`Sent message ([0-9A-Z]{26})\.\nThe conversation holds message [0-9A-Z]{26}, TO_CONTACT\.\n`,
		`Stopped the conversation\. Active: false\.\n$`)
}

func TestLiveReportsEverythingMissing(t *testing.T) {
	t.Setenv("SINCH_APP_ID", "")
	exampletest.LiveReportsEverythingMissing(t, run, "SINCH_APP_ID", "-to")
}

func TestLiveUsesAnExistingContact(t *testing.T) {
	srv := exampletest.Live(t)
	t.Setenv("SINCH_APP_ID", srv.AppID())
	contact, err := srv.NewClient(t).Contacts.Create(t.Context(), &conversation.CreateContactRequest{
		ChannelIdentities: []conversation.ChannelIdentity{{Channel: conversation.ChannelSMS, Identity: "15551230000"}}, Language: "EN",
	})
	require.NoError(t, err)

	got := exampletest.Run(t.Context(), run, "-live", "-contact", contact.ID)

	assert.Zero(t, got.Code, got.Stderr)
	assert.NotContains(t, got.Stdout, "Created contact")
	require.Len(t, srv.Sent(), 1)
	assert.Equal(t, conversation.ToContact(contact.ID), srv.Sent()[0].Request.Recipient)
}

func TestLiveMasksIdentities(t *testing.T) {
	srv := exampletest.Live(t)
	t.Setenv("SINCH_APP_ID", srv.AppID())

	got := exampletest.Run(t.Context(), run, "-live", "-to", "SMS:15551230000")

	assert.Zero(t, got.Code, got.Stderr)
	assert.Contains(t, got.Stdout, "with SMS:1555***00.")
	assert.NotContains(t, got.Stdout, "15551230000")
}

func TestAnUnknownOutcomeIsReportedAndNotRetried(t *testing.T) {
	srv, sends := exampletest.LiveHangsUp(t, "/messages:send")
	t.Setenv("SINCH_APP_ID", srv.AppID())

	got := exampletest.Run(t.Context(), run, "-live", "-to", "SMS:15551230000")

	assert.Equal(t, 1, got.Code)
	assert.Contains(t, got.Stderr, "the message may have been sent: do not blindly send it again")
	assert.Equal(t, 1, sends())
}
