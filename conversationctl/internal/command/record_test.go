package command

import (
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/conversationctl/internal/console"
	"github.com/sinchgo/conversation/webhook"
)

// recordOf reads the only record of a file.
func recordOf(t *testing.T, content string) record {
	t.Helper()
	reader := newRecordReader(strings.NewReader(content))
	one, err := reader.next()
	require.NoError(t, err)
	_, err = reader.next()
	require.ErrorIs(t, err, io.EOF)
	return one
}

func TestARecordHasTheBytesOfTheCallback(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		"", "{}", `{"a":"\u0041"}`, " {\r\n\t} \n", "<&>\u2028\ufffd🙂", "\x00\x1f", "\xff\xfe not UTF-8", strings.Repeat("\x01", 1<<20),
	} {
		path := filepath.Join(t.TempDir(), "callbacks.jsonl")
		file, err := newRecorder(path)
		require.NoError(t, err)
		at := time.Date(2026, 11, 29, 1, 2, 3, 4, time.UTC)
		require.NoError(t, file.add(newRecord(at, []byte(body), http.Header{"X-Other": {"1"}, "Content-Type": {"a", "b"}})))
		require.NoError(t, file.close())
		got := recordOf(t, readFile(t, path))
		assert.Equal(t, body, string(got.body()))
		assert.Equal(t, http.Header{"Content-Type": {"a", "b"}}, got.Header)
		assert.Equal(t, at, got.Received)
	}
}

func TestListenAppendsWhatItReceivedForItsOwnerOnly(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "callbacks.jsonl")
	for run := range 2 {
		running, address := listenFor(t, "--record="+path)
		header := signed(inbound)
		header.Set("Authorization", "Bearer private")
		require.Equal(t, http.StatusOK, post(t, address, inbound, header))
		lines := strings.SplitAfter(readFile(t, path), "\n") // Before the program ends.
		require.Len(t, lines, run+2)
		running.interrupt(t)
		assert.NotContains(t, lines[run], "private")
		got := recordOf(t, lines[run])
		assert.Equal(t, inbound, string(got.body())) //nolint:testifylint // Every byte counts.
		assert.NoError(t, webhook.Verify(got.body(), got.Header, testSecret))
		info, err := os.Stat(path)
		require.NoError(t, err)
		assert.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	}
}

func TestARecordAfterATornLineBeginsOnItsOwn(t *testing.T) {
	t.Parallel()
	path := writeFile(t, `{"received":"2026-`)
	file, err := newRecorder(path)
	require.NoError(t, err)
	require.NoError(t, file.add(newRecord(time.Now(), []byte("1"), nil)))
	require.NoError(t, file.add(newRecord(time.Now(), []byte("2"), nil)))
	require.NoError(t, file.close())
	reader := newRecordReader(strings.NewReader(readFile(t, path)))
	_, err = reader.next()
	require.ErrorIs(t, err, errNotRecord)
	for _, want := range []string{"1", "2"} {
		one, err := reader.next()
		require.NoError(t, err)
		assert.Equal(t, want, string(one.body()))
	}
	assert.Equal(t, 3, reader.line)
}

func TestACallbackThatCannotBeRecordedIsDeliveredAgain(t *testing.T) {
	t.Parallel()
	target := &recordingTarget{}
	var stdout, stderr output
	p := &program{Console: &console.Console{Out: &stdout, Err: &stderr}}
	l := &listener{program: p, path: "/", seen: webhook.NewMemoryDeduper(1)}
	var err error
	l.target, err = newCallbackTarget("", newTarget(t, target))
	require.NoError(t, err)
	l.recorder, err = newRecorder(writeFile(t, ""))
	require.NoError(t, err)
	require.NoError(t, l.recorder.close()) // As a full disk, every write fails.
	receiver, err := webhook.NewReceiver(webhook.WithSecret(testSecret), webhook.WithLogger(slog.New(slog.DiscardHandler)))
	require.NoError(t, err)
	assert.Equal(t, http.StatusServiceUnavailable, post(t, newTarget(t, l.handler(receiver))+"/", inbound, signed(inbound)))
	assert.Contains(t, stderr.String(), "not recorded, and answered with 503")
	assert.Empty(t, stdout.String())
	assert.Empty(t, target.requests())
	assertDiscreet(t, stderr.String())
}

func TestALineThatIsTooLongIsAnError(t *testing.T) {
	t.Parallel()
	reader := newRecordReader(io.MultiReader(strings.NewReader("\n"), io.LimitReader(endless{}, maxRecord+1)))
	_, err := reader.next()
	require.ErrorContains(t, err, "too long")
	assert.Equal(t, 2, reader.line)
}

// endless is a line without an end.
type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}

func TestARecordThatDoesNotFitIsCutOff(t *testing.T) {
	t.Parallel()
	path := writeFile(t, "first\npart")
	r, err := newRecorder(path)
	require.NoError(t, err)
	require.True(t, r.cut(len("part")))
	content, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, "first\n", string(content))
	require.NoError(t, r.close())
	assert.False(t, r.cut(1), "a file that is closed cannot be cut")
}
