package main

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
	"github.com/sinchgo/conversation/examples/internal/exampletest"
	"github.com/sinchgo/conversation/examples/internal/setup"
)

func TestByDefaultEverybodyGetsOneMessageOnTheFake(t *testing.T) {
	t.Parallel()
	var sent []conversationtest.SentMessage
	got := exampletest.Run(t.Context(), func(ctx context.Context, p *setup.Program) error {
		err := run(ctx, p)
		sent = p.Fake.Sent()
		return err
	})
	require.Zero(t, got.Code, got.Stderr)

	people, err := readPeople("")
	require.NoError(t, err)
	var want, ids []string
	for i, to := range people {
		want = append(want, "sale-"+to.id)
		if i < 20 {
			want = append(want, "code-"+to.id)
		}
	}
	lastCode := 0
	for i, message := range sent {
		ids = append(ids, message.Request.CorrelationID)
		if strings.HasPrefix(message.Request.CorrelationID, "code-") {
			lastCode = i
		}
	}
	assert.ElementsMatch(t, want, ids)
	assert.Less(t, lastCode, len(sent)-20, "the codes overtake the campaign")

	for _, line := range []string{
		`Paused: app "[^"]+"\. .*404.*region\)`,
		`The region is right now\. (10|[1-9]) messages that were rejected are in the queue again\.`,
		`Paused: [1-9]\d+ messages of the campaign wait\.`,
		`320 delivered\. The fake received 320 messages, 0 of them twice\.`,
		`sale: +0 queued, +0 attempting, +300 accepted, +300 delivered, +0 rejected`,
	} {
		assert.Regexp(t, `(?m)^`+line+`$`, got.Stdout)
	}
	assert.NotContains(t, got.Stdout, "\x1b", "it is not a terminal")
	assert.NotContains(t, got.Stdout, "1555000")
}

func TestLiveReportsEverythingMissing(t *testing.T) {
	t.Setenv("SINCH_APP_ID", "")
	exampletest.LiveReportsEverythingMissing(t, run, "SINCH_APP_ID", "SINCH_WEBHOOK_SECRET", "-file", "-dir")
}

func TestLiveSendsToThePeopleOfAFileOnceAndFollowsThemToTheirDelivery(t *testing.T) {
	srv := exampletest.Live(t)
	t.Setenv("SINCH_APP_ID", srv.AppID())
	t.Setenv("SINCH_WEBHOOK_SECRET", "live-secret")
	file, dir, address := filepath.Join(t.TempDir(), "people.csv"), t.TempDir(), exampletest.FreeAddress(t)
	require.NoError(t, os.WriteFile(file, []byte("id,name,number\n7,Ana,15551230000\n8,\"Bo, Jr\",15551230001\n7,Ana,15551230000\n"), 0o600))
	srv.AddWebhook("http://"+address+"/sinch", "live-secret", conversation.TriggerMessageDelivery)
	go reports(t, srv)
	for range 2 {
		got := exampletest.Run(t.Context(), run, "-live", "-file", file, "-dir", dir, "-addr", address)
		require.Zero(t, got.Code, got.Stderr)
		assert.Contains(t, got.Stdout, "1 delivered, 1 failed, 0 rejected, 0 unknown.")
		assert.NotContains(t, got.Stdout, "1555123")
	}
	var texts []string
	for _, sent := range srv.Sent() {
		texts = append(texts, sent.Request.CorrelationID+" "+sent.Request.Message.TextMessage.Text[:9])
	}
	assert.ElementsMatch(t, []string{"sale-7 Hi Ana, a", "sale-8 Hi Bo, Jr"}, texts)
}

// reports delivers the first message and fails the second, once they are sent.
func reports(t *testing.T, srv *conversationtest.Server) {
	t.Helper()
	look := time.NewTicker(10 * time.Millisecond)
	defer look.Stop()
	for range look.C {
		if sent := srv.Sent(); len(sent) == 2 {
			assert.NoError(t, srv.Deliver(sent[0].MessageID))
			assert.NoError(t, srv.Fail(sent[1].MessageID, conversation.Reason{Code: conversation.ReasonChannelFailure}))
			return
		}
		if t.Context().Err() != nil {
			return
		}
	}
}

func TestAWrongFileIsNamedBeforeAnythingIsSent(t *testing.T) {
	t.Parallel()
	for content, want := range map[string]string{
		"":                             "does not begin with the line id,name,number",
		"number,name,id\n":             "does not begin with the line id,name,number",
		"id,name,number\n1,Ana\n":      "wrong number of fields",
		"id,name,number\n,Ana,1555\n":  "row 2 has no id or no number",
		"id,name,number\n1,Ana,\n":     "row 2 has no id or no number",
		"id,name,number\n1,\"Ana,15\n": "extraneous or missing",
	} {
		file := filepath.Join(t.TempDir(), "people.csv")
		require.NoError(t, os.WriteFile(file, []byte(content), 0o600))
		got := exampletest.Run(t.Context(), run, "-file", file)
		assert.Equal(t, 1, got.Code)
		assert.Contains(t, got.Stderr, want)
	}
}

func TestAPersonWhoseIDNamesAnotherMessageIsNamed(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "people.csv")
	require.NoError(t, os.WriteFile(file, []byte("id,name,number\n7,Ana,15551230000\n7,Bo,15551230001\n"), 0o600))
	got := exampletest.Run(t.Context(), run, "-file", file)
	assert.Equal(t, 1, got.Code)
	assert.Contains(t, got.Stderr, "sale-7")
	assert.Contains(t, got.Stderr, "names another message")
}

func TestTheMadeUpPeopleAreDifferent(t *testing.T) {
	t.Parallel()
	people, err := readPeople("")
	require.NoError(t, err)
	require.Len(t, people, 300)
	numbers := make(map[string]bool)
	for i, to := range people {
		assert.Equal(t, strconv.Itoa(1001+i), to.id)
		numbers[to.number] = true
	}
	assert.Len(t, numbers, 300)
}
