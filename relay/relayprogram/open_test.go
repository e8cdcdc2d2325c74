package relayprogram

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/relay"
	"github.com/sinchgo/conversation/relay/embedded"
)

func TestADamagedFolderIsOpenedByName(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	r, err := relay.Open(t.Context(), embedded.Dir(dir))
	require.NoError(t, err)
	require.NoError(t, r.Outbox().Enqueue(t.Context(), &conversation.SendMessageRequest{
		AppID: "SHOP", Recipient: conversation.ToChannel(conversation.ChannelSMS, "15551230000"), Message: conversation.Text("Hello"),
	}, relay.Entry{ID: "one"}))
	r.Close()
	file := filepath.Join(dir, "jetstream", "$G", "streams", "SINCH_OUTBOX", "msgs", "1.blk")
	content, err := os.ReadFile(file)
	require.NoError(t, err)
	content[len(content)/2] ^= 0x41
	require.NoError(t, os.WriteFile(file, content, 0o600))

	got := invoke(t, "-dir", dir, "status")
	assert.Equal(t, exitFailed, got.code)
	assert.Contains(t, got.stderr, "1.blk")
	assert.Contains(t, got.stderr, "-damaged")
	assert.Empty(t, got.stdout)

	got = invoke(t, "-dir", dir, "-damaged", "status")
	assert.Zero(t, got.code, got.stderr)
	assert.Contains(t, got.stderr, "1.blk", "it says what is not readable")
	assert.Contains(t, got.stdout, "Dead letters: 0.")

	got = invoke(t, "-dir", dir, "status")
	assert.Zero(t, got.code, got.stderr)
}

func TestADamagedServerIsNotOpenedByName(t *testing.T) {
	t.Parallel()
	got := invoke(t, "-server", "nats://127.0.0.1:1", "-damaged", "status")
	assert.Equal(t, exitUsage, got.code)
	assert.Contains(t, got.stderr, "-damaged is for -dir")
}
