package command

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/relay"
	"github.com/sinchgo/conversation/relay/embedded"
)

// enqueued returns the folder of a relay with queued entries.
func enqueued(t *testing.T, ids ...string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "relay")
	queue, err := relay.Open(t.Context(), embedded.Dir(dir))
	require.NoError(t, err)
	defer queue.Close()
	for _, id := range ids {
		require.NoError(t, queue.Outbox().Enqueue(t.Context(), &conversation.SendMessageRequest{
			AppID: "SHOP", Recipient: conversation.ToChannel(conversation.ChannelSMS, "12025550123"), Message: conversation.Text("Hello"),
		}, relay.Entry{ID: id}))
	}
	return dir
}

func TestRelayIsTheProgram(t *testing.T) {
	t.Parallel()
	dir := enqueued(t, "one", "two")
	status := ctl{}.run(t, "relay", "-dir", dir, "status")
	require.Zero(t, status.code, status.stderr)
	assert.Regexp(t, `SHOP +2`, status.stdout)

	refused := ctl{}.run(t, "relay", "cancel", "-dir", dir, "-all")
	assert.Equal(t, exitUsage, refused.code)
	assert.Contains(t, refused.stderr, "conversationctl relay: ")
	assert.Contains(t, refused.stderr, "-yes")

	asked := ctl{}.terminal(t, "relay", "cancel", "-dir", dir, "-all")
	asked.expect(t, "Continue? [y/N]")
	asked.enter(t, "y")
	screen, code := asked.end(t)
	assert.Zero(t, code)
	assert.Contains(t, screen, "2 cancelled.")

	shown := ctl{}.run(t, "relay", "show", "-dir", dir, "one", "-json")
	assert.Zero(t, shown.code)
	assert.Contains(t, shown.stdout, `"cancelled"`)
}

func TestRelayExitsAsTheProgramDoes(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		args []string
		code int
		want string
	}{
		"help":           {[]string{"-h"}, exitOK, "conversationctl relay [flags] status"},
		"no command":     {nil, exitUsage, "conversationctl relay: no command"},
		"no folder":      {[]string{"-dir", "nowhere", "status"}, exitFailed, "conversationctl relay: -dir nowhere"},
		"a flag of ours": {[]string{"--region", "eu", "status"}, exitUsage, "-region"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := ctl{}.run(t, append([]string{"relay"}, tt.args...)...)
			assert.Equal(t, tt.code, got.code)
			assert.Contains(t, got.stderr, tt.want)
			assert.Empty(t, got.stdout)
		})
	}
}

func TestRelayCompletesItsCommands(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{"un": "unknown\n:4\n", "dead ": "list\nretry\nshow\n:4\n", "unknown se": "settle\n:4\n", "show ": ":4\n"} {
		got := ctl{}.run(t, append([]string{"__complete", "relay"}, strings.Split(typed, " ")...)...)
		assert.Equal(t, want, got.stdout, typed)
	}
}
