// Package outbox has the parts from which a durable queue of messages is built, such as those of relay and pgconversation. It is for
// programs that build a queue of their own; programs that use one need only the [Observer], which otelconversation implements.
//
// A queue encodes a message and stores it. A worker records each attempt, and then makes it:
//
//	stored, err := outbox.Encode(request) // in the table or stream of the queue
//
//	request, err := outbox.Decode(stored)
//	request.MessageMetadata = outbox.WithID(request.MessageMetadata, id)
//	_, err = outbox.Send(ctx, client, request, gate) // gate is called immediately before the request leaves
//	switch outbox.OutcomeOf(err) {
//	case conversation.OutcomeNotSent: // try again later
//	case conversation.OutcomeUnknown: // never try again: a callback settles it, see ReportOf
//	}
//
// Next: the example of this package is a whole attempt. [ReportOf] returns what a callback reports about an entry.
// [IsThrottled], [Works] and [AboutSetting] report what an error means for the messages after it. [Redact] masks what is stored.
package outbox

import (
	"context"
	"time"
)

// Observer is notified of each attempt to send an entry, to trace, measure or log it. Its methods are called concurrently.
type Observer interface {
	// EntryStarted is called before an attempt, once it is recorded. The returned context, derived from ctx, is that of the
	// attempt: the call of the client is made with it. Nil means ctx.
	EntryStarted(ctx context.Context, entry EntryInfo) context.Context
	// EntryEnded is called once for each EntryStarted, after the outcome was recorded, with the context that EntryStarted of this
	// observer returned.
	EntryEnded(ctx context.Context, entry EntryInfo, result EntryResult)
}

// EntryInfo describes an attempt to send an entry.
type EntryInfo struct {
	Operation string // method that sends it, such as "Outbox.Run"
	App       string // id of the app
	ID        string // of the entry, as the caller chose it: it may be personal data
	Attempt   int    // number of the attempt, from 1
}

// EntryResult describes the end of an attempt.
type EntryResult struct {
	State    string        // of the entry: "accepted", "rejected", "unknown", or "queued" if it is sent again
	Attempts int           // requests that were sent for the entry so far
	Err      error         // of the call, or nil; its fields may hold personal data, its text does not
	Duration time.Duration // between EntryStarted and EntryEnded
	Waited   time.Duration // part of Duration before the request, such as for the rate
}

// Overview is the state of a queue, for gauges.
type Overview struct {
	States     map[string]int // number of entries in each state
	Due        int            // queued entries that are due
	Oldest     time.Duration  // since the oldest of those was queued; 0 if there is none
	Waiting    int            // callbacks that are not handled yet
	OldestCall time.Duration  // since the oldest of those arrived; 0 if there is none
	Dead       int            // dead letters
}
