package main

import (
	"context"
	"net"
	"net/http"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/examples/internal/setup"
	"github.com/sinchgo/conversation/pgconversation"
	"github.com/sinchgo/conversation/webhook"
)

// queueMessages is River's queue of the confirmations. Workers send from it; the shop handles everything else.
const queueMessages = "messages"

// callbackWorkers is how many callbacks the shop handles concurrently.
const callbackWorkers = 10

// shop is a process of the shop: it accepts orders and callbacks, or it sends.
type shop struct {
	p      *setup.Program
	appID  string
	pool   *pgxpool.Pool
	inbox  *pgconversation.Inbox
	client *river.Client[pgx.Tx]
}

// openShop connects to the database, and starts to work jobs.
func openShop(ctx context.Context, p *setup.Program, client *conversation.Client, appID, dsn, secret string, worker bool) (*shop, error) {
	config, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		return nil, err
	}
	config.MaxConns = callbackWorkers + 10 // a callback that is handled occupies a connection
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, err
	}
	s := &shop{p: p, appID: appID, pool: pool}
	if err := s.start(ctx, client, secret, worker); err != nil {
		pool.Close()
		return nil, err
	}
	return s, nil
}

func (s *shop) start(ctx context.Context, client *conversation.Client, secret string, worker bool) error {
	receiver, err := webhook.NewReceiver(webhook.WithSecret(secret))
	if err != nil {
		return err
	}
	webhook.On(receiver, delivered)
	s.inbox = pgconversation.NewInbox(receiver, s.pool)

	var upkeep []pgconversation.UpkeepOption
	if !s.p.Live {
		upkeep = append(upkeep, pgconversation.WithLease(time.Second)) // so that nobody waits; omit it in your program
	}
	workers := river.NewWorkers()
	river.AddWorker(workers, pgconversation.NewWorker(client, s.pool))
	river.AddWorker(workers, pgconversation.NewUpkeep(s.pool, upkeep...))
	river.AddWorker(workers, s.inbox)

	queues := map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: callbackWorkers}}
	if worker {
		queues = map[string]river.QueueConfig{queueMessages: {MaxWorkers: 100}}
	} else if err := migrate(ctx, s.pool); err != nil {
		return err
	}
	s.client, err = river.NewClient(riverpgxv5.New(s.pool), &river.Config{
		Queues: queues, Workers: workers, PeriodicJobs: pgconversation.PeriodicJobs(), RescueStuckJobsAfter: 5 * time.Minute,
	})
	if err != nil {
		return err
	}
	return s.client.Start(context.WithoutCancel(ctx)) // close stops it, when the jobs that are running have ended
}

// close stops the process, also when ctx has ended.
func (s *shop) close(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	_ = s.client.Stop(ctx)
	s.pool.Close()
}

// listen accepts orders and callbacks until the context ends.
func (s *shop) listen(ctx context.Context, addr string) (string, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", addr)
	if err != nil {
		return "", err
	}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /orders", s.order)
	mux.Handle("POST /sinch", s.inbox.Handler(s.client))
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = server.Serve(listener) }()
	context.AfterFunc(ctx, func() { _ = server.Close() })
	return "http://" + listener.Addr().String(), nil
}
