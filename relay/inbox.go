package relay

import (
	"context"
	"errors"
	"net/http"

	"github.com/nats-io/nats.go"

	"github.com/sinchgo/conversation/webhook"
)

// errAway says that a callback cannot be kept now.
var errAway = errors.New("relay: the engine is not connected")

// Inbox is a durable queue of callbacks. Get it from [Relay.Inbox].
//
// [Inbox.Handler] keeps callbacks as they come, and [Inbox.Run] hands them to the functions of a receiver, in any number of
// processes. A copy of a callback that was handled is not handled again. A callback is lost in no fault that the engine
// survives, and a function runs more than once for it only when it failed, or when it ended and that could not be noted: its
// process was killed at that moment, or the engine was away for long.
type Inbox struct{ relay *Relay }

// Handler gives the handler to mount at the target of the webhook. It checks callbacks as the receiver does, and answers as
// [webhook.Receiver.Forward] says: 200 once the engine has the callback on record, and 503 when it does not take it, so that
// Sinch delivers it again. The functions of the receiver are not run: that is for [Inbox.Run], here or elsewhere.
//
// The bodies are kept for as long as [WithCallbackRetention] says. Of the headers only the signature and the content type
// are kept.
func (i *Inbox) Handler(receiver *webhook.Receiver) http.Handler { return receiver.Forward(i.keep) }

// keep appends a callback to the stream. It returns when the engine has it.
func (i *Inbox) keep(ctx context.Context, body []byte, header http.Header) error {
	if !i.relay.engine.Conn.IsConnected() {
		return errAway // rather than to wait until it is back: Sinch does not
	}
	_, err := i.relay.js.PublishMsg(ctx, &nats.Msg{
		Subject: i.relay.names.lane(laneOf(body)), Header: keptHeader(header), Data: body,
	})
	return err
}
