package main

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/examples/internal/exampletest"
)

const number = "15551230000"

func TestByDefaultItSendsToTheFakeAndReadsBack(t *testing.T) {
	t.Parallel()
	exampletest.OnTheFake(t, run,
		`Sent message [0-9A-Z]{26} to SMS:15551230000, accepted at 20\d\d-`, `Read it back: "Hello from Go!"`,
		`ACCEPTED +DIRECTION +IDENTITY +MESSAGE ID\n20.*TO_CONTACT  SMS:15551230000  [0-9A-Z]{26}\n$`)
}

func TestAnEndedContextEndsIt(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()

	got := exampletest.Run(ctx, run)

	assert.Equal(t, 1, got.Code)
	assert.Contains(t, got.Stderr, "context canceled")
	assert.NotContains(t, got.Stderr, "may have been sent")
}

func TestLiveReportsEverythingMissing(t *testing.T) {
	t.Setenv("SINCH_APP_ID", "")
	exampletest.LiveReportsEverythingMissing(t, run, "SINCH_APP_ID", "-to")
}

func TestLiveSendsAndMasksIdentities(t *testing.T) {
	srv := exampletest.Live(t)
	t.Setenv("SINCH_APP_ID", srv.AppID())

	got := exampletest.Run(t.Context(), run, "-live", "-to", "sms:"+number)

	assert.Zero(t, got.Code, got.Stderr)
	assert.Contains(t, got.Stdout, "to SMS:1555***00")
	assert.NotContains(t, got.Stdout, number)
	assert.NotContains(t, got.Stdout, "fake")
	require.Len(t, srv.Sent(), 1)
	assert.Equal(t, number, srv.Sent()[0].Request.Recipient.IdentifiedBy.ChannelIdentities[0].Identity)
}

func TestLiveReportsARejectionAndNothingElse(t *testing.T) {
	exampletest.Live(t)
	t.Setenv("SINCH_APP_ID", "OTHER")

	got := exampletest.Run(t.Context(), run, "-live", "-to", "SMS:"+number)

	assert.Equal(t, 1, got.Code)
	assert.Contains(t, got.Stderr, "OTHER")
	assert.NotContains(t, got.Stderr, "may have been sent")
}

func TestLiveReportsThatTheMessageMayHaveBeenSent(t *testing.T) {
	srv, sends := exampletest.LiveHangsUp(t, "/messages:send")
	t.Setenv("SINCH_APP_ID", srv.AppID())

	got := exampletest.Run(t.Context(), run, "-live", "-to", "SMS:"+number)

	assert.Equal(t, 1, got.Code)
	assert.Empty(t, got.Stdout)
	assert.Contains(t, got.Stderr, "the message may have been sent: do not blindly send it again")
	assert.Equal(t, 1, sends())
}

func TestLiveCopesWithMessagesThatAreNotStored(t *testing.T) {
	exampletest.LiveAnsweredBy(t, func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Method == http.MethodPost:
			_, _ = w.Write([]byte(`{"message_id": "M1", "accepted_time": "2026-03-01T12:00:00Z"}`))
		case strings.HasSuffix(r.URL.Path, "/M1"):
			w.WriteHeader(http.StatusNotFound)
		default:
			_, _ = w.Write([]byte(`{}`))
		}
	})
	t.Setenv("SINCH_APP_ID", "APP")

	got := exampletest.Run(t.Context(), run, "-live", "-to", "SMS:"+number)

	assert.Zero(t, got.Code, got.Stderr)
	assert.Contains(t, got.Stdout, "Sent message M1")
	assert.Contains(t, got.Stdout, "cannot be read back")
	assert.Contains(t, got.Stdout, "no stored messages")
}
