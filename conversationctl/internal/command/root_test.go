package command

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/sinchgo/conversation"
)

func TestIncorrectUsageExitsWith2(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"bogus"}, {"--bogus"}, {"doctor", "extra", "arguments"}} {
		got := ctl{}.run(t, args...)
		assert.Equal(t, exitUsage, got.code, args)
		assert.Empty(t, got.stdout)
		assert.Contains(t, got.stderr, "conversationctl:")
	}
}

func TestTheVersionIsThatOfTheSDK(t *testing.T) {
	t.Parallel()
	assert.Equal(t, result{stdout: "conversationctl " + conversation.Version + "\n"}, ctl{}.run(t, "--version"))
}

func TestHelpListsTheCommands(t *testing.T) {
	t.Parallel()
	got := ctl{}.run(t)
	assert.Zero(t, got.code)
	for _, name := range []string{"doctor", "send", "listen", "replay", "call", "fake", "relay", "completion"} {
		assert.Contains(t, got.stdout, "\n  "+name)
	}
}
