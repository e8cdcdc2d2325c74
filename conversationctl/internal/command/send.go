package command

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationctl/internal/console"
)

const sendLong = `Send one message, once. It is never sent again: if the answer is lost, the exit code is 3.

The recipient is --to, once for each channel in the order to try, or --contact. The content is one of --text, --media,
--template and --file. The file of --file is a whole SendMessageRequest in JSON, with the names of the API: the flags for
the app, the recipient and the settings fill in what it lacks.

The message is checked before anything is sent. With --dry-run, nothing is sent: the request is printed as it would be sent,
then what the API's transcoding makes of the message on each channel, and the number of SMS segments.

With --wait, each state of the message is printed until it is delivered, or read with --until read. States are polled, which
requires that the app keeps messages and their status. With --listen, they are received: --listen is the address of a
receiver for the delivery reports, which must be the target of a webhook for MESSAGE_DELIVERY, or that of --callback-url.

JSON: {"message_id","accepted_time"}. With --wait, one object a line: that one, then {"message_id","status","at","channel",
"identity","reason"} for each state. With --dry-run: {"request":{"method","url","body"},"transcoded":{CHANNEL: string},
"sms":{"segments","encoding"}}, where body is a string with the bytes that would be sent.

Exit codes: 0 sent, or with --wait, that state was reached; 1 rejected, failed or not there in time, or, with --dry-run, the
API could not be asked; 2 incorrect usage, nothing was sent; 3 the message may have been sent.`

const sendExample = `  conversationctl send --to SMS:+12025550123 --text "Hello" --wait
  conversationctl send --to RCS:+12025550123 --to SMS:+12025550123 --template 01TEMPLATE --param name=Ada --dry-run
  conversationctl send --contact 01CONTACT --file message.json --json
  conversationctl send --to SMS:+12025550123 --text "Hello" --wait --listen :8080 --secret-env SINCH_WEBHOOK_SECRET`

// sendFlags are the flags of send.
type sendFlags struct {
	app, contact    string
	to              []string
	text, media     string
	template        templateFlags
	file            string
	ttl             time.Duration
	priority        []string
	correlationID   string
	metadata        string
	callbackURL     string
	queue           string
	dryRun          bool
	channels        []string
	wait            bool
	until           string
	timeout         time.Duration
	listen          string
	secretVariables []string
}

type templateFlags struct {
	id, version, language string
	params                []string
}

func newSend(p *program) *cobra.Command {
	f := &sendFlags{}
	cmd := &cobra.Command{
		Use:     "send",
		GroupID: groupTasks,
		Short:   "Send a message",
		Long:    sendLong,
		Example: sendExample,
		Args:    noArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return p.send(cmd, f) },
	}
	appFlag(cmd, &f.app, "`id` of the app that sends")
	flags := cmd.Flags()
	flags.StringArrayVar(&f.to, "to", nil, "`CHANNEL:IDENTITY` of the recipient, such as SMS:+12025550123; once for each channel")
	flags.StringVar(&f.contact, "contact", "", "`id` of the contact that receives it")
	flags.StringVar(&f.text, "text", "", "`text` of the message")
	flags.StringVar(&f.media, "media", "", "`URL` of an image, video or other file to send")
	flags.StringVar(&f.template.id, "template", "", "`id` of an omni-channel template to send")
	flags.StringVar(&f.template.version, "template-version", "latest", "`version` of the template")
	flags.StringVar(&f.template.language, "language", "", "`language` of the template's translation, such as en-US")
	flags.StringArrayVar(&f.template.params, "param", nil, "`NAME=VALUE` of a parameter of the template; once for each")
	flags.StringVar(&f.file, "file", "", "`file` with the request as JSON; - is stdin")
	flags.DurationVar(&f.ttl, "ttl", 0, "`duration` for which delivery is tried, in whole seconds, such as 10m")
	flags.StringSliceVar(&f.priority, "channel-priority", nil, "`channels` to try, first to last, such as RCS,SMS")
	flags.StringVar(&f.correlationID, "correlation-id", "", "`id` that callbacks about the message have")
	flags.StringVar(&f.metadata, "metadata", "", "`string` that delivery reports of the message have")
	flags.StringVar(&f.callbackURL, "callback-url", "", "`URL` for the callbacks about the message, instead of the webhooks")
	flags.StringVar(&f.queue, "queue", "", "`priority` in the queue of the app: high or normal")
	flags.BoolVar(&f.dryRun, "dry-run", false, "send nothing: print what would be sent")
	flags.StringSliceVar(&f.channels, "channel", nil, "`channels` that --dry-run shows the message for (default: those of --to, or of the app)")
	flags.BoolVar(&f.wait, "wait", false, "wait until the message is delivered")
	flags.StringVar(&f.until, "until", "delivered", "`state` that --wait waits for: delivered or read")
	flags.DurationVar(&f.timeout, "timeout", 2*time.Minute, "`duration` for which --wait waits")
	flags.StringVar(&f.listen, "listen", "", "`address` on which --wait receives the delivery reports, such as :8080")
	flags.StringArrayVar(&f.secretVariables, "secret-env", nil, "`variable` with the secret of the webhook, for --listen; once for each secret")
	completeFlag(cmd, "queue", "high", "normal")
	completeFlag(cmd, "until", "delivered", "read")
	return cmd
}

func (p *program) send(cmd *cobra.Command, f *sendFlags) error {
	ctx := cmd.Context()
	if err := f.checkModes(cmd); err != nil {
		return err
	}
	request, err := p.sendRequest(cmd, f)
	if err != nil {
		return err
	}
	if f.dryRun {
		return p.dryRun(ctx, f, request)
	}
	client, err := p.client(ctx)
	if err != nil {
		return err
	}
	if _, err := rehearse(ctx, client, request); err != nil {
		return err
	}
	if f.wait {
		return p.sendAndWait(ctx, client, f, request)
	}
	response, err := client.Messages.Send(ctx, request)
	if err != nil {
		return changed(err)
	}
	return p.printAccepted(response, p.PrintJSON)
}

// printAccepted prints the answer to a send. With --json, it is printed by printJSON.
func (p *program) printAccepted(response *conversation.SendMessageResponse, printJSON func(any) error) error {
	var err error
	if p.JSON {
		err = printJSON(response)
	} else {
		_, err = fmt.Fprintf(p.Out, "%s accepted %s\n", console.Cell(response.MessageID), console.Cell(console.Stamp(response.AcceptedTime.Time)))
	}
	if err != nil {
		return &exitError{exitUnknown, fmt.Errorf("the message %s was sent, and its id could not be printed: %w", console.Cell(response.MessageID), err)}
	}
	return nil
}

// checkModes rejects flags that have no effect together.
func (f *sendFlags) checkModes(cmd *cobra.Command) error {
	given := cmd.Flags().Changed
	for _, name := range []string{"until", "timeout", "listen"} {
		if given(name) && !f.wait {
			return usageError("--%s requires --wait: add it", name)
		}
	}
	for _, name := range []string{"template-version", "language", "param"} {
		if given(name) && !given("template") {
			return usageError("--%s requires --template: add it", name)
		}
	}
	switch {
	case f.wait && f.dryRun:
		return usageError("--wait and --dry-run exclude each other: keep one")
	case given("channel") && !f.dryRun:
		return usageError("--channel requires --dry-run: add it, or use --to for the channels to send on")
	case given("secret-env") && f.listen == "":
		return usageError("--secret-env requires --listen: add the address to receive delivery reports on")
	case f.timeout <= 0:
		return usageError("--timeout must be above zero, such as 2m")
	}
	return nil
}
