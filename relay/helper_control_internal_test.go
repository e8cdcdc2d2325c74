package relay

import (
	"context"
	"encoding/json"
	"net"
	"net/http"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

// opened returns a relay on an engine that does not sync, and a fake.
func opened(t *testing.T, opts ...Option) (*Relay, *conversationtest.Server) {
	t.Helper()
	r, err := Open(t.Context(), inProcess{t}, append([]Option{WithWeakDurability()}, opts...)...)
	require.NoError(t, err)
	t.Cleanup(r.Close)
	srv := conversationtest.NewServer(conversationtest.Config{})
	t.Cleanup(srv.Close)
	return r, srv
}

// greeting returns a message of an app.
func greeting(app string) *conversation.SendMessageRequest {
	return &conversation.SendMessageRequest{
		AppID: app, Message: conversation.Text("Hello"), Recipient: conversation.ToChannel(conversation.ChannelSMS, "15551230000"),
	}
}

// enqueueMany stores entries without waiting for each. Their IDs are the numbers from 0.
func enqueueMany(t *testing.T, r *Relay, app string, count int, e Entry) {
	t.Helper()
	for i := range count {
		e.ID = e.Group + strconv.Itoa(i)
		of, body, err := r.outbox.encodeEntry(greeting(app), e)
		require.NoError(t, err)
		_, err = r.js.PublishMsgAsync(r.names.message(of, kindEntry, body, nil))
		require.NoError(t, err)
		if i%1000 == 999 || i == count-1 {
			<-r.js.PublishAsyncComplete()
		}
	}
}

// runWorker runs a worker until the test ends or it is stopped.
func runWorker(t *testing.T, r *Relay, client *conversation.Client, opts ...OutboxOption) (_ *worker, stop func()) {
	t.Helper()
	chosen := defaultOutboxConfig()
	chosen.lease = defaultSendLease
	for _, opt := range opts {
		require.NoError(t, opt(&chosen))
	}
	ctx, cancel := context.WithCancel(t.Context())
	w := r.outbox.newWorker(client, chosen, ctx.Done())
	done := make(chan struct{})
	go func() {
		defer close(done)
		w.serve(ctx)
	}()
	stop = func() {
		cancel()
		<-done
	}
	t.Cleanup(stop)
	return w, stop
}

// setByOperators stores what operators have set.
func setByOperators(t *testing.T, r *Relay, c control) {
	t.Helper()
	body, err := json.Marshal(c)
	require.NoError(t, err)
	_, err = r.paceBucket.Put(t.Context(), controlKey, body)
	require.NoError(t, err)
}

// statesOf waits until the counts fit.
func statesOf(t *testing.T, r *Relay, within time.Duration, fits func(map[State]int) bool) map[State]int {
	t.Helper()
	var counts map[State]int
	require.Eventually(t, func() bool {
		var err error
		counts, err = r.Outbox().Counts(t.Context())
		return err == nil && fits(counts)
	}, within, 20*time.Millisecond, "the counts")
	return counts
}

// slowToConnect returns a client whose first requests wait for their connections, and need no token.
func slowToConnect(t *testing.T, srv *conversationtest.Server, wait time.Duration) *conversation.Client {
	t.Helper()
	ready := time.Now().Add(wait)
	dial := func(ctx context.Context, network, address string) (net.Conn, error) {
		if err := sleep(ctx, time.Until(ready)); err != nil {
			return nil, err
		}
		return new(net.Dialer).DialContext(ctx, network, address)
	}
	project := srv.Projects()[0]
	client, err := conversation.NewClient(project.ID, conversation.WithBasicAuth(project.KeyID, project.KeySecret),
		conversation.WithBaseURL(srv.BaseURL()), conversation.WithHTTPClient(&http.Client{Transport: &http.Transport{DialContext: dial}}))
	require.NoError(t, err)
	t.Cleanup(client.CloseIdleConnections)
	return client
}
