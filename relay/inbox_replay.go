package relay

import (
	"context"
	"crypto/rand"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// Replay passes all callbacks that arrived since a time to the handlers again, whatever their outcome was. It appends
// them to the queue and returns their number. [Inbox.Run] handles them like new callbacks, after those that wait;
// duplicates among them are handled once. A callback that is still waiting will be handled twice. Callbacks are kept for
// [WithCallbackRetention]. If Replay fails, the callbacks that it has appended stay.
//
// When a callback arrived is by the wall clock of the engine at that time. If that clock was wrong or has been set since then,
// replay from an earlier time; the zero time replays all that are kept.
func (i *Inbox) Replay(ctx context.Context, since time.Time) (int, error) {
	appended, err := i.replay(ctx, since, rand.Text())
	if err == nil {
		err = i.relay.engine.confirm(ctx)
	}
	if err != nil {
		return appended, inMethod("Inbox.Replay", err)
	}
	return appended, nil
}

func (i *Inbox) replay(ctx context.Context, from time.Time, id string) (int, error) {
	from = later(from, time.Unix(0, 0)) // the engine has no earlier times
	if from.After(lastAfter) {
		return 0, nil
	}
	info, err := i.relay.inboxStream.Info(ctx)
	if err != nil {
		return 0, err
	}
	last := info.State.LastSeq // neither later callbacks nor those appended here are replayed
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
	again := &nats.Msg{Subject: message.Subject(), Header: onlyKept(message.Headers()), Data: plainOf(message).Data()}
	again.Header.Set(replayHeader, id)
	if !i.relay.fit(again) {
		again.Header = nats.Header{replayHeader: {id}} // the others are not needed to handle it
		i.relay.fit(again)
	}
	_, err := i.relay.js.PublishMsg(ctx, again)
	return err
}
