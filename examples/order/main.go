// Command order is a shop that stores an order and its confirmation in one transaction of PostgreSQL. The confirmation is sent if, and only
// if, the transaction commits.
//
//	go run ./examples/order                       # a fake server, and a PostgreSQL server of its own
//	go run ./examples/order -live -addr :8080     # on Sinch: the shop
//	go run ./examples/order -live -worker         # on Sinch: sends the confirmations, in any number of processes
//
// On the fake, an order is stored, a payment is declined, and a worker is killed between a request and its answer. At the end the
// orders are compared with what the fake received: nobody got a message for an order that was rolled back, and nobody got one twice.
// It starts PostgreSQL from the programs of the machine. If DATABASE_URL is set, it uses a database that it creates and drops on
// that server.
//
// With -live it needs SINCH_PROJECT_ID, SINCH_KEY_ID, SINCH_KEY_SECRET, SINCH_CONVERSATION_REGION, SINCH_APP_ID,
// SINCH_WEBHOOK_SECRET and DATABASE_URL, and a webhook of the app with the trigger MESSAGE_DELIVERY and the path /sinch. The shop
// creates its tables, so start it before the workers.
package main

import (
	"context"
	"errors"
	"os"

	"github.com/sinchgo/conversation/conversationtest"
	"github.com/sinchgo/conversation/examples/internal/setup"
	"github.com/sinchgo/conversation/pgconversation/pgtest"
)

func main() {
	os.Exit(setup.Main("order", run))
}

func run(ctx context.Context, p *setup.Program) error {
	addr := p.Flags.String("addr", "127.0.0.1:0", "where the shop listens")
	worker := p.Flags.Bool("worker", false, "with -live: send, and accept no orders")
	secret := p.Secret("SINCH_WEBHOOK_SECRET", "made-up-secret", "the secret of the webhook")
	dsn := p.Secret("DATABASE_URL", os.Getenv("DATABASE_URL"), "the URL of a PostgreSQL database")
	p.FakeConfig = conversationtest.Config{Callbacks: conversationtest.CallbackConfig{Rate: -1}}
	client, appID, err := p.ConnectApp()
	if err != nil {
		return err
	}
	if !p.Live {
		url, drop, err := newDatabase(ctx, *dsn)
		if errors.Is(err, pgtest.ErrNotInstalled) && os.Getenv("PGCONVERSATION_REQUIRE") == "" {
			p.Printf("PostgreSQL is not installed here, so nothing was done: install it, or set DATABASE_URL.\n")
			return nil
		}
		if err != nil {
			return err
		}
		defer drop()
		*dsn = url
	}

	s, err := openShop(ctx, p, client, appID, *dsn, *secret, *worker)
	if err != nil {
		return err
	}
	defer s.close(ctx)
	if *worker {
		<-ctx.Done()
		return nil
	}
	target, err := s.listen(ctx, *addr)
	if err != nil {
		return err
	}
	p.Printf("The shop listens on %s.\n", target)
	if p.Live {
		<-ctx.Done()
		return nil
	}
	return play(ctx, p, s, target, *dsn, *secret)
}
