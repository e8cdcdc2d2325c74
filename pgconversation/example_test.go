//nolint:testableexamples // They require a PostgreSQL server, which not every machine has.
package pgconversation_test

import (
	"context"
	"fmt"
	"log"
	"net/http"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/outbox"
	"github.com/sinchgo/conversation/pgconversation"
	"github.com/sinchgo/conversation/webhook"
)

// What a program has: see the README for how to create them.
var (
	ctx         context.Context
	pool        *pgxpool.Pool
	client      *conversation.Client
	receiver    *webhook.Receiver
	riverClient *river.Client[pgx.Tx]
)

// A process that sends, handles callbacks and does upkeep.
func Example() {
	workers := river.NewWorkers()
	river.AddWorker(workers, pgconversation.NewWorker(client, pool))
	river.AddWorker(workers, pgconversation.NewUpkeep(pool))
	inbox := pgconversation.NewInbox(receiver, pool)
	river.AddWorker(workers, inbox)

	riverClient, err := river.NewClient(riverpgxv5.New(pool), &river.Config{
		Queues:               map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: 100}},
		Workers:              workers,
		PeriodicJobs:         pgconversation.PeriodicJobs(),
		RescueStuckJobsAfter: 5 * time.Minute,
	})
	if err != nil {
		log.Fatal(err)
	}
	http.Handle("POST /sinch", inbox.Handler(riverClient))
	if err := riverClient.Start(ctx); err != nil {
		log.Fatal(err)
	}
}

// The order and its confirmation are stored together, or neither is.
func ExampleInsertTx() {
	err := pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `INSERT INTO orders (id) VALUES ($1)`, "7"); err != nil {
			return err
		}
		return pgconversation.InsertTx(ctx, riverClient, tx, &conversation.SendMessageRequest{
			AppID:     "YOUR_APP_ID",
			Recipient: conversation.ToChannel(conversation.ChannelSMS, "15551230000"),
			Message:   conversation.Text("Thank you: we have your order 7."),
		}, pgconversation.Entry{ID: "order-7", Group: "orders"})
	})
	if err != nil {
		log.Fatal(err)
	}
}

// A worker for apps that publish no rate, limited to 50 messages a second for each.
func ExampleNewWorker() {
	workers := river.NewWorkers()
	river.AddWorker(workers, pgconversation.NewWorker(client, pool, pgconversation.WithRates(50, 0)))
}

// Entries are forgotten after a week. Then their IDs are free again.
func ExampleNewUpkeep() {
	workers := river.NewWorkers()
	river.AddWorker(workers, pgconversation.NewUpkeep(pool, pgconversation.WithRetention(7*24*time.Hour)))
}

// Upkeep runs in one process at a time, whichever River elects.
func ExamplePeriodicJobs() {
	workers := river.NewWorkers()
	river.AddWorker(workers, pgconversation.NewUpkeep(pool))
	riverClient, err := river.NewClient(riverpgxv5.New(pool), &river.Config{Workers: workers, PeriodicJobs: pgconversation.PeriodicJobs()})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(riverClient.ID())
}

// A delivery report marks an order. What the function writes is committed together with the callback, exactly once.
func ExampleNewInbox() {
	webhook.On(receiver, func(ctx context.Context, e *webhook.MessageDelivery) error {
		report := outbox.ReportOf(e)
		if report.Delivery != conversation.DeliveryStatusDelivered {
			return nil
		}
		tx, _ := pgconversation.Tx(ctx)
		_, err := tx.Exec(ctx, `UPDATE orders SET status = 'delivered' WHERE 'order-' || id = $1`, report.ID)
		return err
	})
	inbox := pgconversation.NewInbox(receiver, pool, pgconversation.WithTries(5))
	http.Handle("POST /sinch", inbox.Handler(riverClient))
}

// Callbacks that could not be handled are handled again, once the function is mended.
func ExampleInbox_RetryDead() {
	inbox := pgconversation.NewInbox(receiver, pool)
	for dead, err := range inbox.Dead(ctx) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(dead.Key, dead.Reason)
		if err := inbox.RetryDead(ctx, riverClient, dead.Key); err != nil {
			log.Fatal(err)
		}
	}
}

// A receiver without a queue, in several processes.
func ExampleNewDeduper() {
	receiver, err := webhook.NewReceiver(webhook.WithSecret("WEBHOOK_SECRET"), webhook.WithDeduper(pgconversation.NewDeduper(pool)))
	if err != nil {
		log.Fatal(err)
	}
	http.Handle("POST /sinch", receiver)
}

// The state of a message, and the latest report about its delivery.
func ExampleGet() {
	status, err := pgconversation.Get(ctx, pool, "order-7")
	if err != nil {
		log.Fatal(err) // pgconversation.ErrNoEntry if there is none
	}
	fmt.Println(status.State, status.Delivery, status.Reason)
}

// Every rejected message of a campaign is sent again, once its cause is mended.
func ExampleRetry() {
	rejected := pgconversation.ListParams{State: pgconversation.StateRejected, Group: "spring"}
	for status, err := range pgconversation.List(ctx, pool, rejected) {
		if err != nil {
			log.Fatal(err)
		}
		if err := pgconversation.Retry(ctx, riverClient, pool, status.ID); err != nil {
			log.Fatal(err)
		}
	}
}

// The messages that may or may not have been sent are given up.
func ExampleSettle() {
	for status, err := range pgconversation.List(ctx, pool, pgconversation.ListParams{State: pgconversation.StateUnknown}) {
		if err != nil {
			log.Fatal(err)
		}
		if err := pgconversation.Settle(ctx, riverClient, pool, status.ID, pgconversation.SettleDrop); err != nil {
			log.Fatal(err)
		}
	}
}

// An order is cancelled, and with it a reminder that is due later.
func ExampleCancel() {
	err := pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `DELETE FROM orders WHERE id = $1`, "7"); err != nil {
			return err
		}
		return pgconversation.Cancel(ctx, tx, "order-7-reminder") // ErrNotQueued if it was sent
	})
	if err != nil {
		log.Fatal(err)
	}
}

// How far a campaign is.
func ExampleCount() {
	counts, err := pgconversation.Count(ctx, pool, "spring")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(counts.States[pgconversation.StateQueued], counts.States[pgconversation.StateAccepted])
}

// The tables of this package. River's are migrated by its package rivermigrate.
func ExampleMigrate() {
	if err := pgconversation.Migrate(ctx, pool); err != nil {
		log.Fatal(err)
	}
}
