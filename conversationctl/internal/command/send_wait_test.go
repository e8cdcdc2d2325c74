package command

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

// storing returns a fake whose app keeps messages, with reports by a script.
func storing(t *testing.T, script conversationtest.Script) *conversationtest.Server {
	t.Helper()
	srv := conversationtest.NewServer(conversationtest.Config{Script: script})
	t.Cleanup(srv.Close)
	mode := conversation.ProcessingModeConversation
	_, err := srv.NewClient(t).Apps.Update(t.Context(), srv.AppID(), &conversation.UpdateAppRequest{ProcessingMode: &mode})
	require.NoError(t, err)
	return srv
}

// states decodes what --wait printed after the answer.
func states(t *testing.T, srv *conversationtest.Server, stdout string) []messageState {
	t.Helper()
	lines := strings.Split(strings.TrimSpace(stdout), "\n")
	var accepted conversation.SendMessageResponse
	require.NoError(t, json.Unmarshal([]byte(lines[0]), &accepted))
	require.Len(t, srv.Sent(), 1)
	assert.Equal(t, srv.Sent()[0].MessageID, accepted.MessageID)
	var all []messageState
	for _, line := range lines[1:] {
		var state messageState
		require.NoError(t, json.Unmarshal([]byte(line), &state))
		assert.Equal(t, accepted.MessageID, state.MessageID)
		all = append(all, state)
	}
	return all
}

func TestWaitPollsTheStatusOfTheMessage(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		script   conversationtest.Script
		args     []string
		status   int // of the reply to Messages.Get; zero: the message
		code     int
		last     conversation.DeliveryStatus
		mentions string
	}{
		"delivered":          {script: conversationtest.ScriptDeliver, last: "DELIVERED"},
		"read":               {script: conversationtest.ScriptRead, args: []string{"--until", "read"}, last: "READ"},
		"failed":             {script: conversationtest.ScriptFail, code: exitFailed, last: "FAILED", mentions: "has failed"},
		"not read in time":   {script: conversationtest.ScriptDeliver, args: []string{"--until=read", "--timeout=1500ms"}, code: exitFailed, last: "DELIVERED", mentions: "its last status is DELIVERED"},
		"only queued":        {args: []string{"--timeout=1500ms"}, code: exitFailed, last: "QUEUED", mentions: "its last status is QUEUED"},
		"not stored in time": {args: []string{"--timeout=50ms"}, status: 404, code: exitFailed, mentions: "no status is known (the app may not keep it"},
		"not readable":       {status: 403, code: exitFailed, mentions: "HTTP 403"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := storing(t, test.script)
			if test.status != 0 {
				srv.Fault(conversationtest.Fault{Kind: conversationtest.FaultStatus, Status: test.status, Operation: "Messages.Get"})
			}
			got := ctlFor(srv).run(t, append([]string{"send", "--to=SMS:" + testNumber, "--text=" + testText, "--wait", "--json", "-v"}, test.args...)...)
			assert.Equal(t, test.code, got.code, got.stderr)
			assert.Contains(t, got.stderr, test.mentions)
			assertDiscreet(t, got.stderr)
			seen := states(t, srv, got.stdout)
			if test.last == "" {
				assert.Empty(t, seen)
				return
			}
			last := seen[len(seen)-1]
			assert.Equal(t, test.last, last.Status)
			assert.Equal(t, testNumber[1:], last.Identity)
			assert.Equal(t, test.last == "FAILED", last.Reason != "")
		})
	}
}

func TestWaitPrintsTheStatesForPeople(t *testing.T) {
	t.Parallel()
	srv := storing(t, conversationtest.ScriptFail)
	got := ctlFor(srv).run(t, "send", "--to=SMS:"+testNumber, "--text="+testText, "--wait")
	assert.Equal(t, exitFailed, got.code)
	assert.Regexp(t, `(?m)^\w+ accepted [-0-9: ]+$`, got.stdout)
	assert.Regexp(t, `(?m)^\w+ FAILED [-0-9: ]+ SMS:12025550189 CHANNEL_FAILURE.*$`, got.stdout)
}

func TestWaitSendsNothingIfNoStatusCouldBePolled(t *testing.T) {
	t.Parallel()
	retained := conversation.UpdateAppRequest{DispatchRetentionPolicy: &conversation.DispatchRetentionPolicy{TTLDays: 1}}
	for name, test := range map[string]struct {
		update *conversation.UpdateAppRequest
		fault  *conversationtest.Fault
		file   string
		code   int
		want   string
	}{
		"DISPATCH mode without retention": {code: exitUsage, want: "dispatch_retention_policy"},
		"DISPATCH mode with retention":    {update: &retained, code: exitOK},
		"no persist_message_status": {
			fault: &conversationtest.Fault{
				Kind: conversationtest.FaultStatus, Operation: "Apps.Get", Status: 200,
				Body: `{"id":"A","processing_mode":"CONVERSATION","persist_message_status":{"enabled":false}}`,
			},
			code: exitUsage, want: "persist_message_status",
		},
		"an unknown app": {
			fault: &conversationtest.Fault{Kind: conversationtest.FaultStatus, Operation: "Apps.Get", Status: 404},
			code:  exitFailed, want: "nothing was sent",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := conversationtest.NewServer(conversationtest.Config{Script: conversationtest.ScriptDeliver})
			t.Cleanup(srv.Close)
			if test.update != nil {
				_, err := srv.NewClient(t).Apps.Update(t.Context(), srv.AppID(), test.update)
				require.NoError(t, err)
			}
			if test.fault != nil {
				srv.Fault(*test.fault)
			}
			got := ctlFor(srv).run(t, "send", "--to=SMS:"+testNumber, "--text="+testText, "--wait")
			assert.Equal(t, test.code, got.code, got.stderr)
			assert.Contains(t, got.stderr, test.want)
			assert.Len(t, srv.Sent(), map[bool]int{true: 1}[test.code == exitOK])
		})
	}
}

func TestWaitForADispatchOnlyMessageOfAnAppInConversationMode(t *testing.T) {
	t.Parallel()
	srv := storing(t, conversationtest.ScriptDeliver)
	file := writeFile(t, `{"message":{"text_message":{"text":"x"}},"processing_strategy":"DISPATCH_ONLY"}`)
	got := ctlFor(srv).run(t, "send", "--to=SMS:"+testNumber, "--file="+file, "--wait")
	assert.Equal(t, exitUsage, got.code)
	assert.Empty(t, srv.Sent())
}

func TestALostAnswerWithWaitExitsWith3(t *testing.T) {
	t.Parallel()
	srv := storing(t, conversationtest.ScriptDeliver)
	srv.Fault(conversationtest.Fault{Kind: conversationtest.FaultDropAfterAccept, Operation: "Messages.Send"})
	got := ctlFor(srv).run(t, "send", "--to=SMS:"+testNumber, "--text="+testText, "--wait")
	assert.Equal(t, exitUnknown, got.code)
	assert.Len(t, srv.Sent(), 1)
}

func TestCtrlCEndsAWaitAndTheMessageStaysSent(t *testing.T) {
	t.Parallel()
	srv := storing(t, conversationtest.ScriptNone)
	running := ctlFor(srv).start(t, "send", "--to=SMS:"+testNumber, "--text="+testText, "--wait")
	running.stdout.expect(t, "accepted")
	got := running.interrupt(t)
	assert.Equal(t, exitFailed, got.code)
	assert.Contains(t, got.stderr, "interrupted: the message "+srv.Sent()[0].MessageID)
	assertDiscreet(t, got.stderr)
}

func TestAServerCannotChangeTheTerminalOfAWait(t *testing.T) {
	t.Parallel()
	const escapes = `M\u001b]0;x\u0007\u009b31m`
	for name, status := range map[string]string{"an unknown status": `X` + escapes, "failed": "FAILED"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := storing(t, conversationtest.ScriptNone)
			srv.Fault(conversationtest.Fault{
				Kind: conversationtest.FaultStatus, Status: 200, Operation: "Messages.Send", Body: `{"message_id":"` + escapes + `"}`,
			})
			srv.Fault(conversationtest.Fault{
				Kind: conversationtest.FaultStatus, Status: 200, Operation: "Messages.Get",
				Body: `{"id":"` + escapes + `","message_status":{"status":"` + status + `","reason":"` + escapes + `"}}`,
			})
			got := ctlFor(srv).run(t, "send", "--to=SMS:"+testNumber, "--text=x", "--wait", "--timeout=1500ms")
			assert.Equal(t, exitFailed, got.code)
			assert.Contains(t, got.stdout, `\x1b`)
			for _, raw := range []string{"\x1b", "\a", "\u009b"} {
				assert.NotContains(t, got.stdout+got.stderr, raw)
			}
		})
	}
}
