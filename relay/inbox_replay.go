package relay

import (
	"context"
	"crypto/rand"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// Replay hands the callbacks that were kept since a time to the functions once more, whatever became of them: it appends
// them again, and gives how many. They are handled by [Inbox.Run] as new ones are, after those that wait; copies among them are
// handled once. One that is not handled yet will be handled twice. Callbacks are kept for as long as
// [WithCallbackRetention] says. When Replay fails, what it appended so far stays.
func (i *Inbox) Replay(ctx context.Context, since time.Time) (int, error) {
	appended, err := i.replay(ctx, since, rand.Text())
	if err != nil {
		return appended, inMethod("Inbox.Replay", err)
	}
	return appended, nil
}

func (i *Inbox) replay(ctx context.Context, from time.Time, id string) (int, error) {
	info, err := i.relay.inboxStream.Info(ctx)
	if err != nil {
		return 0, err
	}
	last := info.State.LastSeq // what comes later is not replayed, nor what is appended here
	appended := 0
	since := jetstream.OrderedConsumerConfig{DeliverPolicy: jetstream.DeliverByStartTimePolicy, OptStartTime: &from}
	for message, err := range i.relay.scan(ctx, i.relay.names.inbox, since) {
		if err != nil {
			return appended, err
		}
		meta, err := message.Metadata()
		if err != nil || meta.Sequence.Stream > last {
			return appended, err
		}
		if err := i.appendAgain(ctx, message, id); err != nil {
			return appended, err
		}
		appended++
		if meta.Sequence.Stream == last {
			break
		}
	}
	return appended, nil
}

// appendAgain appends a callback as part of a replay.
func (i *Inbox) appendAgain(ctx context.Context, message jetstream.Msg, id string) error {
	header := onlyKept(message.Headers())
	header.Set(replayHeader, id)
	_, err := i.relay.js.PublishMsg(ctx, &nats.Msg{Subject: message.Subject(), Header: header, Data: message.Data()})
	return err
}
