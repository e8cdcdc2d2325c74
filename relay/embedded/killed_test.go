package embedded_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/relay/embedded"
)

// victim is the variable with the folder for a process that will be killed.
const victim = "EMBEDDED_TEST_VICTIM"

const written = 200

// TestMain runs the tests, or the process that will be killed.
func TestMain(m *testing.M) {
	path := os.Getenv(victim)
	if path == "" {
		os.Exit(m.Run())
	}
	fmt.Fprintln(os.Stderr, writeAndDie(path))
	os.Exit(1)
}

func writeAndDie(path string) error {
	ctx := context.Background()
	engine, err := embedded.Dir(path, embedded.WithListen(anyPort), embedded.WithSyncEvery(time.Hour)).Connect(ctx)
	if err != nil {
		return err
	}
	js, err := jetstream.New(engine.Conn)
	if err != nil {
		return err
	}
	if _, err := js.CreateStream(ctx, jetstream.StreamConfig{Name: "TEST", Subjects: []string{"test"}}); err != nil {
		return err
	}
	for range written {
		if _, err := js.Publish(ctx, "test", []byte("kept")); err != nil {
			return err
		}
	}
	self, err := os.FindProcess(os.Getpid())
	if err != nil {
		return err
	}
	if err := self.Kill(); err != nil {
		return err
	}
	select {} // until it is killed
}

func TestAKilledProcessLosesNothingAndReleasesTheFolder(t *testing.T) {
	t.Parallel()
	path := t.TempDir()
	process := exec.CommandContext(t.Context(), os.Args[0])
	process.Env = append(os.Environ(), victim+"="+path)
	output, err := process.CombinedOutput()
	require.Error(t, err)
	require.Empty(t, string(output))
	require.FileExists(t, filepath.Join(path, "engine.json"), "the process had no time to remove it")

	_, err = embedded.Attach(path).Connect(t.Context())
	require.ErrorIs(t, err, embedded.ErrNotRunning)
	js := stream(t, start(t, embedded.Dir(path)))
	kept, err := js.Stream(t.Context(), "TEST")
	require.NoError(t, err)
	assert.EqualValues(t, written, kept.CachedInfo().State.Msgs)
	assert.NoFileExists(t, filepath.Join(path, "engine.json"))
}
