package conversationtest_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

func TestNothingOfTheCallbacksIsLeftAfterClose(t *testing.T) { //nolint:paralleltest // It counts goroutines.
	target := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer target.Close()
	before := goleak.IgnoreCurrent()
	srv := conversationtest.NewServer(conversationtest.Config{Script: conversationtest.ScriptDeliver})
	called := make(chan struct{}, 10)
	srv.Handle(hookURL, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		called <- struct{}{}
		<-r.Context().Done()
	}))
	srv.AddWebhook(hookURL, "", conversation.TriggerMessageInbound)
	srv.AddWebhook(target.URL, "", conversation.TriggerMessageInbound, conversation.TriggerMessageDelivery)
	client, err := conversation.NewClient(srv.ProjectID(), srv.Options()...)
	require.NoError(t, err)
	_, err = client.Messages.Send(t.Context(), &conversation.SendMessageRequest{
		AppID: srv.AppID(), Recipient: conversation.ToChannel(conversation.ChannelSMS, "15551230000"), Message: conversation.Text("hi"),
	})
	require.NoError(t, err)
	say(srv, "hi", "again")
	<-called
	require.Eventually(t, func() bool {
		return slices.ContainsFunc(srv.Callbacks(), func(c conversationtest.Callback) bool {
			return c.Target == target.URL && c.Delivered
		})
	}, time.Minute, time.Millisecond, "a connection to the target is kept alive")

	srv.Close()

	client.CloseIdleConnections()
	goleak.VerifyNone(t, before)
}
