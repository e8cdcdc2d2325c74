package conversationtest_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

func TestAClientConnectsWithTheSetup(t *testing.T) {
	t.Parallel()
	for name, cfg := range map[string]conversationtest.Config{
		"of keys that are generated": {},
		"of keys of the Config":      {ProjectID: "shop", KeyID: "key", KeySecret: "hush", AppID: "APP"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv, r := steered(t, cfg)
			setup := map[string]string{}
			for field, value := range r.get("setup") {
				text, ok := value.(string)
				require.True(t, ok, field)
				setup[field] = text
			}
			assert.Equal(t, map[string]string{
				"base_url": srv.BaseURL(), "token_url": srv.TokenURL(), "batch_url": srv.BatchURL(), "project_id": srv.ProjectID(),
				"key_id": srv.KeyID(), "key_secret": srv.KeySecret(), "app_id": srv.AppID(),
			}, setup)

			client, err := conversation.NewClient(setup["project_id"], conversation.WithOAuth2(setup["key_id"], setup["key_secret"]),
				conversation.WithBaseURL(setup["base_url"]), conversation.WithTokenURL(setup["token_url"]))
			require.NoError(t, err)
			_, err = client.Messages.Send(t.Context(), &conversation.SendMessageRequest{
				AppID: setup["app_id"], Recipient: conversation.ToChannel(conversation.ChannelSMS, "15551230000"), Message: conversation.Text("hi"),
			})
			require.NoError(t, err)
			srv.AssertSentTexts(t, "hi")
		})
	}
}
