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

// inboxQueue is a part of the inbox with a separate consumer.
type inboxQueue struct {
	subject string
	waiting int
	done    uint64 // sequence up to which everything is handled
}

// consumerModes returns the queues of the two modes in which callbacks are delivered, as far as they were used: in one
// queue as they arrive, and in order with one queue per lane. After a change of the mode, the unused one has more
// callbacks waiting. The consumers of lanes are created one after the other; in a lane without one, everything waits.
func (i *Inbox) consumerModes(ctx context.Context, subjects map[string]uint64) ([][]inboxQueue, error) {
	var ways [][]inboxQueue
	lanes := make(map[string]inboxQueue)
	list := i.relay.inboxStream.ListConsumers(ctx)
	for consumer := range list.Info() {
		switch {
		case consumer.Delivered.Consumer == 0: // A consumer that is being created may report that nothing waits. Everything does.
		case consumer.Name == oneConsumer:
			ways = append(ways, []inboxQueue{queueOf(consumer, i.relay.names.prefix+".inbox.*")})
		case strings.HasPrefix(consumer.Name, laneConsumer):
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

// oldestOf returns when the oldest callback that waits in some queues arrived.
func (i *Inbox) oldestOf(ctx context.Context, queues []inboxQueue) (time.Time, error) {
	var oldest time.Time
	for _, queue := range queues {
		if queue.waiting == 0 {
			continue
		}
		msg, err := i.relay.inboxStream.GetMsg(ctx, queue.done+1, jetstream.WithGetMsgSubject(queue.subject))
		switch {
		case errors.Is(err, jetstream.ErrMsgNotFound): // handled meanwhile
		case err != nil:
			return oldest, err
		case oldest.IsZero() || msg.Time.Before(oldest):
			oldest = msg.Time
		}
	}
	return oldest, nil
}
