package conversationtest_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

var sources = map[conversation.ProcessingMode]conversation.MessageSource{
	conversation.ProcessingModeConversation: conversation.MessageSourceConversation,
	conversation.ProcessingModeDispatch:     conversation.MessageSourceDispatch,
}

// statusOf returns the status of a message as each way to read it shows it.
func statusOf(t *testing.T, srv *conversationtest.Server, id string, source conversation.MessageSource) *conversation.MessageStatus {
	t.Helper()
	messages := srv.NewClient(t).Messages
	got, err := messages.Get(t.Context(), id, conversation.WithMessageSource(source))
	require.NoError(t, err)
	page, err := messages.List(t.Context(), &conversation.ListMessagesParams{MessagesSource: source})
	require.NoError(t, err)
	last, err := messages.LastMessages(t.Context(), &conversation.LastMessagesRequest{MessagesSource: source})
	require.NoError(t, err)
	assert.Equal(t, got.MessageStatus, page.Items[0].MessageStatus)
	assert.Equal(t, got.MessageStatus, last.Items[0].MessageStatus)
	return got.MessageStatus
}

func TestTheStatusOfAMessageFollowsItsReports(t *testing.T) {
	t.Parallel()
	deliver := func(srv *conversationtest.Server, id string) error { return srv.Deliver(id) }
	read := func(srv *conversationtest.Server, id string) error { return srv.Read(id) }
	queue := func(srv *conversationtest.Server, id string) error { return srv.QueueOnChannel(id) }
	change := func(srv *conversationtest.Server, id string) error { return srv.SwitchChannel(id) }
	fail := func(srv *conversationtest.Server, id string) error {
		return srv.Fail(id, conversation.Reason{Code: conversation.ReasonRecipientNotReachable, Description: "gone"})
	}
	type report = func(*conversationtest.Server, string) error
	for name, test := range map[string]struct {
		reports []report
		want    conversation.MessageStatusCode
		at      int // The report that decides, counted from 1.
		reason  string
	}{
		"none":                      {nil, conversation.MessageStatusQueued, 0, ""},
		"queued":                    {[]report{queue}, conversation.MessageStatusQueuedOnChannel, 1, ""},
		"delivered":                 {[]report{queue, deliver}, conversation.MessageStatusDelivered, 2, ""},
		"read":                      {[]report{queue, deliver, read}, conversation.MessageStatusRead, 3, ""},
		"failed":                    {[]report{queue, fail}, conversation.MessageStatusFailed, 2, "RECIPIENT_NOT_REACHABLE: gone"},
		"switching":                 {[]report{queue, change}, conversation.MessageStatusSwitchingChannel, 2, ""},
		"delivered on the next":     {[]report{queue, change, queue, deliver}, conversation.MessageStatusDelivered, 4, ""},
		"delivered after it":        {[]report{read, deliver}, conversation.MessageStatusRead, 1, ""},
		"queued after it":           {[]report{deliver, queue}, conversation.MessageStatusDelivered, 1, ""},
		"the same again":            {[]report{deliver, deliver}, conversation.MessageStatusDelivered, 1, ""},
		"delivered after a failure": {[]report{fail, deliver}, conversation.MessageStatusFailed, 1, "RECIPIENT_NOT_REACHABLE: gone"},
		"read after a failure":      {[]report{fail, read}, conversation.MessageStatusRead, 2, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBothModesOfProcessing(t, conversationtest.Config{}, func(
				t *testing.T, srv *conversationtest.Server, mode conversation.ProcessingMode,
			) {
				t.Helper()
				if mode == conversation.ProcessingModeDispatch {
					retain(t, srv.NewClient(t), srv.AppID())
				}
				began := time.Now()
				id := sendTo(t, srv, nil, conversation.ChannelRCS, conversation.ChannelSMS)
				for _, report := range test.reports {
					time.Sleep(time.Minute)
					require.NoError(t, report(srv, id))
				}

				assert.Equal(t, &conversation.MessageStatus{
					Status:    test.want,
					EventTime: conversation.Time{Time: began.Add(time.Duration(test.at) * time.Minute).UTC()},
					Reason:    test.reason,
				}, statusOf(t, srv, id, sources[mode]))
			})
		})
	}
}

func TestAMessageFromAContactHasNoStatus(t *testing.T) {
	t.Parallel()
	srv := inMemory(t, conversationtest.Config{Mode: conversation.ProcessingModeConversation})
	id := srv.Receive(sms(), conversationtest.InboundText("hi")).ID
	assert.Nil(t, statusOf(t, srv, id, conversation.MessageSourceConversation))
}

func TestAReportOnADeletedMessageChangesNothing(t *testing.T) {
	t.Parallel()
	srv := inMemory(t, conversationtest.Config{Mode: conversation.ProcessingModeConversation})
	client := srv.NewClient(t)
	id := sendText(t, srv, "hello")
	require.NoError(t, client.Messages.Delete(t.Context(), id))

	require.Error(t, srv.Deliver(id))
	_, err := client.Messages.Get(t.Context(), id)
	assert.ErrorIs(t, err, conversation.ErrNotFound)
}

func TestAnUpdateOfAMessageKeepsItsStatus(t *testing.T) {
	t.Parallel()
	srv := inMemory(t, conversationtest.Config{Mode: conversation.ProcessingModeConversation})
	id := sendText(t, srv, "hello")
	require.NoError(t, srv.Read(id))

	updated, err := srv.NewClient(t).Messages.Update(t.Context(), id, &conversation.UpdateMessageRequest{Metadata: "new"})

	require.NoError(t, err)
	assert.Equal(t, conversation.MessageStatusRead, updated.MessageStatus.Status)
}
