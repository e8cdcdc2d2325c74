package command

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"strings"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationctl/internal/console"
)

// rehearsal is a request as it would be sent.
type rehearsal struct {
	Method string `json:"method"`
	URL    string `json:"url"`
	Body   string `json:"body"`
}

// noKey is in place of an access key where no request is sent, so that no token is fetched.
var noKey = conversation.WithBasicAuth("none", "none")

// rehearse returns the request that would send a message. A copy of the client checks and encodes it as for a send, in its
// dialect, and a middleware answers in place of the API.
func rehearse(ctx context.Context, client *conversation.Client, request *conversation.SendMessageRequest) (rehearsal, error) {
	var captured rehearsal
	capture := func(http.RoundTripper) http.RoundTripper {
		return roundTrip(func(r *http.Request) (*http.Response, error) {
			body, err := io.ReadAll(r.Body)
			captured = rehearsal{r.Method, r.URL.String(), string(body)}
			return &http.Response{
				StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}},
				Body: io.NopCloser(strings.NewReader(`{"message_id":"rehearsal"}`)), Request: r,
			}, err
		})
	}
	offline, err := client.With(noKey, conversation.WithMiddleware(capture), conversation.WithLogger(slog.New(slog.DiscardHandler)))
	if err != nil {
		return rehearsal{}, err
	}
	_, err = offline.Messages.Send(ctx, request)
	if _, ok := errors.AsType[*conversation.ArgumentError](err); ok {
		return rehearsal{}, usageError("%w", err)
	}
	return captured, err
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// dryRunResult is what --dry-run prints.
type dryRunResult struct {
	Request    rehearsal         `json:"request"`
	Transcoded map[string]string `json:"transcoded,omitempty"`
	SMS        *smsSize          `json:"sms,omitempty"`
}

type smsSize struct {
	Segments int                      `json:"segments"`
	Encoding conversation.SMSEncoding `json:"encoding"`
}

// dryRun prints what a send would do. What does not need the API is printed even if it cannot be asked.
func (p *program) dryRun(ctx context.Context, f *sendFlags, request *conversation.SendMessageRequest) error {
	channels, err := parseChannels("--channel", f.channels)
	if err != nil {
		return err
	}
	if len(channels) == 0 {
		channels = recipientChannels(request.Recipient)
	}
	client, unauthorized := p.client(ctx)
	if unauthorized != nil {
		if client, err = p.client(ctx, noKey); err != nil {
			return unauthorized
		}
	}
	var result dryRunResult
	if result.Request, err = rehearse(ctx, client, request); err != nil {
		return err
	}
	failed := unauthorized
	if failed == nil {
		channels, result.Transcoded, failed = transcode(ctx, client, request, channels)
	}
	result.SMS = sizeOfSMS(request, channels, result.Transcoded)
	if err := p.printDryRun(result, channels); err != nil {
		return err
	}
	if failed != nil {
		return &exitError{exitFailed, fmt.Errorf("what the channels make of the message is unknown: %w", failed)}
	}
	return nil
}

// transcode asks the API for the message on channels, by default on those of the app.
func transcode(
	ctx context.Context, client *conversation.Client, request *conversation.SendMessageRequest, channels []conversation.Channel,
) (asked []conversation.Channel, transcoded map[string]string, err error) {
	if len(channels) == 0 {
		if channels, err = appChannels(ctx, client, request.AppID); err != nil {
			return nil, nil, err
		}
	}
	response, err := client.Transcoding.Transcode(ctx, &conversation.TranscodeRequest{
		AppID: request.AppID, AppMessage: request.Message, Channels: channels,
	})
	if err != nil {
		return channels, nil, err
	}
	return channels, response.TranscodedMessage, nil
}

// recipientChannels returns the channels of a recipient, each once. A contact has none.
func recipientChannels(to conversation.Recipient) []conversation.Channel {
	var channels []conversation.Channel
	if to.IdentifiedBy == nil {
		return nil
	}
	for _, identity := range to.IdentifiedBy.ChannelIdentities {
		if !slices.Contains(channels, identity.Channel) {
			channels = append(channels, identity.Channel)
		}
	}
	return channels
}

func appChannels(ctx context.Context, client *conversation.Client, appID string) ([]conversation.Channel, error) {
	app, err := client.Apps.Get(ctx, appID)
	if err != nil {
		return nil, err
	}
	var channels []conversation.Channel
	for _, credential := range app.ChannelCredentials {
		channels = append(channels, credential.Channel)
	}
	if len(channels) == 0 {
		return nil, errors.New("the app has no channels: name some with --channel")
	}
	return channels, nil
}

// sizeOfSMS returns the size of the message as an SMS, or nil if it does not become one, or its text is unknown.
func sizeOfSMS(request *conversation.SendMessageRequest, channels []conversation.Channel, transcoded map[string]string) *smsSize {
	text := smsText(transcoded[string(conversation.ChannelSMS)])
	if text == "" && request.Message.TextMessage != nil && slices.Contains(channels, conversation.ChannelSMS) {
		text = request.Message.TextMessage.Text
	}
	if text == "" {
		return nil
	}
	segments, encoding := conversation.SMSSegments(text)
	return &smsSize{segments, encoding}
}

// smsText returns the text of a transcoded SMS, which is a string or a JSON object that has one.
func smsText(transcoded string) string {
	var object struct {
		Text string `json:"text"`
		Body string `json:"body"`
	}
	if err := json.Unmarshal([]byte(transcoded), &object); err != nil {
		return transcoded
	}
	return cmp.Or(object.Text, object.Body)
}

func (p *program) printDryRun(result dryRunResult, channels []conversation.Channel) error {
	if p.JSON {
		return p.PrintJSON(result)
	}
	var text strings.Builder
	fmt.Fprintf(&text, "%s %s\n%s\n", result.Request.Method, result.Request.URL, result.Request.Body)
	for _, channel := range channels {
		if value, ok := result.Transcoded[string(channel)]; ok {
			fmt.Fprintf(&text, "\n%s: %s", p.Paint(console.Bold, string(channel)), console.Cell(value))
		}
	}
	if result.SMS != nil {
		fmt.Fprintf(&text, "\n%s %d (%s)", p.Paint(console.Bold, "SMS segments:"), result.SMS.Segments, result.SMS.Encoding)
	}
	_, err := fmt.Fprintln(p.Out, text.String())
	return err
}
