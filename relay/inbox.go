package relay

import (
	"context"
	"errors"
	"net/http"

	"github.com/nats-io/nats.go"

	"github.com/sinchgo/conversation/webhook"
)

// errAway is the error for a callback that cannot be stored now.
var errAway = errors.New("relay: the engine is not connected")

// Inbox is a durable queue of callbacks. Get it from [Relay.Inbox].
//
// [Inbox.Handler] stores callbacks as they arrive, and [Inbox.Run] passes them to the handlers of a receiver, in any
// number of processes. A duplicate of a handled callback is not handled again. No callback is lost as long as the engine
// keeps its data. A handler runs more than once for a callback only if it failed, or if its success could not be
// recorded because its process crashed at that moment or the engine was away for too long.
type Inbox struct {
	relay  *Relay
	claims unchanged // how long this process has seen claims unchanged
	failed unchanged // how long ago handlers failed in this process
}

// Handler returns the handler to mount at the target of the webhook. It verifies callbacks as the receiver does, and
// responds as [webhook.Receiver.Forward] describes: 200 once the engine has stored the callback, 503 if it did not, so
// that Sinch redelivers it. It does not run the handlers of the receiver; [Inbox.Run] does, in this or another process.
//
// The bodies are kept for [WithCallbackRetention]. Of the headers only the signature and the content type are kept.
func (i *Inbox) Handler(receiver *webhook.Receiver) http.Handler { return receiver.Forward(i.keep) }

// keep appends a callback to the stream, and returns when the engine has stored it.
func (i *Inbox) keep(ctx context.Context, body []byte, header http.Header) error {
	if !i.relay.engine.Conn.IsConnected() {
		return errAway // Sinch does not wait until the engine is back
	}
	callback := &nats.Msg{Subject: i.relay.names.lane(laneOf(body)), Header: keptHeader(header), Data: body}
	i.relay.fit(callback)
	if _, err := i.relay.js.PublishMsg(ctx, callback); err != nil {
		return err
	}
	return i.relay.engine.confirm(ctx)
}
