package relay_test

import (
	"context"
	"strconv"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
	"github.com/sinchgo/conversation/relay"
)

// message returns a message to a number of a fake's app.
func message(app string) *conversation.SendMessageRequest {
	return &conversation.SendMessageRequest{
		AppID: app, Message: conversation.Text("Your table is ready."), Recipient: conversation.ToChannel(conversation.ChannelSMS, "15551230000"),
	}
}

// work runs a worker until the test ends or it is stopped.
func work(t *testing.T, r *relay.Relay, client *conversation.Client, opts ...relay.OutboxOption) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- r.Outbox().Run(ctx, client, opts...) }()
	stopped := false
	stop = func() {
		if !stopped {
			stopped = true
			cancel()
			require.NoError(t, <-done)
		}
	}
	t.Cleanup(stop)
	return stop
}

// inState waits until an entry is in a state.
func inState(t *testing.T, r *relay.Relay, id string, state relay.State) *relay.Status {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	var last *relay.Status
	for status, err := range r.Outbox().Watch(ctx, id) {
		require.NoError(t, err, "the entry was last %+v", last)
		if status.State == state {
			return status
		}
		last = status
	}
	require.Fail(t, "the entry settled otherwise", "%v", id)
	return nil
}

// lost returns a relay whose only entry was accepted by Sinch, but got no reply.
func lost(t *testing.T, opts ...relay.OutboxOption) (*relay.Relay, jetstream.JetStream, *conversationtest.Server) {
	t.Helper()
	r, js := engine(t)
	srv := conversationtest.NewServer(conversationtest.Config{})
	t.Cleanup(srv.Close)
	srv.Fault(conversationtest.Fault{Kind: conversationtest.FaultDropAfterAccept, Operation: "Messages.Send", Times: 1})
	require.NoError(t, r.Outbox().Enqueue(t.Context(), message(srv.AppID()), relay.Entry{ID: "a"}))
	work(t, r, srv.NewClient(t), opts...)
	inState(t, r, "a", relay.StateUnknown)
	return r, js, srv
}

// kinds returns the kinds of the messages in the outbox stream.
func kinds(t *testing.T, js jetstream.JetStream) []string {
	t.Helper()
	var found []string
	for _, kind := range []string{"later", "entry", "held", "state"} {
		stream, err := js.Stream(t.Context(), "SINCH_OUTBOX")
		require.NoError(t, err)
		info, err := stream.Info(t.Context(), jetstream.WithSubjectFilter("sinch.outbox."+kind+".>"))
		require.NoError(t, err)
		if len(info.State.Subjects) > 0 {
			found = append(found, kind)
		}
	}
	return found
}

// onlyDeadLetter returns the dead letter, or nil if there is none.
func onlyDeadLetter(t *testing.T, r *relay.Relay) *relay.DeadLetter {
	t.Helper()
	var found []*relay.DeadLetter
	for letter, err := range r.DeadLetters(t.Context()) {
		require.NoError(t, err)
		found = append(found, letter)
	}
	if len(found) == 0 {
		return nil
	}
	require.Len(t, found, 1)
	return found[0]
}

func textOf(app string) *conversation.SendMessageRequest {
	return &conversation.SendMessageRequest{
		AppID: app, Recipient: conversation.ToChannel(conversation.ChannelSMS, "15551230000"), Message: conversation.Text("Hi!"),
	}
}

// note writes the state of an entry as a worker does.
func note(t *testing.T, nc *nats.Conn, app, id string, state relay.State) {
	t.Helper()
	js, err := jetstream.New(nc)
	require.NoError(t, err)
	msg := nats.NewMsg("sinch.outbox.state." + app + "." + id)
	msg.Data = []byte(`{"state":` + strconv.Quote(string(state)) + `,"attempts":1}`)
	msg.Header = nats.Header{"Relay-State": {string(state)}}
	_, err = js.PublishMsg(t.Context(), msg)
	require.NoError(t, err)
}
