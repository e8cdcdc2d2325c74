package main

import (
	"encoding/json"
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/examples/internal/exampletest"
)

func TestByDefaultItShowsEveryKind(t *testing.T) {
	t.Parallel()
	got := exampletest.Run(t.Context(), run)
	assert.Zero(t, got.Code, got.Stderr)
	for name, message := range kinds {
		block := regexp.MustCompile(`(?s)\n== ` + name + `\n(\{.*?\n\})\n(.*?)\n\n`).FindStringSubmatch(got.Stdout + "\n\n")
		require.NotNil(t, block, name)
		var shown conversation.AppMessage
		require.NoError(t, json.Unmarshal([]byte(block[1]), &shown), name)
		again, err := json.Marshal(shown)
		require.NoError(t, err)
		want, err := json.Marshal(message)
		require.NoError(t, err)
		if name != "list" { // The platform has another format for menu items.
			assert.JSONEq(t, string(want), string(again), name)
		}
		assert.Regexp(t, `(?m)^RCS: .+\nSMS: .+\nWHATSAPP: .+`, block[2], name)
	}
}

func TestItShowsTheKindsThatAreNamed(t *testing.T) {
	t.Parallel()
	got := exampletest.Run(t.Context(), run, "-channels", "SMS", "text", "location")
	assert.Zero(t, got.Code, got.Stderr)
	assert.Contains(t, got.Stdout, "== text\n{\n  \"text_message\"")
	assert.Contains(t, got.Stdout, "== location\n")
	assert.NotContains(t, got.Stdout, "== card")
	assert.NotContains(t, got.Stdout, "RCS:")
}

func TestAnUnknownKindIsRejected(t *testing.T) {
	t.Parallel()
	got := exampletest.Run(t.Context(), run, "poem")
	assert.Equal(t, 2, got.Code)
	assert.Contains(t, got.Stderr, `"poem" is not one of the kinds of message: card carousel`)
}

func TestLiveReportsEverythingMissing(t *testing.T) {
	t.Setenv("SINCH_APP_ID", "")
	exampletest.LiveReportsEverythingMissing(t, run, "SINCH_APP_ID")
}
