package relayprogram

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/relay"
	"github.com/sinchgo/conversation/relay/embedded"
)

// result is the result of a run.
type result struct {
	code           int
	stdout, stderr string
}

func invoke(t *testing.T, args ...string) result {
	t.Helper()
	return invokeWith(t.Context(), args...)
}

func invokeWith(ctx context.Context, args ...string) result {
	return invokeOn(ctx, console{stdin: strings.NewReader("")}, args...)
}

// answer invokes the program on a terminal, where a person answers its question.
func answer(t *testing.T, text string, args ...string) result {
	t.Helper()
	return invokeOn(t.Context(), console{stdin: strings.NewReader(text), asks: true}, args...)
}

func invokeOn(ctx context.Context, on console, args ...string) result {
	var stdout, stderr strings.Builder
	on.stdout, on.stderr = &stdout, &stderr
	code := run(ctx, "conversation-relay", args, on)
	return result{code, stdout.String(), stderr.String()}
}

// program is a program whose relay other processes can use.
type program struct {
	dir   string
	nc    *nats.Conn
	relay *relay.Relay
}

func start(t *testing.T) program {
	t.Helper()
	p := program{dir: filepath.Join(t.TempDir(), "relay")}
	engine, err := embedded.Dir(p.dir, embedded.WithListen("127.0.0.1:0")).Connect(t.Context())
	require.NoError(t, err)
	t.Cleanup(engine.Close)
	p.nc = engine.Conn
	p.relay, err = relay.Open(t.Context(), relay.Conn(engine.Conn), relay.WithSyncedServer())
	require.NoError(t, err)
	return p
}

// enqueue enqueues an entry and writes its state as a worker does; queued entries have none.
func (p program) enqueue(t *testing.T, app, id string, state relay.State) {
	t.Helper()
	p.enqueueIn(t, relay.Scope{App: app}, id, state, "")
}

func (p program) enqueueIn(t *testing.T, in relay.Scope, id string, state relay.State, delivery conversation.DeliveryStatus) {
	t.Helper()
	require.NoError(t, p.relay.Outbox().Enqueue(t.Context(), &conversation.SendMessageRequest{
		AppID: in.App, Recipient: conversation.ToChannel(conversation.ChannelSMS, "15551230000"), Message: conversation.Text("secret words"),
	}, relay.Entry{ID: id, Group: in.Group}))
	if state == relay.StateQueued {
		return
	}
	js, err := jetstream.New(p.nc)
	require.NoError(t, err)
	outbox, err := js.Stream(t.Context(), "SINCH_OUTBOX")
	require.NoError(t, err)
	name := in.App + "." + id
	if in.Group != "" {
		name = in.App + "+" + in.Group + "." + id
	}
	queued, err := outbox.GetLastMsgForSubject(t.Context(), "sinch.outbox.entry."+name)
	require.NoError(t, err)
	aside, isAside := map[relay.State]string{
		relay.StateUnknown: "held", relay.StateRejected: "rejected", relay.StateDropped: "dropped",
	}[state]
	if isAside {
		_, err = js.Publish(t.Context(), "sinch.outbox."+aside+"."+name, queued.Data)
		require.NoError(t, err)
	}
	p.publishState(t, name, state, delivery)
	require.NoError(t, outbox.DeleteMsg(t.Context(), queued.Sequence))
}

// publishState writes a record as a worker does, and as the inbox does for a delivery report.
func (p program) publishState(t *testing.T, name string, state relay.State, delivery conversation.DeliveryStatus) {
	t.Helper()
	js, err := jetstream.New(p.nc)
	require.NoError(t, err)
	status := relay.Status{State: state, Attempts: 1, Delivery: delivery}
	if state != relay.StateAccepted {
		status.Reason = "the worker died"
	}
	if delivery == conversation.DeliveryStatusFailed {
		status.DeliveryReason = "the phone is off"
	}
	msg := nats.NewMsg("sinch.outbox.state." + name)
	msg.Data, err = json.Marshal(status)
	require.NoError(t, err)
	msg.Header = nats.Header{"Relay-State": {string(state)}, "Relay-Round": {"0"}}
	if delivery != "" {
		msg.Header.Set("Relay-Delivery", string(delivery))
	}
	_, err = js.PublishMsg(t.Context(), msg)
	require.NoError(t, err)
}

// pause records a 429 as a worker does.
func (p program) pause(t *testing.T, app string, until time.Time) {
	t.Helper()
	js, err := jetstream.New(p.nc)
	require.NoError(t, err)
	_, err = js.Publish(t.Context(), "$KV.sinch_pace.pace",
		fmt.Appendf(nil, `{"apps":{%q:{"until":%q,"limit":20}}}`, app, until.Format(time.RFC3339Nano)))
	require.NoError(t, err)
}

// addDeadLetter adds a callback to the dead letters as a worker does, and returns its number.
func (p program) addDeadLetter(t *testing.T, id, body string) string {
	t.Helper()
	js, err := jetstream.New(p.nc)
	require.NoError(t, err)
	msg := nats.NewMsg("sinch.dead.inbox." + id)
	msg.Data = []byte(body)
	msg.Header = nats.Header{"Relay-Letter-Reason": {"the shop is closed"}, "Relay-Letter-Tries": {"10"}, "Content-Type": {"application/json"}}
	ack, err := js.PublishMsg(t.Context(), msg)
	require.NoError(t, err)
	return strconv.FormatUint(ack.Sequence, 10)
}

// messages returns the number of messages in a stream.
func (p program) messages(t *testing.T, stream string) int {
	t.Helper()
	js, err := jetstream.New(p.nc)
	require.NoError(t, err)
	found, err := js.Stream(t.Context(), stream)
	require.NoError(t, err)
	return int(found.CachedInfo().State.Msgs)
}
