package redact_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/sinchgo/conversation/internal/redact"
)

func TestHiddenStringsAreReplaced(t *testing.T) {
	t.Parallel()
	hidden := func() []string { return []string{"hush", "key", ""} }
	assert.Equal(t, "[redacted] and [redacted]es: key", redact.Hide("hush and hushes: key", hidden), "a key of 3 bytes is too short to hide")
	assert.Equal(t, "hush", redact.Hide("hush", nil))
}

func TestTheCredentialsOfAHeaderAreFound(t *testing.T) {
	t.Parallel()
	for header, want := range map[string][]string{
		"Bearer token":         {"token"},
		"Basic aWQ6aHVzaDp5":   {"aWQ6aHVzaDp5", "hush:y"}, // id:hush:y
		"Basic !":              {"!"},
		"Bearer aWQ6aHVzaDp5":  {"aWQ6aHVzaDp5"},
		"Basic aWRvbmx5":       {"aWRvbmx5", ""}, // idonly
		"no-scheme":            {""},
		"Bearer two words too": {"two words too"},
	} {
		assert.Equal(t, want, redact.CredentialsIn(header), header)
	}
}
