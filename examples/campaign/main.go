// Command campaign sends a message to each person of a CSV file through a durable queue, with two worker processes.
//
//	go run ./examples/campaign                                       # 10,000 messages to a fake server in this process
//	go run ./examples/campaign -live -file people.csv -dir campaign  # on Sinch
//
// On the fake it kills one of the workers half-way. At the end it compares the states of the queue with what the fake
// received: no message was sent twice.
//
// The file has the columns id, name and number, with a header line. The id is yours, such as a customer number. It
// identifies the message in the queue, so a second run with the same file and folder sends nothing twice, and
// continues where the first was interrupted.
//
// With -live it needs SINCH_PROJECT_ID, SINCH_KEY_ID, SINCH_KEY_SECRET, SINCH_CONVERSATION_REGION and SINCH_APP_ID, and no
// worker is killed. Entries that stay unknown are listed with conversation-relay -dir campaign unknown list, and settled there.
package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
	"github.com/sinchgo/conversation/examples/internal/setup"
	"github.com/sinchgo/conversation/relay"
	"github.com/sinchgo/conversation/relay/embedded"
)

func main() {
	if os.Getenv(workerFolder) != "" {
		os.Exit(work()) // This program is also its own worker.
	}
	os.Exit(setup.Main("campaign", run))
}

func run(ctx context.Context, p *setup.Program) error {
	file := p.Text("file", "", "a CSV file with the columns id, name and number")
	dir := p.Text("dir", "", "the folder for the queue")
	count := p.Flags.Int("count", 10_000, "how many made-up people there are without -file")
	p.FakeConfig = conversationtest.Config{Latency: time.Millisecond}
	_, appID, err := p.ConnectApp() // Only the workers send, but wrong variables are reported here.
	if err != nil {
		return err
	}
	if !p.Live {
		made, err := os.MkdirTemp("", "campaign")
		if err != nil {
			return err
		}
		defer func() { _ = os.RemoveAll(made) }()
		*dir = filepath.Join(made, "queue")
		if *file == "" {
			*file = filepath.Join(made, "people.csv")
			if err := makePeople(*file, *count); err != nil {
				return err
			}
		}
	}
	people, err := readPeople(*file)
	if err != nil {
		return err
	}

	queue, err := relay.Open(ctx, embedded.Dir(*dir, engineOptions(p.Live)...), relayOptions(p.Live)...)
	if err != nil {
		return err
	}
	defer queue.Close()
	if err := send(ctx, p, queue, workers{folder: *dir, fake: p.Fake}, appID, people); err != nil {
		return err
	}
	return report(ctx, p, queue)
}

// engineOptions allows the workers to connect. On the fake it syncs once a second, so a slow disk does not matter.
func engineOptions(live bool) []embedded.Option {
	options := []embedded.Option{embedded.WithListen("127.0.0.1:0")}
	if !live {
		options = append(options, embedded.WithSyncEvery(time.Second))
	}
	return options
}

// relayOptions accepts that the data of a run on the fake need not survive a power cut.
func relayOptions(live bool) []relay.Option {
	if live {
		return nil
	}
	return []relay.Option{relay.WithWeakDurability()}
}

// send enqueues a message for each person while two workers send, and returns when all are sent.
func send(ctx context.Context, p *setup.Program, queue *relay.Relay, team workers, appID string, people []person) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	first, err := team.start(cancel)
	if err != nil {
		return err
	}
	defer first.stop()
	second, err := team.start(cancel)
	if err != nil {
		return err
	}
	defer second.stop()

	enqueued := make(chan struct{})
	go func() {
		defer close(enqueued)
		for _, person := range people {
			if err := queue.Outbox().Enqueue(ctx, message(appID, person), relay.Entry{ID: "summer-sale-" + person.id}); err != nil {
				cancel(fmt.Errorf("the message for the person with the id %s: %w", person.id, err))
				return
			}
		}
	}()
	halfway := func() {
		if !p.Live {
			second.kill()
		}
	}
	err = watch(ctx, p, queue.Outbox(), len(people), enqueued, halfway)
	cancel(nil)
	<-enqueued
	return err
}

func message(appID string, to person) *conversation.SendMessageRequest {
	return &conversation.SendMessageRequest{
		AppID:     appID,
		Recipient: conversation.ToChannel(conversation.ChannelSMS, to.number),
		Message:   conversation.Text("Hi " + to.name + ", all of our shop is 20% off until Sunday."),
	}
}
