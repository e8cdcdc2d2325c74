package relayprogram

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestDeadLettersAreListedWithoutTheirContent(t *testing.T) {
	t.Parallel()
	p := start(t)
	assert.Equal(t, "There are no dead letters.\n", invoke(t, "-dir", p.dir, "dead", "list").stdout)
	assert.Equal(t, "[]\n", invoke(t, "-dir", p.dir, "dead", "list", "-json").stdout)
	p.addDeadLetter(t, "N1", `{"message":"secret words"}`)

	got := invoke(t, "-dir", p.dir, "dead", "list")
	require.Zero(t, got.code, got.stderr)
	assert.Regexp(t, `^NUMBER  SINCE +FROM +TRIES +ID +REASON\n1 +[0-9-]+ [0-9:]+ +inbox +10 +N1 +the shop is closed\n$`, got.stdout)

	got = invoke(t, "-dir", p.dir, "dead", "list", "-json")
	require.Zero(t, got.code, got.stderr)
	assert.NotContains(t, got.stdout, "secret words")
	var list []letter
	require.NoError(t, json.Unmarshal([]byte(got.stdout), &list))
	require.Len(t, list, 1)
	assert.NotZero(t, list[0].At)
	list[0].At = time.Time{}
	assert.Equal(t, letter{Number: 1, Origin: "inbox", ID: "N1", Reason: "the shop is closed", Tries: 10}, list[0])
}

func TestADeadLetterIsShownWithItsContent(t *testing.T) {
	t.Parallel()
	p := start(t)
	number := p.addDeadLetter(t, "N1", `{"message":"secret words"}`)

	got := invoke(t, "-dir", p.dir, "dead", "show", number)
	require.Zero(t, got.code, got.stderr)
	assert.Regexp(t, `(?m)^reason +the shop is closed$`, got.stdout)
	assert.Regexp(t, `(?m)^Content-Type +application/json$`, got.stdout)
	assert.Regexp(t, `\n\n\{"message":"secret words"\}\n$`, got.stdout)

	var shown letter
	require.NoError(t, json.Unmarshal([]byte(invoke(t, "-dir", p.dir, "-json", "dead", "show", number).stdout), &shown))
	assert.JSONEq(t, `{"message":"secret words"}`, string(shown.Body))
	assert.Equal(t, http.Header{"Content-Type": {"application/json"}}, shown.Header)
}

func TestContentThatIsNotJSONCannotReachTheTerminal(t *testing.T) {
	t.Parallel()
	p := start(t)
	number := p.addDeadLetter(t, "N1", "\x1b[2J")
	for _, args := range [][]string{{"-dir", p.dir, "dead", "show", number}, {"-json", "-dir", p.dir, "dead", "show", number}} {
		got := invoke(t, args...)
		require.Zero(t, got.code, got.stderr)
		assert.Contains(t, got.stdout, `"\u001b[2J"`)
		assert.NotContains(t, got.stdout, "\x1b")
	}
}

func TestDeadLettersAreRetried(t *testing.T) {
	t.Parallel()
	p := start(t)
	var numbers []string
	for _, id := range []string{"N1", "N2", "N3"} {
		numbers = append(numbers, p.addDeadLetter(t, id, `{"message":{}}`))
	}

	got := invoke(t, "-dir", p.dir, "dead", "retry", "-yes", numbers[1], "99")
	assert.Equal(t, exitFailed, got.code)
	assert.Contains(t, got.stdout, "2   retried\n")
	assert.Regexp(t, `99  .*no dead letter with this number`, got.stdout)
	assert.Contains(t, got.stderr, "1 of 2 failed")
	assert.Equal(t, 2, p.messages(t, "SINCH_DEAD"))
	assert.Equal(t, 1, p.messages(t, "SINCH_INBOX"))

	got = invoke(t, "-dir", p.dir, "dead", "retry", "-all", "-yes")
	assert.Zero(t, got.code, got.stderr)
	assert.Zero(t, p.messages(t, "SINCH_DEAD"))
	assert.Equal(t, 3, p.messages(t, "SINCH_INBOX"))
	got = invoke(t, "-dir", p.dir, "dead", "retry", "-all", "-json")
	assert.Equal(t, result{stdout: "[]\n"}, got)
}

func TestAMissingDeadLetterIsAnError(t *testing.T) {
	t.Parallel()
	p := start(t)
	got := invoke(t, "-dir", p.dir, "dead", "show", "7")
	assert.Equal(t, exitFailed, got.code)
	assert.Contains(t, got.stderr, "no dead letter with this number")
}

func TestCallbacksAreReplayed(t *testing.T) {
	t.Parallel()
	p := start(t)
	js, err := jetstream.New(p.nc)
	require.NoError(t, err)
	for range 2 {
		_, err := js.Publish(t.Context(), "sinch.inbox.1", []byte("{}"))
		require.NoError(t, err)
	}
	for _, test := range []struct {
		args []string
		want string
	}{
		{[]string{"-since", "1h"}, "2 callbacks will be handled again.\n"},
		{[]string{"-since", "2100-01-31T12:00:00Z"}, "0 callbacks will be handled again.\n"},
		{[]string{"-since", "2020-01-31T12:00:00Z", "-json"}, "{\n  \"replayed\": 4\n}\n"},
	} {
		got := invoke(t, append([]string{"-dir", p.dir, "-yes", "replay"}, test.args...)...)
		assert.Equal(t, result{stdout: test.want}, got)
	}
}

func TestADeadLetterThatWasCutSaysSo(t *testing.T) {
	t.Parallel()
	p := start(t)
	js, err := jetstream.New(p.nc)
	require.NoError(t, err)
	msg := nats.NewMsg("sinch.dead.inbox.N1")
	msg.Data, msg.Header = []byte(`{"message":"sec`), nats.Header{"Relay-Letter-Cut": {"12"}}
	_, err = js.PublishMsg(t.Context(), msg)
	require.NoError(t, err)
	assert.Regexp(t, `(?m)^cut +12 bytes of the body are missing$`, invoke(t, "-dir", p.dir, "dead", "show", "1").stdout)
	assert.Contains(t, invoke(t, "-dir", p.dir, "dead", "list", "-json").stdout, `"cut": 12`)
	assert.Contains(t, invoke(t, "-dir", p.dir, "dead", "retry", "1").stdout, "cut off")
}
