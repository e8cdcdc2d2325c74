// Command quickstart sends a text message, reads it back and lists the newest messages.
//
//	go run ./examples/quickstart                               # on a fake server in this process
//	go run ./examples/quickstart -live -to SMS:15551230000     # on Sinch: a person gets the message
//
// With -live it needs SINCH_PROJECT_ID, SINCH_KEY_ID, SINCH_KEY_SECRET, SINCH_CONVERSATION_REGION and SINCH_APP_ID.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("quickstart", flag.ContinueOnError)
	flags.SetOutput(stderr)
	live := flags.Bool("live", false, "send a real message through Sinch, with the SINCH_ variables")
	to := flags.String("to", "", "with -live, who gets the message, as `channel:identity` such as SMS:15551230000")
	if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
		return 0
	} else if err != nil {
		return 2
	}

	q := &quickstart{out: stdout, live: *live}
	if q.live {
		if err := q.useSinch(*to); err != nil {
			fmt.Fprintf(stderr, "quickstart: -live cannot start:\n%v\n", err)
			return 2
		}
	} else {
		srv := conversationtest.NewServer(conversationtest.Config{})
		defer srv.Close()
		if err := q.useFake(srv); err != nil {
			return fail(stderr, err)
		}
	}
	defer q.client.CloseIdleConnections()

	messageID, err := q.send(ctx)
	if err != nil {
		if conversation.OutcomeOf(err) == conversation.OutcomeUnknown {
			fmt.Fprintln(stderr, "The message may have been sent: do not blindly repeat it.")
		}
		return fail(stderr, err)
	}
	if err := q.readBack(ctx, messageID); err != nil {
		return fail(stderr, err)
	}
	if err := q.listNewest(ctx); err != nil {
		return fail(stderr, err)
	}
	return 0
}

func fail(stderr io.Writer, err error) int {
	fmt.Fprintln(stderr, "quickstart:", err)
	return 1
}

type quickstart struct {
	client *conversation.Client
	appID  string
	to     conversation.ChannelIdentity
	live   bool
	out    io.Writer
}

// useFake connects to a server in this process, which sends nothing to anybody.
func (q *quickstart) useFake(srv *conversationtest.Server) (err error) {
	fmt.Fprintln(q.out, "Using the fake server in this process: nobody gets a message. (-live talks to Sinch.)")
	q.appID = srv.AppID()
	q.to = conversation.ChannelIdentity{Channel: conversation.ChannelSMS, Identity: "15551230000"}
	q.client, err = conversation.NewClient(srv.ProjectID(), srv.Options()...)
	return err
}

// useSinch connects to Sinch itself. It reports everything that is missing together.
func (q *quickstart) useSinch(to string) error {
	client, err := conversation.NewClientFromEnv()
	problems := []error{err}

	appID := os.Getenv("SINCH_APP_ID")
	if appID == "" {
		problems = append(problems, errors.New("SINCH_APP_ID is not set: set it to the id of your app"))
	}
	channel, identity, _ := strings.Cut(to, ":")
	if channel == "" || identity == "" {
		problems = append(problems, errors.New("-to is missing: say who gets the message, such as -to SMS:15551230000"))
	}
	q.client, q.appID = client, appID
	q.to = conversation.ChannelIdentity{Channel: conversation.Channel(strings.ToUpper(channel)), Identity: identity}
	return errors.Join(problems...)
}

func (q *quickstart) send(ctx context.Context) (messageID string, err error) {
	sent, err := q.client.Messages.Send(ctx, &conversation.SendMessageRequest{
		AppID:     q.appID,
		Recipient: conversation.ToChannels(q.to),
		Message:   conversation.Text("Hello from Go!"),
	})
	if err != nil {
		return "", err
	}
	fmt.Fprintf(q.out, "Sent message %s to %s, accepted at %s.\n",
		sent.MessageID, q.address(&q.to), sent.AcceptedTime.Format(time.RFC3339))
	return sent.MessageID, nil
}

func (q *quickstart) readBack(ctx context.Context, messageID string) error {
	message, err := q.client.Messages.Get(ctx, messageID)
	if q.live && errors.Is(err, conversation.ErrNotFound) {
		fmt.Fprintln(q.out, "It cannot be read back (yet): Sinch does not store the messages of an app in DISPATCH mode.")
		return nil
	}
	if err != nil {
		return err
	}
	if message.AppMessage != nil && message.AppMessage.TextMessage != nil {
		fmt.Fprintf(q.out, "Read it back: %q.\n", message.AppMessage.TextMessage.Text)
	}
	return nil
}

func (q *quickstart) listNewest(ctx context.Context) error {
	page, err := q.client.Messages.List(ctx, &conversation.ListMessagesParams{AppID: q.appID, PageSize: 5})
	if err != nil {
		return err
	}
	if len(page.Items) == 0 {
		fmt.Fprintln(q.out, "There are no stored messages.")
		return nil
	}
	fmt.Fprintln(q.out, "\nThe newest messages:")
	table := tabwriter.NewWriter(q.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "ACCEPTED\tDIRECTION\tIDENTITY\tMESSAGE ID")
	for _, m := range page.Items {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\n",
			m.AcceptTime.Format(time.RFC3339), m.Direction, q.address(m.ChannelIdentity), m.ID)
	}
	return table.Flush()
}

// address shows an identity, in part only when it belongs to a real person.
func (q *quickstart) address(of *conversation.ChannelIdentity) string {
	if of == nil {
		return "-"
	}
	identity := of.Identity
	if q.live {
		identity = mask(identity)
	}
	return string(of.Channel) + ":" + identity
}

func mask(identity string) string {
	if len(identity) < 10 {
		return "***"
	}
	return identity[:4] + "***" + identity[len(identity)-2:]
}
