package command

import (
	"bytes"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

const (
	testNumber = "+12025550189"
	testSecret = "secret-of-the-webhook"
	testText   = "a confidential text"
)

// assertDiscreet fails the test if stderr shows what only results may show.
func assertDiscreet(t *testing.T, stderr string, secrets ...string) {
	t.Helper()
	for _, secret := range append(secrets, testNumber, testNumber[1:], testText) {
		assert.NotContains(t, stderr, secret)
	}
}

// writeFile writes a file of the test and returns its path.
func writeFile(t *testing.T, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
	return path
}

// process is a program that runs until it is stopped.
type process struct {
	cmd            *exec.Cmd
	stdout, stderr output
}

// output is what a process has printed so far.
type output struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// start starts the program.
func (c ctl) start(t *testing.T, args ...string) *process {
	t.Helper()
	c.raced = true
	started := &process{cmd: c.command(t, args...)}
	started.cmd.Stdout, started.cmd.Stderr = &started.stdout, &started.stderr
	require.NoError(t, started.cmd.Start())
	return started
}

var listening = regexp.MustCompile(`Listening on (http://\S+)`)

// address waits until the program listens, and returns its URL.
func (p *process) address(t *testing.T) string {
	t.Helper()
	require.Eventually(t, func() bool { return listening.MatchString(p.stderr.String()) }, 30*time.Second, 5*time.Millisecond)
	return listening.FindStringSubmatch(p.stderr.String())[1]
}

// expect waits until one of the outputs has a text.
func (o *output) expect(t *testing.T, text string) {
	t.Helper()
	require.Eventually(t, func() bool { return bytes.Contains([]byte(o.String()), []byte(text)) }, 30*time.Second, 5*time.Millisecond,
		"%q is missing", text)
}

// end waits for the end of the program.
func (p *process) end(t *testing.T) result {
	t.Helper()
	_ = p.cmd.Wait()
	return result{p.stdout.String(), p.stderr.String(), p.cmd.ProcessState.ExitCode()}
}

// interrupt ends the program as Ctrl-C does.
func (p *process) interrupt(t *testing.T) result {
	t.Helper()
	require.NoError(t, p.cmd.Process.Signal(os.Interrupt))
	return p.end(t)
}

// addWebhook registers a target for the callbacks of the fake.
func addWebhook(t *testing.T, srv *conversationtest.Server, target, secret string, triggers ...conversation.WebhookTrigger) {
	t.Helper()
	_, err := srv.NewClient(t).Webhooks.Create(t.Context(), srv.AppID(), &conversation.CreateWebhookRequest{
		Target: target, Secret: secret, Triggers: triggers,
	})
	require.NoError(t, err)
}

// received is a request that a target got.
type received struct {
	header http.Header
	body   string
}

// recordingTarget records requests, and answers them.
type recordingTarget struct {
	mu     sync.Mutex
	got    []received
	answer func(received) int // nil: 200
}

func (r *recordingTarget) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	var body bytes.Buffer
	_, _ = body.ReadFrom(req.Body)
	one := received{req.Header.Clone(), body.String()}
	r.mu.Lock()
	r.got = append(r.got, one)
	r.mu.Unlock()
	w.Header().Set("Location", "/elsewhere")
	if r.answer != nil {
		w.WriteHeader(r.answer(one))
	}
}

func (r *recordingTarget) requests() []received {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]received{}, r.got...)
}

// freeAddress returns an address that nothing listens on.
func freeAddress(t *testing.T) string {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, listener.Close())
	return listener.Addr().String()
}
