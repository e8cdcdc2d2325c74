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
		`Sent template ORDER-SHIPPED as message [0-9A-Z]{26} to SMS:15551230000\.`, `Filled in: name, order\.`)
}

func TestLiveReportsEverythingMissing(t *testing.T) {
	t.Setenv("SINCH_APP_ID", "")
	exampletest.LiveReportsEverythingMissing(t, run, "SINCH_APP_ID", "-to", "-template")
}

func TestLiveFillsInTheTemplateAndMasksIdentities(t *testing.T) {
	srv := exampletest.Live(t)
	t.Setenv("SINCH_APP_ID", srv.AppID())

	got := exampletest.Run(t.Context(), run,
		"-live", "-to", "SMS:15551230000", "-template", "T1", "-version", "3", "-language", "pt-BR", "name=Ana", "text=1+1=2")

	assert.Zero(t, got.Code, got.Stderr)
	assert.Contains(t, got.Stdout, "Filled in: name, text.")
	assert.NotContains(t, got.Stdout, "15551230000")
	require.Len(t, srv.Sent(), 1)
	assert.Equal(t, &conversation.OmniTemplate{
		TemplateID: "T1", Version: "3", LanguageCode: "pt-BR", Parameters: map[string]string{"name": "Ana", "text": "1+1=2"},
	}, srv.Sent()[0].Request.Message.TemplateMessage.OmniTemplate)
}

func TestArgumentsMustHaveNames(t *testing.T) {
	t.Parallel()
	got := exampletest.Run(t.Context(), run, "Ana")
	assert.Equal(t, 2, got.Code)
	assert.Contains(t, got.Stderr, "name=value")
}

func TestAnUnknownOutcomeIsReportedAndNotRetried(t *testing.T) {
	srv, sends := exampletest.LiveHangsUp(t, "/messages:send")
	t.Setenv("SINCH_APP_ID", srv.AppID())

	got := exampletest.Run(t.Context(), run, "-live", "-contact", "C1", "-template", "T1")

	assert.Equal(t, 1, got.Code)
	assert.Contains(t, got.Stderr, "the message may have been sent: do not blindly send it again")
	assert.Equal(t, 1, sends())
}
