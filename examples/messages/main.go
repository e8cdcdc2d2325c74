// Command messages shows every kind of message: its JSON, and what it becomes on channels. Nothing is sent, not even
// with -live.
//
//	go run ./examples/messages
//	go run ./examples/messages carousel list
//	go run ./examples/messages -channels RCS,SMS -live
//
// With -live it needs SINCH_PROJECT_ID, SINCH_KEY_ID, SINCH_KEY_SECRET, SINCH_CONVERSATION_REGION and SINCH_APP_ID.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"slices"
	"strings"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/examples/internal/setup"
)

func main() {
	os.Exit(setup.Main("messages", run))
}

func run(ctx context.Context, p *setup.Program) error {
	channels := p.Channels("channels", "the channels to show the messages for",
		conversation.ChannelRCS, conversation.ChannelWhatsApp, conversation.ChannelSMS)
	names := p.Names("kinds of message", slices.Collect(maps.Keys(kinds)))
	wire := &tap{}
	p.Options = append(p.Options, conversation.WithMiddleware(wire.middleware))
	client, appID, err := p.ConnectApp() // yours: conversation.NewClientFromEnv()
	if err != nil {
		return err
	}

	for _, name := range *names {
		reply, err := client.Transcoding.Transcode(ctx, &conversation.TranscodeRequest{
			AppID:      appID,
			AppMessage: kinds[name],
			Channels:   *channels,
		})
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		p.Printf("\n== %s\n%s\n", name, wire.message)
		for _, channel := range slices.Sorted(maps.Keys(reply.TranscodedMessage)) {
			p.Printf("%s: %s\n", channel, strings.ReplaceAll(reply.TranscodedMessage[channel], "\n", "\n     "))
		}
	}
	if !p.Live {
		p.Printf("\nThe lines below the JSON use the fake's notation. Sinch uses the format of each channel.\n")
	}
	return nil
}

// tap records the message of the last request as it was sent.
type tap struct{ message string }

func (t *tap) middleware(next http.RoundTripper) http.RoundTripper {
	return roundTripper(func(r *http.Request) (*http.Response, error) {
		body, err := r.GetBody()
		if err != nil {
			return nil, err
		}
		var sent struct {
			AppMessage json.RawMessage `json:"app_message"`
		}
		if err := errors.Join(json.NewDecoder(body).Decode(&sent), body.Close()); err != nil && !errors.Is(err, io.EOF) {
			return nil, err
		}
		var indented bytes.Buffer
		if err := json.Indent(&indented, sent.AppMessage, "", "  "); err != nil {
			return nil, err
		}
		t.message = indented.String()
		return next.RoundTrip(r)
	})
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
