package main

import (
	"context"
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
	var stdout, stderr strings.Builder
	code := run(ctx, args, &stdout, &stderr)
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
	require.NoError(t, p.relay.Outbox().Enqueue(t.Context(), &conversation.SendMessageRequest{
		AppID: app, Recipient: conversation.ToChannel(conversation.ChannelSMS, "15551230000"), Message: conversation.Text("secret words"),
	}, relay.Entry{ID: id}))
	if state == relay.StateQueued {
		return
	}
	if state == relay.StateUnknown {
		p.publish(t, "held", app, id, state)
	}
	p.publish(t, "state", app, id, state)
	js, err := jetstream.New(p.nc)
	require.NoError(t, err)
	outbox, err := js.Stream(t.Context(), "SINCH_OUTBOX")
	require.NoError(t, err)
	require.NoError(t, outbox.Purge(t.Context(), jetstream.WithPurgeSubject("sinch.outbox.entry."+app+"."+id)))
}

func (p program) publish(t *testing.T, kind, app, id string, state relay.State) {
	t.Helper()
	js, err := jetstream.New(p.nc)
	require.NoError(t, err)
	msg := nats.NewMsg("sinch.outbox." + kind + "." + app + "." + id)
	msg.Data = []byte(`{"state":` + strconv.Quote(string(state)) + `,"attempts":1,"reason":"the worker died"}`)
	msg.Header = nats.Header{"Relay-State": {string(state)}, "Relay-Round": {"0"}}
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
