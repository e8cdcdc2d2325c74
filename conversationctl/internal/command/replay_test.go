package command

import (
	"encoding/json"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/webhook"
)

// recorded returns the lines of records of some bodies, signed at a time.
func recorded(t *testing.T, at time.Time, bodies ...string) string {
	t.Helper()
	var lines strings.Builder
	for _, body := range bodies {
		header := webhook.Sign([]byte(body), testSecret, "nonce", at)
		header.Set("Content-Type", "application/json")
		line, err := json.Marshal(newRecord(at, []byte(body), header))
		require.NoError(t, err)
		lines.Write(append(line, '\n'))
	}
	return lines.String()
}

func TestAReplayPostsWhatWasReceivedByteForByte(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "callbacks.jsonl")
	first, second := &recordingTarget{}, &recordingTarget{}
	running, address := listenFor(t, "--record="+path, "--forward-to="+newTarget(t, first))
	for _, body := range []string{inbound, "{\"b\" : \"<\\u0041>\"}\r\n", "\xff", strings.Repeat(" ", 1<<19)} {
		require.Equal(t, http.StatusOK, post(t, address, body, signed(body)))
	}
	running.interrupt(t)

	got := ctl{}.run(t, "replay", path, "--to", newTarget(t, second))
	assert.Equal(t, exitOK, got.code, got.stderr)
	assert.Equal(t, "Callbacks sent: 4. Answered with 2xx: 4. Lines skipped: 0.\n", got.stderr)
	assert.Regexp(t, `^line 1  [-0-9: ]+  MESSAGE_INBOUND  200\n`, got.stdout)
	require.Len(t, second.requests(), 4)
	for i, want := range first.requests() {
		for _, name := range []string{"Accept-Encoding", "User-Agent"} { // Those of the client of the test.
			want.header.Del(name)
		}
		assert.Equal(t, want, second.requests()[i])
	}
}

func TestAReplayThatSignsAgainIsAcceptedByAReceiver(t *testing.T) {
	t.Parallel()
	receiver, err := webhook.NewReceiver(webhook.WithSecret(testSecret))
	require.NoError(t, err)
	target := newTarget(t, receiver)
	old := writeFile(t, recorded(t, time.Now().Add(-48*time.Hour), inbound, inbound))
	c := ctl{env: []string{"SECRET=" + testSecret}}

	got := c.run(t, "replay", old, "--to", target)
	assert.Equal(t, exitFailed, got.code)
	assert.Equal(t, 1, strings.Count(got.stderr, "more than 24 hours ago"))
	assert.Contains(t, got.stderr, "2 of 2 callbacks were not answered with 2xx")

	got = c.run(t, "replay", old, "--to", target, "--sign", "--secret-env", "SECRET", "--json")
	assert.Equal(t, exitOK, got.code, got.stderr)
	assert.NotContains(t, got.stderr, "24 hours")
	assertDiscreet(t, got.stderr, testSecret)
	var answer replayed
	require.NoError(t, json.Unmarshal([]byte(strings.Split(got.stdout, "\n")[0]), &answer))
	assert.Equal(t, 200, answer.Status)
	assert.Equal(t, 1, answer.Line)
	assert.Equal(t, "MESSAGE_INBOUND", string(answer.Trigger))
}

func TestAReplaySignsEachCallbackWithAnotherNonce(t *testing.T) {
	t.Parallel()
	target := &recordingTarget{}
	got := ctl{env: []string{"SECRET=" + testSecret}}.in(recorded(t, time.Now(), inbound, inbound)+"{\"body\":\"no header\"}\n").
		run(t, "replay", "-", "--to", newTarget(t, target), "--sign", "--secret-env", "SECRET")
	require.Equal(t, exitOK, got.code, got.stderr)
	nonces := map[string]bool{}
	for _, one := range target.requests() {
		assert.NoError(t, webhook.Verify([]byte(one.body), one.header, testSecret))
		nonces[one.header.Get(webhook.HeaderNonce)] = true
	}
	assert.Len(t, nonces, 3)
}

func TestAReplayReportsWhatWasNotAccepted(t *testing.T) {
	t.Parallel()
	delivery := `{"app_id":"A","message_delivery_report":{"message_id":"M","status":"READ"}}`
	content := recorded(t, time.Now(), inbound, delivery, inbound) + `{"received":"2026-11-29T00:00:00Z","hea`
	for name, test := range map[string]struct {
		args   []string
		answer int
		sent   int
		want   string
	}{
		"a torn line":        {nil, 200, 3, "line 4 is not a recorded callback: it is skipped"},
		"refused":            {nil, 401, 3, "3 of 3 callbacks were not answered with 2xx"},
		"a redirect":         {nil, 307, 3, "3 of 3 callbacks were not answered with 2xx"},
		"stopped":            {[]string{"--stop-on-failure"}, 500, 1, "stopped at line 1"},
		"of one trigger":     {[]string{"--trigger", "message_delivery"}, 200, 1, "Callbacks sent: 1. Answered with 2xx: 1. Lines skipped: 1."},
		"slowly, and a torn": {[]string{"--rate", "1000"}, 200, 3, "lines that are not recorded callbacks: 1"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			target := &recordingTarget{answer: func(received) int { return test.answer }}
			got := ctl{}.in(content).run(t, append([]string{"replay", "-", "--to", newTarget(t, target), "-v"}, test.args...)...)
			assert.Equal(t, exitFailed, got.code)
			assert.Len(t, target.requests(), test.sent)
			assert.Contains(t, got.stderr, test.want)
			assert.Equal(t, test.sent, strings.Count(got.stdout, "\n"))
			assertDiscreet(t, got.stderr)
		})
	}
}

func TestAReplayToATargetThatIsAwayDoesNotShowItsAddress(t *testing.T) {
	t.Parallel()
	got := ctl{}.in(recorded(t, time.Now(), inbound)).run(t, "replay", "-", "--to", "http://user:private@"+freeAddress(t))
	assert.Equal(t, exitFailed, got.code)
	assert.Contains(t, got.stdout, "connection refused")
	assert.NotContains(t, got.stdout+got.stderr, "private")
}

func TestAReplayKeepsItsRate(t *testing.T) {
	t.Parallel()
	target := &recordingTarget{}
	began := time.Now()
	got := ctl{}.in(recorded(t, time.Now(), inbound, inbound, inbound)).run(t, "replay", "-", "--to", newTarget(t, target), "--rate", "20")
	assert.Equal(t, exitOK, got.code)
	assert.GreaterOrEqual(t, time.Since(began), 100*time.Millisecond)
}

func TestReplayRejectsIncorrectUsage(t *testing.T) {
	t.Parallel()
	to := "--to=http://127.0.0.1:1"
	for _, test := range []struct {
		args []string
		want string
	}{
		{nil, "FILE"},
		{[]string{"-"}, "--to is missing"},
		{[]string{"-", "--to=example.com"}, "--to must be an absolute http or https URL"},
		{[]string{"-", to, "--sign"}, "--sign requires --secret-env"},
		{[]string{"-", to, "--secret-env=X"}, "--secret-env requires --sign"},
		{[]string{"-", to, "--sign", "--secret-env=UNSET_SECRET"}, "the environment variable that it names is not set"},
		{[]string{"-", to, "--rate=-1"}, "--rate must be 0.001 or more"},
		{[]string{"-", to, "--rate=NaN"}, "--rate must be 0.001 or more"},
		{[]string{"-", to, "--trigger=X"}, "--trigger"},
		{[]string{"/does/not/exist", to}, "/does/not/exist"},
	} {
		got := ctl{}.in("").run(t, append([]string{"replay"}, test.args...)...)
		assert.Equal(t, exitUsage, got.code, test.args)
		assert.Contains(t, got.stderr, test.want, test.args)
	}
}
