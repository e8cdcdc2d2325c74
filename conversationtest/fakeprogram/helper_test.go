package fakeprogram

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

const programName = "conversation-fake"

// running is a run in this process. Its log may be read after end.
type running struct {
	info ready
	log  *bytes.Buffer
	end  func() int
}

// runHere runs the program without the page.
func runHere(t *testing.T, args ...string) running {
	t.Helper()
	return runWithPage(t, append([]string{"-ui", "off"}, args...)...)
}

func runWithPage(t *testing.T, args ...string) running {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	out, stdout := io.Pipe()
	code := make(chan int, 1)
	here := running{log: new(bytes.Buffer)}
	go func() {
		code <- Main(ctx, programName, append([]string{"-addr", "127.0.0.1:0"}, args...), stdout, here.log)
	}()
	line := make([]byte, 4096)
	n, err := out.Read(line)
	require.NoError(t, err)
	decodeStrictly(t, line[:n], &here.info)
	here.end = func() int {
		cancel()
		return <-code
	}
	return here
}

// send sends a message to a phone number.
func send(t *testing.T, client *conversation.Client, app, number string) {
	t.Helper()
	_, err := client.Messages.Send(t.Context(), &conversation.SendMessageRequest{
		AppID:     app,
		Recipient: conversation.ToChannel(conversation.ChannelSMS, number),
		Message:   conversation.Text("a private text"),
	})
	require.NoError(t, err)
}

func decodeStrictly(t *testing.T, line []byte, into any) {
	t.Helper()
	decoder := json.NewDecoder(bytes.NewReader(line))
	decoder.DisallowUnknownFields()
	require.NoError(t, decoder.Decode(into), string(line))
}

func clientOf(t *testing.T, info ready) *conversation.Client {
	t.Helper()
	client, err := conversation.NewClient(info.ProjectID,
		conversation.WithOAuth2(info.KeyID, info.KeySecret),
		conversation.WithBaseURL(info.BaseURL),
		conversation.WithTokenURL(info.TokenURL),
		conversation.WithDialect(conversation.DialectPlatform),
	)
	require.NoError(t, err)
	t.Cleanup(client.CloseIdleConnections)
	return client
}
