package relay

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

func (i *Inbox) overview(ctx context.Context) (InboxOverview, error) {
	info, err := i.relay.inboxStream.Info(ctx, jetstream.WithSubjectFilter(i.relay.names.prefix+".inbox.*"))
	if err != nil || info.State.Msgs == 0 {
		return InboxOverview{}, err
	}
	kept := int(info.State.Msgs) //nolint:gosec // No stream is that long.
	view := InboxOverview{Waiting: kept, Oldest: info.State.FirstTime, Kept: kept}
	ways, err := i.consumerModes(ctx, info.State.Subjects)
	if err != nil {
		return view, err
	}
	for _, way := range ways {
		waiting := 0
		for _, queue := range way {
			waiting += queue.waiting
		}
		if waiting >= view.Waiting {
			continue
		}
		view.Waiting = waiting
		if view.Oldest, err = i.oldestOf(ctx, way); err != nil {
			return view, err
		}
	}
	return view, nil
}

// inboxQueue is a part of the inbox that is handed out in one line.
type inboxQueue struct {
	subject string
	waiting int
	done    uint64 // up to this number in the stream all is handled
}

// consumerModes gives the two ways in which callbacks are handed out, as far as they are used: as they come, in one queue, and in
// order, in one for each lane. After a change from one to the other, that which is no longer used has the more waiting. The
// queues of lanes are made one after the other; in a lane that has none yet, all waits.
func (i *Inbox) consumerModes(ctx context.Context, subjects map[string]uint64) ([][]inboxQueue, error) {
	var ways [][]inboxQueue
	lanes := make(map[string]inboxQueue)
	list := i.relay.inboxStream.ListConsumers(ctx)
	for consumer := range list.Info() {
		switch {
		case consumer.Delivered.Consumer == 0: // One that is being made may say that nothing waits. It all does.
		case consumer.Name == "inbox":
			ways = append(ways, []inboxQueue{queueOf(consumer, i.relay.names.prefix+".inbox.*")})
		case strings.HasPrefix(consumer.Name, "inbox-"):
			lanes[consumer.Config.FilterSubject] = queueOf(consumer, consumer.Config.FilterSubject)
		}
	}
	if err := list.Err(); err != nil || len(lanes) == 0 {
		return ways, err
	}
	var way []inboxQueue
	for subject, count := range subjects {
		queue, ok := lanes[subject]
		if !ok {
			queue = inboxQueue{subject: subject, waiting: int(count)} //nolint:gosec // No stream is that long.
		}
		way = append(way, queue)
	}
	return append(ways, way), nil
}

func queueOf(consumer *jetstream.ConsumerInfo, subject string) inboxQueue {
	waiting := int(consumer.NumPending) + consumer.NumAckPending //nolint:gosec // No stream is that long.
	return inboxQueue{subject: subject, waiting: waiting, done: consumer.AckFloor.Stream}
}

// oldestOf gives when the oldest callback came that waits in some queues.
func (i *Inbox) oldestOf(ctx context.Context, queues []inboxQueue) (time.Time, error) {
	var oldest time.Time
	for _, queue := range queues {
		if queue.waiting == 0 {
			continue
		}
		msg, err := i.relay.inboxStream.GetMsg(ctx, queue.done+1, jetstream.WithGetMsgSubject(queue.subject))
		switch {
		case errors.Is(err, jetstream.ErrMsgNotFound): // handled by now
		case err != nil:
			return oldest, err
		case oldest.IsZero() || msg.Time.Before(oldest):
			oldest = msg.Time
		}
	}
	return oldest, nil
}
