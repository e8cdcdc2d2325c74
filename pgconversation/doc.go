// Package pgconversation sends messages if, and only if, a transaction of PostgreSQL commits. It stores them beside your data, and
// River (github.com/riverqueue/river) has them sent by any number of processes.
//
// Create the tables with [Migrate], set up River in each process that works jobs:
//
//	workers := river.NewWorkers()
//	river.AddWorker(workers, pgconversation.NewWorker(client, pool)) // sends
//	river.AddWorker(workers, pgconversation.NewUpkeep(pool))         // settles what crashed processes left, and forgets old entries
//	riverClient, err := river.NewClient(riverpgxv5.New(pool), &river.Config{
//		Queues:               map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: 100}},
//		Workers:              workers,
//		PeriodicJobs:         pgconversation.PeriodicJobs(),
//		RescueStuckJobsAfter: 5 * time.Minute,
//	})
//
// Then, where you write to the database:
//
//	err := pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
//		// INSERT INTO orders ...
//		return pgconversation.InsertTx(ctx, riverClient, tx, req, pgconversation.Entry{ID: "order-7"})
//	})
//
// Next: an [Inbox] handles callbacks with River too. [Get], [List] and [Count] read entries; [Cancel], [Retry] and [Settle] change them.
// The README has a whole program.
//
// # At most once
//
// Exactly once is impossible, because Sinch has no idempotency key: if a process crashes between a request and its reply, or the
// connection breaks there, nobody can know whether the message was sent. A [Worker] therefore records each attempt, and commits that,
// before the request leaves. An attempt without a result is never retried: its entry becomes [StateUnknown], together with its
// message. A callback that carries its ID settles it ([Inbox]), or you do ([Settle]). What provably was not sent is retried by River's
// schedule.
//
// # Callbacks
//
// An [Inbox] stores callbacks before it answers them, and handles them with the functions of a [webhook.Receiver] in River jobs. What a
// function writes with [Tx] is committed together with the callback, exactly once. [NewDeduper] is for receivers that need no queue.
//
// # Tables
//
// [Migrate] creates the tables, or your own tool applies the files of [Migrations]. River's tables are River's to migrate. The
// functions that read and change entries accept a pool, a connection or a transaction.
package pgconversation
