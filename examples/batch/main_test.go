package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
	"github.com/sinchgo/conversation/examples/internal/exampletest"
)

func TestByDefaultItFollowsBatchesOnTheFake(t *testing.T) {
	t.Parallel()
	exampletest.OnTheFake(t, run,
		`Batch 1 for people 1 to 1000: it is sent at \d\d:\d[05]:00\.\n`,
		`Batch 2 for people 1001 to 2000: the answer was lost, but the key finds it\.\n`,
		`Batch 3 for people 2001 to 2500: it is sent at `,
		`Batch 2 has BATCH_STATUS_PROCESSED: 1000 messages delivered, 0 failed\.\n`,
		`Batch 3 has BATCH_STATUS_PROCESSED: 500 messages delivered, 0 failed\.\n`,
		`The fake sent messages to 2500 people, to 0 of them twice\.\n$`)
}

func TestLiveReportsEverythingMissing(t *testing.T) {
	t.Setenv("SINCH_APP_ID", "")
	exampletest.LiveReportsEverythingMissing(t, run, "SINCH_APP_ID", "-file")
}

func TestLiveSchedulesTheMessagesOfAFile(t *testing.T) {
	srv := exampletest.Live(t)
	t.Setenv("SINCH_APP_ID", srv.AppID())
	got := exampletest.Run(t.Context(), run, "-live", "-in", "2h", "-file", people(t, "15551230000,Ana,A1\n15551230001,\"Bo, Jr\",B2\n"))

	assert.Zero(t, got.Code, got.Stderr)
	assert.NotContains(t, got.Stdout, "1555123")
	batches := srv.Batches()
	require.Len(t, batches, 1)
	assert.Equal(t, conversation.BatchStatusScheduled, batches[0].Status)
	assert.Equal(t, map[string]string{"name": "Bo, Jr", "code": "B2"}, batches[0].Request.RecipientAndParams[1].Parameters)
}

func TestLiveNamesABatchThatMayHaveBeenAccepted(t *testing.T) {
	srv := exampletest.Live(t)
	t.Setenv("SINCH_APP_ID", srv.AppID())
	srv.Fault(conversationtest.Fault{Kind: conversationtest.FaultStatus, Operation: "Batches.Send"})
	srv.Fault(conversationtest.Fault{Kind: conversationtest.FaultStatus, Status: 400, Operation: "Batches.FindByMetadata"})
	got := exampletest.Run(t.Context(), run, "-live", "-file", people(t, "15551230000,Ana,A1\n"))

	assert.Equal(t, 1, got.Code)
	assert.Contains(t, got.Stdout, "may have been accepted. Its key is ")
	assert.Contains(t, got.Stderr, "1 batches were not accepted, or may not have been")
}

func TestAWrongFileIsReportedBeforeAnythingIsSent(t *testing.T) {
	t.Parallel()
	got := exampletest.Run(t.Context(), run, "-file", people(t, "15551230000,Ana\n"))
	assert.Equal(t, 1, got.Code)
	assert.Contains(t, got.Stderr, "wrong number of fields")
}

// people writes a file of people, and returns its name.
func people(t *testing.T, content string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "people.csv")
	require.NoError(t, os.WriteFile(name, []byte(content), 0o600))
	return name
}
