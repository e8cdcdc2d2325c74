package conversationtest_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

// judged is a testing.TB that only records what is reported to it.
type judged struct {
	testing.TB
	failures []string
}

func (*judged) Helper() {}

func (j *judged) Errorf(format string, args ...any) {
	j.failures = append(j.failures, fmt.Sprintf(format, args...))
}

func TestAssertionsPassOnWhatWasSent(t *testing.T) {
	t.Parallel()
	srv := conversationtest.NewServer(conversationtest.Config{InMemory: true})
	defer srv.Close()
	var judge judged

	srv.AssertNothingSent(&judge)
	srv.AssertSentTexts(&judge)
	sendText(t, srv, "one")
	sendText(t, srv, "two")
	srv.AssertSentTexts(&judge, "one", "two")
	srv.AssertSentTo(&judge, conversation.ToChannel(conversation.ChannelSMS, "15551230000"), "one", "two")
	srv.AssertSentTo(&judge, conversation.ToChannel(conversation.ChannelRCS, "15551230001"))
	srv.AssertSentTo(&judge, conversation.ToContact("somebody"))

	assert.Empty(t, judge.failures)
}

func TestAnAssertionThatFailsShowsTheDifference(t *testing.T) {
	t.Parallel()
	srv := conversationtest.NewServer(conversationtest.Config{InMemory: true})
	defer srv.Close()
	sendText(t, srv, "same")
	sendText(t, srv, "is")
	_, err := srv.NewClient(t).Messages.Send(t.Context(), &conversation.SendMessageRequest{
		AppID: srv.AppID(), Recipient: conversation.ToChannel(conversation.ChannelRCS, "15551230001"),
		Message: conversation.Media("https://a.example/cat.png"),
	})
	require.NoError(t, err)
	var judge judged

	srv.AssertSentTexts(&judge, "same", "was")
	srv.AssertNothingSent(&judge)
	srv.AssertSentTo(&judge, conversation.ToContact("C1"), "hello")
	srv.AssertSentTo(&judge, conversation.ToChannels(
		conversation.ChannelIdentity{Channel: conversation.ChannelRCS, Identity: "15551230001"},
		conversation.ChannelIdentity{Channel: conversation.ChannelSMS, Identity: "15551230002"},
	))

	assert.Equal(t, []string{
		"the texts that were sent are not the expected ones:\n" +
			"        sent                expected\n" +
			"    1   \"same\"              \"same\"\n" +
			"!   2   \"is\"                \"was\"\n" +
			"!   3   \"[media_message]\"   -\n",
		"the texts that were sent are not the expected ones:\n" +
			"        sent                expected\n" +
			"!   1   \"same\"              -\n" +
			"!   2   \"is\"                -\n" +
			"!   3   \"[media_message]\"   -\n",
		"the texts that were sent to the contact C1 are not the expected ones:\n" +
			"        sent   expected\n" +
			"!   1   -      \"hello\"\n",
		"the texts that were sent to RCS 15551230001 or SMS 15551230002 are not the expected ones:\n" +
			"        sent                expected\n" +
			"!   1   \"[media_message]\"   -\n",
	}, judge.failures)
}
