// Command transcode shows what a message becomes on each channel. Nothing is sent.
//
//	go run ./examples/transcode                                   # on a fake server in this process
//	go run ./examples/transcode -live -channels RCS,SMS,LINE      # on Sinch
//
// With -live it needs SINCH_PROJECT_ID, SINCH_KEY_ID, SINCH_KEY_SECRET, SINCH_CONVERSATION_REGION and SINCH_APP_ID.
package main

import (
	"context"
	"maps"
	"os"
	"slices"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/examples/internal/setup"
)

func main() {
	os.Exit(setup.Main("transcode", run))
}

func run(ctx context.Context, p *setup.Program) error {
	channels := p.Channels("channels", "the channels to show the message for",
		conversation.ChannelRCS, conversation.ChannelWhatsApp, conversation.ChannelMessenger, conversation.ChannelSMS)
	client, appID, err := p.ConnectApp() // yours: conversation.NewClientFromEnv()
	if err != nil {
		return err
	}

	reply, err := client.Transcoding.Transcode(ctx, &conversation.TranscodeRequest{
		AppID: appID,
		AppMessage: conversation.Card("Your table", "Tonight at eight, for two.",
			conversation.TextChoice("Confirm", "confirm"), conversation.TextChoice("Cancel", "cancel")),
		Channels: *channels,
	})
	if err != nil {
		return err
	}
	for _, channel := range slices.Sorted(maps.Keys(reply.TranscodedMessage)) {
		p.Printf("\n%s:\n%s\n", channel, reply.TranscodedMessage[channel])
	}
	if !p.Live {
		p.Printf("\nThat is the fake's notation. Sinch uses the format of each channel.\n")
	}
	return nil
}
