package conversationtest_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

func TestTheZeroConfigIsTheLivePlatform(t *testing.T) {
	t.Parallel()
	srv := start(t, conversationtest.Config{})

	request := hello(srv.AppID())
	request.TTL = 60
	request.ConversationMetadata = `{"order": 7}`
	sent, err := srv.NewClient(t).Messages.Send(t.Context(), request)

	require.NoError(t, err)
	require.Len(t, srv.Sent(), 1)
	body := string(srv.Sent()[0].Body)
	assert.Contains(t, body, `"ttl":"60s"`, "DialectPlatform")
	assert.Contains(t, body, `"conversation_metadata":{"order":7}`, "DialectPlatform")
	assert.Equal(t, conversationtest.PlatformContract, conversationtest.Config{}.Contract)
	wire{t: t, srv: srv}.call(http.MethodGet, "messages/"+sent.MessageID, "").
		fails(http.StatusNotFound, "NOT_FOUND", sent.MessageID) // In dispatch mode nothing is stored.
}

func TestClientsSpeakTheDialectOfTheContract(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		contract conversationtest.Contract
		opts     []conversation.Option
		ttl      string
	}{
		"platform":                  {conversationtest.PlatformContract, nil, `"ttl":"60s"`},
		"openapi":                   {conversationtest.OpenAPIContract, nil, `"ttl":60`},
		"either":                    {conversationtest.EitherContract, nil, `"ttl":"60s"`},
		"either, WithDialect":       {conversationtest.EitherContract, []conversation.Option{conversation.WithDialect(conversation.DialectOpenAPI)}, `"ttl":60`},
		"a dialect of the contract": {conversationtest.OpenAPIContract, []conversation.Option{conversation.WithDialect(conversation.DialectOpenAPI)}, `"ttl":60`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := start(t, conversationtest.Config{Contract: tt.contract})
			clients := []*conversation.Client{srv.NewClient(t, tt.opts...)}
			client, err := conversation.NewClient(srv.ProjectID(), append(srv.Options(), tt.opts...)...)
			require.NoError(t, err)

			for _, client := range append(clients, client) {
				request := hello(srv.AppID())
				request.TTL = 60
				_, err := client.Messages.Send(t.Context(), request)
				require.NoError(t, err)
			}

			require.Len(t, srv.Sent(), 2)
			for _, sent := range srv.Sent() {
				assert.Contains(t, string(sent.Body), tt.ttl)
			}
		})
	}
}

func TestADialectThatBreaksTheContractIsRejected(t *testing.T) {
	t.Parallel()
	for dialect, contract := range map[conversation.Dialect]conversationtest.Contract{
		conversation.DialectOpenAPI:  conversationtest.PlatformContract,
		conversation.DialectPlatform: conversationtest.OpenAPIContract,
	} {
		srv := start(t, conversationtest.Config{Contract: contract})
		request := hello(srv.AppID())
		request.TTL = 60
		_, err := srv.NewClient(t, conversation.WithDialect(dialect)).Messages.Send(t.Context(), request)
		require.ErrorIs(t, err, conversation.ErrBadRequest, dialect)
		assert.ErrorContains(t, err, "ttl", dialect)
	}
}
