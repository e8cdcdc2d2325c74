package command

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

func TestADryRunShowsTheBytesThatASendPutsOnTheWire(t *testing.T) {
	t.Parallel()
	for dialect, contract := range map[string]conversationtest.Contract{
		"platform": conversationtest.PlatformContract, "openapi": conversationtest.OpenAPIContract,
	} {
		t.Run(dialect, func(t *testing.T) {
			t.Parallel()
			srv := conversationtest.NewServer(conversationtest.Config{Contract: contract})
			t.Cleanup(srv.Close)
			args := []string{
				"send", "--to", "RCS:" + testNumber, "--to", "SMS:" + testNumber, "--text", "<Hällo> \u2028 🙂", "--ttl", "90s",
				"--metadata", "m", "--dialect", dialect, "--json", "-v",
			}
			dry := ctlFor(srv).run(t, append(args, "--dry-run")...)
			require.Equal(t, exitOK, dry.code, dry.stderr)
			assert.Empty(t, srv.Sent())
			assert.NotContains(t, dry.stderr, "Messages.Send")
			assertDiscreet(t, dry.stderr, "Hällo")
			require.Equal(t, exitOK, ctlFor(srv).run(t, args...).code)

			var got dryRunResult
			require.NoError(t, json.Unmarshal([]byte(dry.stdout), &got))
			requests := srv.Requests()
			sent := requests[len(requests)-1]
			require.Equal(t, "Messages.Send", sent.Operation)
			assert.Equal(t, rehearsal{sent.Method, srv.BaseURL() + sent.Path, string(sent.Body)}, got.Request)
			assert.Equal(t, &smsSize{1, conversation.SMSEncodingUCS2}, got.SMS)
			assert.Len(t, got.Transcoded, 2)
			assert.Contains(t, got.Transcoded["RCS"], "Hällo")
		})
	}
}

func TestADryRunPrintsTheRequestThenWhatTheChannelsMakeOfIt(t *testing.T) {
	t.Parallel()
	srv := conversationtest.NewServer(conversationtest.Config{AppID: "APP", ProjectID: "PROJECT"})
	t.Cleanup(srv.Close)
	_, err := srv.NewClient(t).Apps.Update(t.Context(), "APP", &conversation.UpdateAppRequest{
		ChannelCredentials: []conversation.ChannelCredential{
			{Channel: "RCS", StaticBearer: &conversation.StaticBearer{ClaimedIdentity: "a", Token: "b"}},
			{Channel: "SMS", StaticBearer: &conversation.StaticBearer{ClaimedIdentity: "a", Token: "b"}},
		},
	})
	require.NoError(t, err)
	request := "POST " + srv.BaseURL() + "/v1/projects/PROJECT/messages:send\n" +
		`{"app_id":"APP","message":{"text_message":{"text":"Hello"}},"recipient":{"contact_id":"C"}}` + "\n"
	sms := "\nSMS segments: 1 (GSM_7BIT)\n"
	hello := `: {"type":"text","text":"Hello"}`
	for _, test := range []struct {
		flag, want string
	}{
		{"--contact=C", request + "\nRCS" + hello + "\nSMS" + hello + sms},
		{"--channel=MESSENGER", request + "\nMESSENGER" + hello + "\n"},
		{"--channel=sms", request + "\nSMS" + hello + sms},
	} {
		got := ctlFor(srv).run(t, "send", "--contact=C", "--text=Hello", "--dry-run", test.flag)
		assert.Equal(t, result{stdout: test.want}, got)
	}
	assert.Empty(t, srv.Sent())
}

func TestADryRunPrintsWhatItKnowsIfTheAPICannotBeAsked(t *testing.T) {
	t.Parallel()
	srv := conversationtest.NewServer(conversationtest.Config{})
	t.Cleanup(srv.Close)
	srv.Fault(conversationtest.Fault{Kind: conversationtest.FaultStatus, Status: 403, Operation: "Transcoding.Transcode"})
	for name, c := range map[string]ctl{
		"rejected":      ctlFor(srv),
		"no access key": ctlFor(srv).with("SINCH_KEY_ID=", "SINCH_KEY_SECRET="),
	} {
		got := c.run(t, "send", "--to", "SMS:"+testNumber, "--text", testText, "--dry-run", "--json")
		assert.Equal(t, exitFailed, got.code, name)
		assert.Contains(t, got.stderr, "what the channels make of the message is unknown", name)
		assertDiscreet(t, got.stderr)
		var printed dryRunResult
		require.NoError(t, json.Unmarshal([]byte(got.stdout), &printed), name)
		assert.Contains(t, printed.Request.Body, testText, name)
		assert.Equal(t, &smsSize{1, conversation.SMSEncodingGSM7}, printed.SMS, name)
		assert.Nil(t, printed.Transcoded, name)
	}
	assert.Empty(t, srv.Sent())
}

func TestADryRunChecksTheMessage(t *testing.T) {
	t.Parallel()
	srv := conversationtest.NewServer(conversationtest.Config{})
	t.Cleanup(srv.Close)
	got := ctlFor(srv).run(t, "send", "--to", "SMS:"+testNumber, "--text", "", "--dry-run")
	assert.Equal(t, exitUsage, got.code)
	assert.Empty(t, got.stdout)
	assert.Empty(t, srv.Requests())
}

func TestTheTextOfATranscodedSMS(t *testing.T) {
	t.Parallel()
	for transcoded, want := range map[string]string{
		`Hello`: "Hello", `{"type":"text","text":"Hello"}`: "Hello", `{"body":"Hello"}`: "Hello", `{"type":"card"}`: "", `"Hello"`: `"Hello"`,
		`2 + 2`: "2 + 2", `{"half`: `{"half`, `42`: "42",
	} {
		assert.Equal(t, want, smsText(transcoded), transcoded)
	}
}
