package embedded_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/relay/embedded"
)

func TestAFolderKeepsWhatWasWritten(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "made", "as needed")
	for want := range uint64(2) {
		engine, err := embedded.Dir(path).Connect(t.Context())
		require.NoError(t, err)
		ack, err := stream(t, engine).Publish(t.Context(), "test", nil)
		require.NoError(t, err)
		assert.Equal(t, want+1, ack.Sequence)
		engine.Close()
		engine.Close() // the second call has no effect
	}
	info, err := os.Stat(path)
	require.NoError(t, err)
	assert.Zero(t, info.Mode().Perm()&0o077, "others can look into the folder")
}

func TestOpeningAFolderTwiceIsAnErrorWithTheFix(t *testing.T) {
	t.Parallel()
	path := t.TempDir()
	start(t, embedded.Dir(path))

	_, err := embedded.Dir(path).Connect(t.Context())

	require.ErrorIs(t, err, embedded.ErrInUse)
	assert.ErrorContains(t, err, path)
	assert.ErrorContains(t, err, "embedded.WithListen")
	assert.ErrorContains(t, err, "embedded.Attach")
}

func TestOpeningAFolderWaitsForThePreviousProcess(t *testing.T) {
	t.Parallel()
	path := t.TempDir()
	first := start(t, embedded.Dir(path))
	opened := make(chan error, 1)
	go func() {
		second, err := embedded.Dir(path).Connect(t.Context())
		if err == nil {
			second.Close()
		}
		opened <- err
	}()
	first.Close()
	require.NoError(t, <-opened)
}

func TestAnEndedContextEndsTheWait(t *testing.T) {
	t.Parallel()
	path := t.TempDir()
	start(t, embedded.Dir(path))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := embedded.Dir(path).Connect(ctx)
	require.ErrorIs(t, err, context.Canceled)
}

func TestAnUnusableFolderIsReported(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	closed := filepath.Join(t.TempDir(), "closed")
	require.NoError(t, os.Mkdir(closed, 0o500))
	for name, test := range map[string]struct {
		path string
		want string
	}{
		"empty":    {"", "conversation: embedded.Dir: path is empty: name the folder of the engine"},
		"file":     {file, file + " is a file: name a folder"},
		"in file":  {filepath.Join(file, "sub"), "cannot be used"},
		"readonly": {closed, closed + " is not writable: change its permissions, or name another folder"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if name == "readonly" && os.WriteFile(filepath.Join(closed, "probe"), nil, 0o600) == nil {
				t.Skip("this user may write anywhere")
			}
			_, err := embedded.Dir(test.path).Connect(t.Context())
			require.ErrorContains(t, err, test.want)
		})
	}
}

func TestAllInvalidOptionsAreReported(t *testing.T) {
	t.Parallel()
	_, err := embedded.Dir(t.TempDir(), nil, embedded.WithListen("0.0.0.0:4222"), embedded.WithSyncEvery(0), embedded.WithMaxBytes(0), embedded.WithLogger(nil)).Connect(t.Context())
	for _, want := range []string{"option 0 is nil", "WithListen is not a loopback address", "WithSyncEvery", "WithMaxBytes", "WithLogger"} {
		assert.ErrorContains(t, err, want)
	}
	for _, addr := range []string{"", "127.0.0.1", "127.0.0.1:http", "127.0.0.1:65536", "10.0.0.1:0", "example.com:0", ":0"} {
		_, err := embedded.Dir(t.TempDir(), embedded.WithListen(addr)).Connect(t.Context())
		assert.ErrorContains(t, err, "conversation: embedded.Dir: WithListen", addr)
	}
}

func TestAnAddressInUseIsReported(t *testing.T) {
	t.Parallel()
	path := t.TempDir()
	start(t, embedded.Dir(path, embedded.WithListen(anyPort)))
	taken := addressOf(t, path).Host
	_, err := embedded.Dir(t.TempDir(), embedded.WithListen(taken)).Connect(t.Context())
	require.ErrorContains(t, err, "did not start")
	require.ErrorContains(t, err, taken)
}

func TestWithoutListenOtherProcessesCannotAttach(t *testing.T) {
	t.Parallel()
	path := t.TempDir()
	start(t, embedded.Dir(path))
	_, err := embedded.Attach(path).Connect(t.Context())
	require.ErrorIs(t, err, embedded.ErrNotRunning)
}

func TestAnotherProcessNeedsTheTokenOfTheFile(t *testing.T) {
	t.Parallel()
	path := t.TempDir()
	engine := start(t, embedded.Dir(path, embedded.WithListen(anyPort)))
	info, err := os.Stat(filepath.Join(path, "engine.json"))
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), info.Mode().Perm())

	_, err = nats.Connect("nats://" + addressOf(t, path).Host)
	require.ErrorIs(t, err, nats.ErrAuthorization)
	attached := start(t, embedded.Attach(path))
	_, err = stream(t, attached).Publish(t.Context(), "test", nil)
	require.NoError(t, err)

	engine.Close()
	assert.NoFileExists(t, filepath.Join(path, "engine.json"))
	_, err = embedded.Attach(path).Connect(t.Context())
	require.ErrorIs(t, err, embedded.ErrNotRunning)
}

func TestAnAttachedProcessFindsTheEngineAgain(t *testing.T) {
	t.Parallel()
	path := t.TempDir()
	first := start(t, embedded.Dir(path, embedded.WithListen(anyPort)))
	attached := start(t, embedded.Attach(path))
	js := stream(t, attached)
	before := addressOf(t, path)
	first.Close()

	start(t, embedded.Dir(path, embedded.WithListen(anyPort))) // at another port and with another token

	assert.NotEqual(t, before.String(), addressOf(t, path).String())
	require.Eventually(t, func() bool {
		_, err := js.Publish(t.Context(), "test", nil)
		return err == nil
	}, 20*time.Second, 10*time.Millisecond)
}

func TestADamagedAddressFileIsReported(t *testing.T) {
	t.Parallel()
	for _, content := range []string{"", "{", `{"url":"nats://127.0.0.1:4222"}`, `{"url":"%"}`} {
		path := t.TempDir()
		start(t, embedded.Dir(path, embedded.WithListen(anyPort)))
		require.NoError(t, os.WriteFile(filepath.Join(path, "engine.json"), []byte(content), 0o600))
		_, err := embedded.Attach(path).Connect(t.Context())
		assert.ErrorContains(t, err, "restart the process that has the folder open", content)
	}
	_, err := embedded.Attach("").Connect(t.Context())
	require.ErrorContains(t, err, "embedded.Attach: path is empty")
}

func TestAFullDiskIsAnError(t *testing.T) {
	t.Parallel()
	engine := start(t, embedded.Dir(t.TempDir(), embedded.WithMaxBytes(64<<10)))
	js := stream(t, engine)
	var err error
	for range 100 {
		if _, err = js.Publish(t.Context(), "test", make([]byte, 4<<10)); err != nil {
			break
		}
	}
	require.ErrorContains(t, err, "insufficient")

	kept, err := js.Stream(t.Context(), "TEST")
	require.NoError(t, err)
	require.NoError(t, kept.Purge(t.Context()))
	_, err = js.Publish(t.Context(), "test", nil)
	require.NoError(t, err)
}
