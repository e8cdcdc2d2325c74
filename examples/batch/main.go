// Command batch sends a message with a name and a code to many people at a time of the future, in batches of 1,000.
//
//	go run ./examples/batch                                   # 2,500 people on a fake server in this process
//	go run ./examples/batch -live -file people.csv -in 2h     # on Sinch
//
// On the fake, the answer to the second batch is lost. It is found again by its key, so that nobody gets the message twice. Then the
// clock of the fake is moved, and callbacks report the batches and each message until the end.
//
// The file has the columns number, name and code, without a header line. With -live the program needs SINCH_PROJECT_ID, SINCH_KEY_ID,
// SINCH_KEY_SECRET, SINCH_CONVERSATION_REGION and SINCH_APP_ID. It ends when the batches are scheduled; a program such as webhook
// receives their callbacks.
package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
	"github.com/sinchgo/conversation/examples/internal/setup"
)

func main() {
	os.Exit(setup.Main("batch", run))
}

func run(ctx context.Context, p *setup.Program) error {
	file := p.Text("file", "", "a CSV file with the columns number, name and code")
	count := p.Flags.Int("count", 2500, "how many made-up people there are without -file")
	in := p.Flags.Duration("in", time.Hour, "the time until the messages are sent, at most seven days")
	p.FakeConfig = conversationtest.Config{
		Script:    conversationtest.ScriptDeliver,
		Callbacks: conversationtest.CallbackConfig{Rate: -1}, // The 25 a second of Sinch would take minutes.
	}
	client, appID, err := p.ConnectApp() // yours: conversation.NewClientFromEnv()
	if err != nil {
		return err
	}
	people, err := readPeople(*file, *count)
	if err != nil {
		return err
	}
	if p.Live {
		_, err := send(ctx, p, client, appID, people, time.Now().Add(*in))
		return err
	}

	follower, err := follow(p.Fake)
	if err != nil {
		return err
	}
	p.Fake.Fault(conversationtest.Fault{Kind: conversationtest.FaultDropAfterAccept, Operation: "Batches.Send", Skip: 1, Times: 1})
	batches, err := send(ctx, p, client, appID, people, p.Fake.Now().Add(*in))
	if err != nil {
		return err
	}
	p.Fake.Advance(*in + 10*time.Minute)
	if err := p.Fake.WaitForCallbacks(ctx); err != nil {
		return err
	}
	return report(p, follower, batches)
}

// send schedules the messages, and returns the ids of the batches.
func send(
	ctx context.Context, p *setup.Program, client *conversation.Client, appID string, people []person, at time.Time,
) ([]string, error) {
	message := &conversation.SendBatchRequest{
		AppID:           appID,
		Message:         conversation.Text("Hi ${name}, your code for the summer sale is ${code}."),
		MessageMetadata: conversation.JSONObject{"campaign": "summer"},
		SendAfter:       conversation.Time{Time: at},
	}
	var ids []string
	open := 0
	for batch, err := range client.Batches.SendAll(ctx, message, recipients(people), conversation.SendAllOptions{}) {
		to := fmt.Sprintf("people %d to %d", batch.First+1, batch.First+len(batch.Recipients))
		switch {
		case batch.Found:
			p.Printf("Batch %d for %s: the answer was lost, but the key finds it.\n", batch.Index+1, to)
		case batch.Outcome == conversation.OutcomeAccepted:
			p.Printf("Batch %d for %s: it is sent at %s.\n", batch.Index+1, to, batch.SendAfter.UTC().Format(time.TimeOnly))
		case batch.Outcome == conversation.OutcomeUnknown: // Do not send it again: look for the key later.
			p.Printf("Batch %d for %s may have been accepted. Its key is %s: %v\n", batch.Index+1, to, batch.Key, err)
		default:
			p.Printf("Batch %d for %s was not accepted: %v\n", batch.Index+1, to, err)
		}
		if batch.Outcome != conversation.OutcomeAccepted {
			open++
		}
		if batch.BatchID != "" {
			ids = append(ids, batch.BatchID)
		}
	}
	if open > 0 {
		return ids, fmt.Errorf("%d batches were not accepted, or may not have been", open)
	}
	return ids, ctx.Err()
}

// report prints what the callbacks reported, and checks it against the fake.
func report(p *setup.Program, follower *follower, batches []string) error {
	for i, id := range batches {
		status, delivered, failed := follower.counts(id)
		p.Printf("Batch %d has %s: %d messages delivered, %d failed.\n", i+1, status, delivered, failed)
	}
	times := map[string]int{}
	for _, sent := range p.Fake.Sent() {
		times[sent.Request.Recipient.IdentifiedBy.ChannelIdentities[0].Identity]++
	}
	twice := 0
	for _, count := range times {
		if count > 1 {
			twice++
		}
	}
	p.Printf("The fake sent messages to %d people, to %d of them twice.\n", len(times), twice)
	if twice > 0 {
		return fmt.Errorf("%d people got the message twice", twice)
	}
	return nil
}
