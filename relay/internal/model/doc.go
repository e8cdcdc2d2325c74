// Package model checks the guarantees of relay by exhaustive exploration.
//
// A model is a state machine of one entry of the outbox, or of one callback: what is stored, what is on the disk, and what two
// workers and other processes know. [Explore] tries every order of their steps, with a crash after each step, a redelivery and
// the end of a lease at any time, a lost acknowledgement, and power cuts. It prints the shortest way to a state that must not
// exist. It also finds states from which workers alone cannot end an entry.
//
// The steps of an entry, and the functions of package relay that they model:
//
//	caller      Outbox.store: a publish if nothing is stored under the ID
//	take        queues.take, attempt.maySend, attempt.presumeDead
//	begin       attempt.begin, attempt.resolveConflict: "attempting", by compare-and-swap
//	confirm     Engine.Confirm: the record is on the disk before the request
//	send        attempt.send, the outcome of attempt.finish
//	finish      attempt.writeState, attempt.settle, attempt.retry, attempt.toUnknown
//	removing    attempt.remove: the message, then the acknowledgement
//	search      the search for acknowledged messages that are still there, and for records without a message
//	expire      attempt.recordExpired
//	cancel      Outbox.cancel, Outbox.putCancelled, Outbox.endCancel
//	settlement  Outbox.settle, Outbox.resend, Outbox.requeue, Outbox.fold
//	forget      the end of the retention
//
// Those of a callback are Inbox.keep, Inbox.claim, delivery.runHandler, claim.end and claim.write.
//
// The delivery state is only a hint: a consumer, or what replaces it, may have forgotten everything or be ahead of the stream after a
// power cut. A lease may end at any time, so nothing depends on its length, with one exception, which the settings ensure: a
// record is not forgotten while a process that read an earlier one still acts on it. The models have no clock.
package model
