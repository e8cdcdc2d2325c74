// Package relay puts a durable queue between a backend and the Sinch Conversation API, for backends of more than one
// process. The queue is NATS JetStream, either embedded in the process
// ([github.com/sinchgo/conversation/relay/embedded]) or on your own cluster ([Conn]). The code is the same for both.
//
// An [Outbox] sends the messages that were enqueued, at the rate that the apps and the project allow, from any number of
// processes. An [Inbox] stores callbacks before it answers them, and passes them to the handlers of a
// [webhook.Receiver], in any number of processes.
//
// Exactly once is impossible, because Sinch has no idempotency key: if a process crashes between a request and its
// reply, or the connection breaks there, nobody can know whether the message was sent. The outbox never guesses. Such an
// entry becomes [StateUnknown]. A callback that carries its ID settles it; otherwise it is not sent again unless you ask
// for that. Sends are therefore at most once by default, with every doubt on record. Callbacks are at least once: a
// handler runs again if its process crashes before the result is recorded.
package relay
