// Package relay puts a durable queue between a backend and the Sinch Conversation API: what is enqueued survives a crash,
// and by default is sent at most once.
//
// The queue is NATS JetStream, embedded in the process here, or on your own cluster ([Conn]):
//
//	r, err := relay.Open(ctx, embedded.Dir("/var/lib/shop/relay"))
//	if err != nil {
//		return err
//	}
//	defer r.Close()
//	go func() { failed <- r.Outbox().Run(ctx, client) }() // sends until ctx ends, in one process or in many
//	...
//	err = r.Outbox().Enqueue(ctx, request, relay.Entry{ID: "order-4711"}) // the same ID is the same message
//
// Next: [Outbox.Watch] waits for the outcome, and [Outbox.EnqueueAll] enqueues a campaign. The program conversation-relay
// shows the state of a relay; an operator pauses, cancels and retries with it. For an outbox in the transactions of PostgreSQL, see
// module pgconversation.
//
// An [Outbox] sends the messages that were enqueued, at the rate that the apps and the project allow, from any number of
// processes. An [Inbox] stores callbacks before it answers them, and passes them to the handlers of a
// [webhook.Receiver], in any number of processes.
//
// # At most once
//
// Exactly once is impossible, because Sinch has no idempotency key: if a process crashes between a request and its
// reply, or the connection breaks there, nobody can know whether the message was sent. The outbox never guesses. Such an
// entry becomes [StateUnknown]. A callback that carries its ID settles it; otherwise it is not sent again unless you ask
// for that. Sends are therefore at most once by default, with every doubt on record.
//
// Callbacks are at least once: a handler runs again if its process crashes before the result is recorded.
package relay
