//nolint:testableexamples // They require a PostgreSQL server, which not every machine has.
package pgconversation_test

import (
	"context"
	"fmt"
	"log"
	"log/slog"
	"os"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"github.com/sinchgo/conversation/outbox"
	"github.com/sinchgo/conversation/pgconversation"
	"github.com/sinchgo/conversation/webhook"
)

// Sinch has raised the limit of the app to 100 requests a second. Another program of the project uses half of its 800.
func ExampleWithRates() {
	worker := pgconversation.NewWorker(client, pool, pgconversation.WithRates(100, 400))
	river.AddWorker(river.NewWorkers(), worker)
}

// printer prints the end of each attempt. otelconversation has an observer that records spans and metrics.
type printer struct{}

func (printer) EntryStarted(ctx context.Context, _ outbox.EntryInfo) context.Context { return ctx }

func (printer) EntryEnded(_ context.Context, entry outbox.EntryInfo, result outbox.EntryResult) {
	fmt.Println(entry.Operation, entry.Attempt, result.State, result.Err)
}

func ExampleWithObserver() {
	worker := pgconversation.NewWorker(client, pool, pgconversation.WithObserver(printer{}))
	river.AddWorker(river.NewWorkers(), worker)
}

// Failures are logged as JSON. No record has a phone number or text.
func ExampleWithLogger() {
	logger := slog.New(slog.NewJSONHandler(os.Stderr, nil))
	worker := pgconversation.NewWorker(client, pool, pgconversation.WithLogger(logger))
	river.AddWorker(river.NewWorkers(), worker)
}

// The ID of an order is never used again: remember it for a year.
func ExampleWithRetention() {
	upkeep := pgconversation.NewUpkeep(pool, pgconversation.WithRetention(365*24*time.Hour))
	river.AddWorker(river.NewWorkers(), upkeep)
}

// The client has a timeout of a minute and a half, so an attempt without a result is unknown after three.
func ExampleWithLease() {
	upkeep := pgconversation.NewUpkeep(pool, pgconversation.WithLease(3*time.Minute))
	river.AddWorker(river.NewWorkers(), upkeep)
}

// Give up earlier: a callback that fails three times needs a person.
func ExampleWithTries() {
	river.AddWorker(river.NewWorkers(), pgconversation.NewInbox(receiver, pool, pgconversation.WithTries(3)))
}

// Callbacks have 10 workers of their own, which a campaign does not keep busy.
func ExampleWithQueue() {
	workers := river.NewWorkers()
	river.AddWorker(workers, pgconversation.NewInbox(receiver, pool, pgconversation.WithQueue("callbacks")))
	config := river.Config{
		Queues:  map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: 100}, "callbacks": {MaxWorkers: 10}},
		Workers: workers,
	}
	fmt.Println(len(config.Queues))
}

// A function that calls a slow service has 5 minutes. RescueStuckJobsAfter must be longer.
func ExampleWithHandlerTimeout() {
	inbox := pgconversation.NewInbox(receiver, pool, pgconversation.WithHandlerTimeout(5*time.Minute))
	river.AddWorker(river.NewWorkers(), inbox)
}

// No function of the receiver runs for longer than 30 seconds, so a callback whose process crashed is handled again after a minute.
func ExampleWithDeduperLease() {
	deduper := pgconversation.NewDeduper(pool, pgconversation.WithDeduperLease(time.Minute))
	if _, err := webhook.NewReceiver(webhook.WithSecret("WEBHOOK_SECRET"), webhook.WithDeduper(deduper)); err != nil {
		log.Fatal(err)
	}
}

// The row and the callback are committed together: a retry finds both or neither.
func ExampleTx() {
	webhook.On(receiver, func(ctx context.Context, e *webhook.MessageInbound) error {
		tx, ok := pgconversation.Tx(ctx)
		if !ok {
			return fmt.Errorf("the message %s did not come through an inbox", e.Message.ID)
		}
		_, err := tx.Exec(ctx, `INSERT INTO questions (text) VALUES ($1)`, e.Message.ContactMessage.Text())
		return err
	})
}

// A receiver without an inbox passes delivery reports to the outbox.
func ExampleFold() {
	webhook.On(receiver, func(ctx context.Context, event *webhook.MessageDelivery) error {
		return pgconversation.Fold(ctx, pool, event)
	})
}

// A campaign is stored a few thousand messages at a time. After a failure, store it again: what is stored is not stored twice.
func ExampleInsertManyTx() {
	var campaign []pgconversation.Message // all messages
	for messages := range slices.Chunk(campaign, 2000) {
		err := pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
			results, err := pgconversation.InsertManyTx(ctx, riverClient, tx, messages)
			for i, result := range results {
				if result != nil { // such as a number that is not one
					log.Print(messages[i].Entry.ID, ": ", result)
				}
			}
			return err
		})
		if err != nil {
			log.Fatal(err)
		}
	}
}

// The messages of a campaign that Sinch has rejected.
func ExampleList() {
	params := pgconversation.ListParams{State: pgconversation.StateRejected, Group: "spring"}
	for status, err := range pgconversation.List(ctx, pool, params) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(status.ID, status.Attempts)
	}
}

// A page for the people who watch the queue.
func ExampleOverview() {
	overview, err := pgconversation.Overview(ctx, pool)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(overview.Due, "messages are due, the oldest since", overview.Oldest)
}
