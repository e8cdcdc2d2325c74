// Package relay puts a durable queue between a backend and the Sinch Conversation API, for backends of more than one
// process. The queue is NATS JetStream: embedded in the process ([github.com/sinchgo/conversation/relay/embedded]), or the
// user's own cluster ([Conn]); the code is the same for both.
//
// An [Outbox] sends messages that were put into it, at the rate that the apps and the project allow, from any number of
// processes. An [Inbox] keeps callbacks before it answers them, and hands them to the functions of a
// [webhook.Receiver], in any number of processes too.
//
// Exactly once is impossible here. Sinch has no idempotency key: when a process dies between its request and the reply,
// or the connection breaks in between, nobody can tell whether the message was sent. The outbox never guesses. Such an
// entry becomes [StateUnknown], is settled by a callback that carries its ID if one comes, and is not sent again unless
// that was asked for. So the default is at most once for sends, with each doubt on record. For callbacks it is at least
// once: a function that had its effect and died before that was noted runs again.
package relay
