// Package sequences keeps the numbers of messages unique.
package sequences

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// maxLost limits the number of messages that can have been lost. A larger number is damage.
const maxLost = 1_000_000

// stallWait is how long a publish may wait for earlier ones.
const stallWait = 10 * time.Second

// Advance makes a stream go on above all numbers that its consumers have seen.
//
// A power cut can cost a stream its last messages and leave the position of its consumers as it was. New messages would get
// the numbers of the lost ones, and the consumers would skip them. So these numbers are used up before anything new is
// stored.
func Advance(ctx context.Context, js jetstream.JetStream, stream jetstream.Stream) error {
	info, err := stream.Info(ctx)
	if err != nil {
		return err
	}
	seen, name, err := lastSeen(ctx, stream)
	if err != nil || seen <= info.State.LastSeq || len(info.Config.Subjects) == 0 {
		return err
	}
	lost := seen - info.State.LastSeq
	if lost > maxLost {
		return fmt.Errorf("the consumer %s of the stream %s is %d messages ahead of it", name, info.Config.Name, lost)
	}
	subject := strings.NewReplacer("*", "lost", ">", "lost").Replace(info.Config.Subjects[0])
	for range lost {
		if _, err := js.PublishAsync(subject, nil, jetstream.WithStallWait(stallWait)); err != nil {
			return err
		}
	}
	select {
	case <-js.PublishAsyncComplete():
	case <-ctx.Done():
		return ctx.Err()
	}
	if err := stream.Purge(ctx, jetstream.WithPurgeSubject(subject)); err != nil {
		return err
	}
	if info, err = stream.Info(ctx); err != nil {
		return err
	}
	if info.State.LastSeq < seen {
		return fmt.Errorf("the stream %s cannot go on above the number %d", info.Config.Name, seen)
	}
	return nil
}

// lastSeen returns the highest number that a consumer of a stream has seen, and its name.
func lastSeen(ctx context.Context, stream jetstream.Stream) (uint64, string, error) {
	var most uint64
	var name string
	consumers := stream.ListConsumers(ctx)
	for info := range consumers.Info() {
		if seen := max(info.Delivered.Stream, info.AckFloor.Stream); seen > most {
			most, name = seen, info.Name
		}
	}
	return most, name, consumers.Err()
}
