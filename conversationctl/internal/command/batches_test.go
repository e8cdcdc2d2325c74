package command

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

func TestABatchWhoseAnswerWasLostIsFound(t *testing.T) {
	t.Parallel()
	s := newStored(t, conversation.ProcessingModeDispatch)
	s.Fault(conversationtest.Fault{Kind: conversationtest.FaultDropAfterAccept, Operation: "Batches.Send"})

	got := s.run(t, batchFile, "batches", "create", "--file", "-")

	assert.Zero(t, got.code, got.stderr)
	batches := s.Batches()
	require.Len(t, batches, 2, "the stored one, and this one once")
	assert.Equal(t, batches[1].BatchID, decodeStrictly[conversation.SendBatchResponse](t, got.stdout).BatchID)
}

func TestABatchThatIsNotFoundCanBeLookedForByItsKey(t *testing.T) {
	t.Parallel()
	s := newStored(t, conversation.ProcessingModeDispatch)
	s.Fault(conversationtest.Fault{Kind: conversationtest.FaultDropAfterAccept, Operation: "Batches.Send"})
	hidden := s.Fault(conversationtest.Fault{Kind: conversationtest.FaultStatus, Status: 404, Operation: "Batches.FindByMetadata"})

	lost := s.run(t, batchFile, "batches", "create", "--file", "-", "--lookup-timeout", "1ms")
	hidden.Remove()

	assert.Equal(t, exitUnknown, lost.code)
	assert.Empty(t, lost.stdout)
	_, command, found := strings.Cut(lost.stderr, "conversationctl batches list")
	require.True(t, found, lost.stderr)
	got := s.run(t, "", append([]string{"batches", "list", "--json"}, strings.Fields(command)...)...)
	batches := s.Batches()
	require.Len(t, batches, 2)
	assert.Equal(t, batches[1].BatchID, decodeStrictly[conversation.Batch](t, got.stdout).BatchID)
}

func TestAScheduledBatchIsCancelled(t *testing.T) {
	t.Parallel()
	s := newStored(t, conversation.ProcessingModeDispatch)
	after := s.Now().Add(24 * 60 * 60 * 1e9).UTC().Format("2006-01-02T15:04:05Z")
	created := s.run(t, strings.Replace(batchFile, `{"message"`, `{"send_after":"`+after+`","message"`, 1), "batches", "create", "--file", "-")
	id := decodeStrictly[conversation.SendBatchResponse](t, created.stdout).BatchID

	got := s.run(t, "", "batches", "delete", "--yes", id)

	assert.Zero(t, got.code, got.stderr)
	assert.Contains(t, s.run(t, "", "batches", "get", id).stdout, `"status": "CANCELLED"`)
}

func TestABatchForTooManyPeopleIsNotSent(t *testing.T) {
	t.Parallel()
	s := newStored(t, conversation.ProcessingModeDispatch)
	one := `{"recipient":{"contact_id":"C"}}`
	file := `{"message":{"text_message":{"text":"Hi"}},"recipient_and_params":[` + one + strings.Repeat(","+one, 1000) + `]}`
	got := s.run(t, file, "batches", "create", "--file", "-")
	assert.Equal(t, exitUsage, got.code)
	assert.Contains(t, got.stderr, "1001")
	assert.Len(t, s.Batches(), 1)
}
