package command

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

func TestUnknownFieldsAndInvalidValuesAreRejectedBeforeAnythingIsSent(t *testing.T) {
	t.Parallel()
	s := newStored(t, conversation.ProcessingModeConversation)
	before := len(s.Requests())
	const to = `"recipient":{"contact_id":"C"}`
	for _, tt := range []struct{ args, file, want string }{
		{"contacts create", `{"display_nam":"Ada"}`, `"display_nam"`},
		{"contacts create", `{"display_name":1}`, "display_name must be of type string"},
		{"contacts create", `{"display_name":`, "it ends too early"},
		{"contacts create", `{} {}`, "more after the first"},
		{"contacts create", ``, "it is empty"},
		{"webhooks update ID", `{"tigger":[]}`, `"tigger"`},
		{"messages create", `{` + to + `,"message":{"text_message":{"text":"Hi"}},"ttll":5}`, `"ttll"`},
		{"messages create", `{` + to + `,"message":{"text_message":{"text":"Hi","color":"red"}}}`, `"message.text_message.color"`},
		{"messages create", `{` + to + `,"message":{"choice_message":{"text_message":{"text":"Hi"},"choices":[{"text_mesage":{"text":"Yes"}}]}}}`, `"message.choice_message.choices.text_mesage"`},
		{"batches create", strings.Replace(batchFile, `{"message"`, `{"send_afer":"2026-01-31T12:00:00Z","message"`, 1), `"send_afer"`},
		{"batches create", strings.Replace(batchFile, `{"message"`, `{"send_after":"tomorrow","message"`, 1), `"send_after"`},
	} {
		got := s.run(t, tt.file, append(strings.Fields(tt.args), "--file", "-")...)
		assert.Equal(t, exitUsage, got.code, "%s: %s", tt.args, got.stderr)
		assert.Contains(t, got.stderr, tt.want)
	}
	assert.Len(t, s.Requests(), before)
	s.AssertSentTexts(t, storedText, storedText)
}

func TestWhatARequestKeepsIsNotLost(t *testing.T) {
	t.Parallel()
	for _, content := range []string{
		`{"app_id":"A","ttl":"600s","conversation_metadata":{"a":1},"correlation_id":"","channel_priority_order":[]}`,
		`{"message":{"choice_message":{"choices":[{"postback_data":"a","text_message":{"text":"Yes"}}]}}}`,
		`{"recipient":{"identified_by":{"channel_identities":[]}},"message":{"text_message":{}}}`,
	} {
		var req conversation.SendMessageRequest
		require.NoError(t, json.Unmarshal([]byte(content), &req))
		assert.Empty(t, lostField([]byte(content), &req), content)
	}
}
