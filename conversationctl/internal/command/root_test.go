package command

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
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

func TestAMisspelledCommandIsSuggested(t *testing.T) {
	t.Parallel()
	assert.Contains(t, ctl{}.run(t, "docter").stderr, `has no command "docter": did you mean doctor?`)
	assert.Contains(t, ctl{}.run(t, "apps", "delet").stderr, `has no command "delet": did you mean delete?`)
	assert.Contains(t, ctl{}.run(t, "bogus").stderr, `has no command "bogus": see conversationctl --help`)
}

func TestTheValuesOfFlagsAreCompleted(t *testing.T) {
	t.Parallel()
	for command, values := range map[string]string{
		"apps list --region":          "us\neu\nbr\n:4\n",
		"send --until":                "delivered\nread\n:4\n",
		"contacts import --format":    "csv\njsonl\n:4\n",
		"messages list --direction":   "TO_APP\nTO_CONTACT\n:4\n",
		"contacts export --format":    "csv\njsonl\n:4\n",
		"webhooks list --dialect":     "platform\nopenapi\n:4\n",
		"send --to SMS:+1555 --queue": "high\nnormal\n:4\n",
	} {
		args := append([]string{"__complete"}, strings.Fields(command)...)
		assert.Equal(t, values, ctl{}.run(t, append(args, "")...).stdout, command)
	}
}

func TestAnErrorOfAccessNamesDoctor(t *testing.T) {
	t.Parallel()
	const hint = "See conversationctl doctor"
	srv := conversationtest.NewServer(conversationtest.Config{})
	t.Cleanup(srv.Close)
	assert.Contains(t, ctlFor(srv).run(t, "apps", "get", "unknown").stderr, hint)
	assert.Contains(t, ctlFor(srv).with("SINCH_KEY_SECRET=wrong").run(t, "apps", "list").stderr, hint)
	assert.NotContains(t, ctlFor(srv).run(t, "apps", "get").stderr, hint)
}

func TestTheVersionIsThatOfTheSDK(t *testing.T) {
	t.Parallel()
	assert.Equal(t, result{stdout: "conversationctl v" + conversation.Version + "\n"}, ctl{}.run(t, "--version"))
}

func TestHelpListsTheCommands(t *testing.T) {
	t.Parallel()
	got := ctl{}.run(t)
	assert.Zero(t, got.code)
	for _, name := range []string{"doctor", "send", "listen", "replay", "call", "fake", "relay", "completion"} {
		assert.Contains(t, got.stdout, "\n  "+name)
	}
}
