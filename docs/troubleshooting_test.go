package docs_test

import (
	"bytes"
	"context"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
	"github.com/sinchgo/conversation/webhook"
)

// TestTroubleshootingShowsRealTexts compares each line of a text block with what the SDK says, in both directions. The outputs of
// shell blocks are compared by the test that runs them.
func TestTroubleshootingShowsRealTexts(t *testing.T) { //nolint:paralleltest // It sets variables of the environment.
	for _, variable := range []string{"PROJECT_ID", "KEY_ID", "KEY_SECRET", "CONVERSATION_REGION", "REGION", "CONVERSATION_BASE_URL"} {
		t.Setenv("SINCH_"+variable, "")
	}
	shown := shownTexts(t)
	var said []string
	for _, text := range slices.Concat(failedCalls(t), rejectedCallbacks(t), otherTexts(t)) {
		said = append(said, strings.Split(strings.TrimSpace(text), "\n")...)
	}
	for _, line := range shown {
		assert.True(t, slices.ContainsFunc(said, pattern(line).MatchString), "the page shows what nothing says: %s", line)
	}
	for _, text := range said {
		matches := func(line string) bool { return pattern(line).MatchString(text) }
		assert.True(t, slices.ContainsFunc(shown, matches), "the page does not show: %s", text)
	}
}

func TestTroubleshootingHasEveryReasonOfACallback(t *testing.T) {
	t.Parallel()
	reasons := regexp.MustCompile(`CallbackReason = "(.*)"\s+// (\d+)`).FindAllStringSubmatch(read(t, "../webhook/receiver_reason.go"), -1)
	require.Greater(t, len(reasons), 15)
	page := read(t, "troubleshooting.md")
	for _, reason := range reasons {
		row := "| `" + reason[1] + "` | " + reason[2] + " |"
		assert.Contains(t, page, row)
	}
}

func TestTroubleshootingHasEveryReasonOfAFailedDelivery(t *testing.T) {
	t.Parallel()
	codes := regexp.MustCompile(`ReasonCode = "(\w+)"`).FindAllStringSubmatch(read(t, "../types.gen.go"), -1)
	require.Greater(t, len(codes), 25)
	page := read(t, "troubleshooting.md")
	for _, code := range codes {
		assert.Contains(t, page, "`"+code[1]+"`")
	}
}

// otherTexts returns what is neither an error of a call nor a record of a rejected callback.
func otherTexts(t *testing.T) []string {
	t.Helper()
	fake := newFake(t)
	var log bytes.Buffer
	client := fake.NewClient(t, once, conversation.WithLogger(newLogger(&log)))
	sent, err := client.Messages.Send(t.Context(), hello(fake))
	require.NoError(t, err)
	_, notFound := client.Messages.Get(t.Context(), sent.MessageID)
	log.Reset()
	fake.Fault(conversationtest.Fault{Kind: conversationtest.FaultDropAfterAccept})
	_, err = client.Messages.Send(t.Context(), hello(fake))
	require.Error(t, err)
	_, unknown, found := strings.Cut(log.String(), "\n")
	require.True(t, found, log.String())

	soon, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	tracker := webhook.NewTracker()
	defer tracker.Close()
	_, notDelivered := tracker.Wait(soon, sent.MessageID)
	reason := conversation.Reason{
		Code: conversation.ReasonRecipientNotReachable, Description: "The phone is off", SubCode: conversation.ReasonSubCodeUnspecified,
	}
	return []string{textOf(t, notFound), unknown, textOf(t, notDelivered), reason.String()}
}

// shownTexts returns the lines of the text blocks that are not the output of a shell block.
func shownTexts(t *testing.T) []string {
	t.Helper()
	page := read(t, "troubleshooting.md")
	var lines []string
	for _, text := range regexp.MustCompile("(?s)\n([^\n]*)\n```text\n(.*?)```\n").FindAllStringSubmatch(page, -1) {
		if text[1] != "<!-- output -->" {
			lines = append(lines, strings.Split(strings.TrimSpace(text[2]), "\n")...)
		}
	}
	return lines
}

// pattern returns the pattern of a line: three dots are any text.
func pattern(line string) *regexp.Regexp {
	return regexp.MustCompile("^" + strings.ReplaceAll(regexp.QuoteMeta(line), `\.\.\.`, ".*") + "$")
}

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	require.NoError(t, err)
	return string(text)
}
