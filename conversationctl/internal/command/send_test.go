package command

import (
	"encoding/json"
	"io"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationctl/internal/console"
	"github.com/sinchgo/conversation/conversationtest"
)

func TestSendSendsTheRequestOfTheFlagsOnce(t *testing.T) {
	t.Parallel()
	const file = `{"app_id":"APP","recipient":{"contact_id":"01CONTACT"},"message":{"text_message":{"text":"from a file"}},"ttl":"60s"}`
	const open = `{"message":{"text_message":{"text":"from a file"}}}`
	to := `"recipient":{"identified_by":{"channel_identities":[{"channel":"SMS","identity":"12025550189"}]}}`
	for name, test := range map[string]struct {
		args []string
		file string
		want string
	}{
		"a text": {
			args: []string{"--to", "SMS:" + testNumber, "--text", testText},
			want: `{"app_id":"APP",` + to + `,"message":{"text_message":{"text":"` + testText + `"}}}`,
		},
		"to several channels, and to a number in any spelling": {
			args: []string{"--to", "rcs:001 (202) 555-0189", "--to", "SMS:" + testNumber, "--to", "MESSENGER:a:b", "--text", testText},
			want: `{"app_id":"APP","recipient":{"identified_by":{"channel_identities":[{"channel":"RCS","identity":"12025550189"},
				{"channel":"SMS","identity":"12025550189"},{"channel":"MESSENGER","identity":"a:b"}]}},
				"message":{"text_message":{"text":"` + testText + `"}}}`,
		},
		"a file to a contact": {
			args: []string{"--contact", "01CONTACT", "--media", "https://example.com/a.png"},
			want: `{"app_id":"APP","recipient":{"contact_id":"01CONTACT"},"message":{"media_message":{"url":"https://example.com/a.png"}}}`,
		},
		"a template": {
			args: []string{
				"--to", "SMS:" + testNumber, "--template", "01TEMPLATE", "--language", "en-US", "--param", "name=Ada=B", "--param", "empty=",
			},
			want: `{"app_id":"APP",` + to + `,"message":{"template_message":{"omni_template":{"template_id":"01TEMPLATE","version":"latest",
				"language_code":"en-US","parameters":{"name":"Ada=B","empty":""}}}}}`,
		},
		"the settings": {
			args: []string{
				"--to", "SMS:" + testNumber, "--text", testText, "--ttl", "2m", "--channel-priority", "rcs,SMS", "--correlation-id", "c1",
				"--metadata", "m1", "--callback-url", "https://example.com/c", "--queue", "high",
			},
			want: `{"app_id":"APP",` + to + `,"message":{"text_message":{"text":"` + testText + `"}},"ttl":"120s",
				"channel_priority_order":["RCS","SMS"],"correlation_id":"c1","message_metadata":"m1",
				"callback_url":"https://example.com/c","queue":"HIGH_PRIORITY"}`,
		},
		"a whole file": {
			args: []string{"--file", "FILE"}, file: file,
			want: file,
		},
		"a file that agrees with the flags": {
			args: []string{"--file", "FILE", "--app", "APP", "--ttl", "60s", "--queue", "normal"}, file: file,
			want: `{"queue":"NORMAL_PRIORITY",` + file[1:],
		},
		"a file and flags for the rest": {
			args: []string{"--file", "FILE", "--to", "SMS:" + testNumber}, file: open,
			want: `{"app_id":"APP",` + to + `,"message":{"text_message":{"text":"from a file"}}}`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := conversationtest.NewServer(conversationtest.Config{
				AppID: "APP", Contract: conversationtest.PlatformContract, Mode: "CONVERSATION",
			})
			t.Cleanup(srv.Close)
			args := append([]string{"send"}, test.args...)
			for i, arg := range args {
				if arg == "FILE" {
					args[i] = writeFile(t, test.file)
				}
			}
			got := ctlFor(srv).run(t, args...)
			if args[2] == "01CONTACT" || test.want == file || test.file == file { // The fake has no such contact.
				assert.Equal(t, exitFailed, got.code)
				requests := srv.Requests()
				assert.JSONEq(t, test.want, string(requests[len(requests)-1].Body))
				return
			}
			require.Equal(t, exitOK, got.code, got.stderr)
			require.Len(t, srv.Sent(), 1)
			sent := srv.Sent()[0]
			assert.JSONEq(t, test.want, string(sent.Body))
			assert.Equal(t, sent.MessageID+" accepted "+sent.AcceptedTime.UTC().Format("2006-01-02 15:04:05")+"\n", got.stdout)
			assert.Empty(t, got.stderr)
		})
	}
}

func TestSendReadsTheRequestFromStdinAndPrintsJSON(t *testing.T) {
	t.Parallel()
	srv := conversationtest.NewServer(conversationtest.Config{})
	t.Cleanup(srv.Close)
	got := ctlFor(srv).in(`{"message":{"text_message":{"text":"Hello"}}}`).run(t, "send", "--file", "-", "--to", "SMS:"+testNumber, "--json", "-v")
	require.Equal(t, exitOK, got.code, got.stderr)
	srv.AssertSentTexts(t, "Hello")
	var answer map[string]any
	require.NoError(t, json.Unmarshal([]byte(got.stdout), &answer))
	assert.Equal(t, srv.Sent()[0].MessageID, answer["message_id"])
	assert.Contains(t, answer, "accepted_time")
	assert.Len(t, answer, 2)
	assert.Contains(t, got.stderr, "Messages.Send")
	assertDiscreet(t, got.stderr, "Hello", srv.KeySecret())
}

func TestSendRejectsIncorrectUsageBeforeItSends(t *testing.T) {
	t.Parallel()
	srv := conversationtest.NewServer(conversationtest.Config{})
	t.Cleanup(srv.Close)
	to, text := "--to=SMS:"+testNumber, "--text="+testText
	whole := writeFile(t, `{"app_id":"other","recipient":{"contact_id":"c"},"message":{"text_message":{"text":"x"}},"ttl":"60s",
		"channel_priority_order":["SMS"],"queue":"NORMAL_PRIORITY"}`)
	file := "--file=" + whole
	for _, test := range []struct {
		args []string
		want string
	}{
		{[]string{to}, "--text, --media, --template or --file"},
		{[]string{to, text, "--media=https://example.com"}, "--text and --media exclude each other"},
		{[]string{text}, "--to CHANNEL:IDENTITY"},
		{[]string{to, "--contact=c", text}, "--to and --contact exclude each other"},
		{[]string{"--to=" + testNumber, text}, "--to must be CHANNEL:IDENTITY"},
		{[]string{"--to=SMS:", text}, "--to must be CHANNEL:IDENTITY"},
		{[]string{"--to=EMAIL:" + testNumber, text}, "--to has an unknown channel: use one of SMS, RCS"},
		{[]string{"--to=SMS:2025550123456789", text}, "country code"},
		{[]string{"--to=SMS:0202555", text}, "country code"},
		{[]string{to, "--text="}, "--text is empty"},
		{[]string{to, "--media=/a.png"}, "message.media_message.url"},
		{[]string{to, text, "--ttl=1500ms"}, "--ttl must be whole seconds"},
		{[]string{to, text, "--ttl=1s"}, "ttl"},
		{[]string{to, text, "--queue=fast"}, "--queue"},
		{[]string{to, text, "--channel-priority=EMAIL"}, "--channel-priority has an unknown channel"},
		{[]string{to, text, "--callback-url=x"}, "callback_url"},
		{[]string{to, text, "--param=a=b"}, "--param requires --template"},
		{[]string{to, "--template=t", "--param=a"}, "--param: number 1 is not NAME=VALUE"},
		{[]string{to, "--template=t", "--param=a=1", "--param=a=2"}, "--param: number 2 has the name of another"},
		{[]string{to, text, "--until=read"}, "--until requires --wait"},
		{[]string{to, text, "--wait", "--until=queued"}, "--until must be"},
		{[]string{to, text, "--wait", "--timeout=0s"}, "--timeout must be above zero"},
		{[]string{to, text, "--wait", "--dry-run"}, "--wait and --dry-run exclude each other"},
		{[]string{to, text, "--wait", "--secret-env=X"}, "--secret-env requires --listen"},
		{[]string{to, text, "--channel=SMS"}, "--channel requires --dry-run"},
		{[]string{to, text, "--dry-run", "--channel=EMAIL"}, "--channel has an unknown channel"},
		{[]string{to, "--file=/does/not/exist"}, "--file"},
		{[]string{to, "--file=" + writeFile(t, `{"message":"`+testText+`}`)}, "is not the request that this command sends"},
		{[]string{to, "--file=" + writeFile(t, `{"message":{}}`)}, "message has no content"},
		{[]string{file, to}, "has a recipient"},
		{[]string{file, "--app=mine"}, "--app: the file of --file has another app_id"},
		{[]string{file, "--ttl=5m"}, "another ttl"},
		{[]string{file, "--queue=high"}, "another queue"},
		{[]string{file, "--channel-priority=RCS"}, "another channel_priority_order"},
	} {
		got := ctlFor(srv).run(t, append([]string{"send"}, test.args...)...)
		assert.Equal(t, exitUsage, got.code, test.args)
		assert.Contains(t, got.stderr, test.want, test.args)
		assert.Empty(t, got.stdout, test.args)
		assertDiscreet(t, got.stderr, "2025550123456789", "0202555")
	}
	assert.Empty(t, srv.Requests())
}

func TestALostAnswerToASendExitsWith3AndIsNotRetried(t *testing.T) {
	t.Parallel()
	srv := conversationtest.NewServer(conversationtest.Config{})
	t.Cleanup(srv.Close)
	srv.Fault(conversationtest.Fault{Kind: conversationtest.FaultDropAfterAccept, Operation: "Messages.Send"})
	got := ctlFor(srv).run(t, "send", "--to", "SMS:"+testNumber, "--text", testText, "--verbose")
	assert.Equal(t, exitUnknown, got.code)
	assert.Contains(t, got.stderr, "the API may have processed it")
	assert.Empty(t, got.stdout)
	assertDiscreet(t, got.stderr, srv.KeySecret())
	assert.Len(t, srv.Sent(), 1)
}

func TestAMessageWhoseIDCannotBePrintedExitsWith3(t *testing.T) {
	t.Parallel()
	reader, writer := io.Pipe()
	require.NoError(t, reader.Close())
	p := &program{Console: &console.Console{Out: writer}}
	err := p.printAccepted(&conversation.SendMessageResponse{MessageID: "01MESSAGE"}, p.PrintJSON)
	assert.Equal(t, exitUnknown, exitCode(err))
	assert.ErrorContains(t, err, "the message 01MESSAGE was sent")
}

func TestASendThatTheAPIRejectsExitsWith1(t *testing.T) {
	t.Parallel()
	srv := conversationtest.NewServer(conversationtest.Config{})
	t.Cleanup(srv.Close)
	got := ctlFor(srv).run(t, "send", "--to", "SMS:"+testNumber, "--text", testText, "--app", "01OTHER")
	assert.Equal(t, exitFailed, got.code)
	assert.Contains(t, got.stderr, "HTTP 404")
	assertDiscreet(t, got.stderr)
}
