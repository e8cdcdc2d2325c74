package conversation_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

func jsonInto(text string, value any) error { return json.Unmarshal([]byte(text), value) }

// batchCalls are the calls of everyCall that go to the host of batches.
func batchCalls() map[string]callFunc {
	calls := map[string]callFunc{}
	for name, call := range everyCall() {
		if strings.HasPrefix(name, "Batches.") {
			calls[name] = call
		}
	}
	return calls
}

func TestBatchesHaveAnAddressOfTheirOwn(t *testing.T) {
	t.Parallel()
	own, base := conversation.WithBatchBaseURL("https://batches.test/x/"), conversation.WithBaseURL("https://fake.test")
	for want, opts := range map[string][]conversation.Option{
		"https://eu.conversationbatch.api.sinch.com": nil,
		"https://br.conversationbatch.api.sinch.com": {conversation.WithRegion(conversation.RegionBR)},
		"https://us.conversationbatch.api.sinch.com": {conversation.WithRegion(conversation.RegionUS)},
		"https://batches.test/x":                     {own, base},
	} {
		client, wire := scripted(t, []step{{status: 200, body: anyReply}}, opts...)
		require.NoError(t, fails(client.Batches.Get(t.Context(), "B")))
		assert.Equal(t, want+"/v1/projects/project/messages/B", wire.requests()[0].url)
		require.NoError(t, get(t.Context(), client))
		assert.NotContains(t, wire.requests()[1].url, "batch", "only batches go there")
	}
}

func TestAClientWithABaseURLAloneHasNoBatches(t *testing.T) {
	t.Parallel()
	calls := batchCalls()
	require.Len(t, calls, 7)
	for name, call := range calls {
		client, wire := scripted(t, []step{{status: 200, body: anyReply}}, conversation.WithBaseURL("https://fake.test"))
		err := call(t.Context(), client)
		requireRefused(t, err, name, "WithBatchBaseURL")
		assert.Equal(t, conversation.OutcomeNotSent, conversation.OutcomeOf(err))
		assert.Empty(t, wire.requests(), "their paths mean other things there")
	}
}

func TestBatchesRequireAnAccessToken(t *testing.T) {
	t.Parallel()
	for name, call := range batchCalls() {
		client, wire := scriptedWith(t, conversation.WithBasicAuth("key-id", "key-secret"), []step{{status: 200, body: anyReply}})
		err := call(t.Context(), client)
		requireRefused(t, err, name, "WithBasicAuth")
		assert.ErrorContains(t, err, "use WithOAuth2")
		assert.Empty(t, wire.requests())
	}
}

func TestTheAddressOfBatchesIsChecked(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"", "batches.test", "http://batches.test", "https://user:hush@batches.test", "https://batches.test?x=1"} {
		_, err := conversation.NewClient("project", workingBasic(conversation.WithBatchBaseURL(address))...)
		assert.Equal(t, []string{"WithBatchBaseURL"}, faultyFields(err), address)
		assert.NotContains(t, err.Error(), "hush")
	}
	_, err := conversation.NewClient("project", staticToken(), conversation.WithBatchBaseURL("https://batches.test"))
	assert.Equal(t, []string{"WithRegion"}, faultyFields(err), "it does not replace the region")
}

func TestTheAddressOfBatchesCanComeFromTheEnvironment(t *testing.T) { //nolint:paralleltest // It sets variables.
	setEnv(t, fullEnv("SINCH_BATCH_BASE_URL", " https://env.test/x "))
	find := func(opts ...conversation.Option) string {
		wire := &script{steps: []step{{status: 200, body: `{"access_token":"T","expires_in":3600,"batch_id":"B"}`}}}
		client, err := conversation.NewClientFromEnv(append(opts, conversation.WithHTTPClient(&http.Client{Transport: wire}))...)
		require.NoError(t, err)
		require.NoError(t, fails(client.Batches.Get(t.Context(), "B")))
		return wire.requests()[1].url
	}
	const path = "/v1/projects/PROJECT/messages/B"
	assert.Equal(t, "https://env.test/x"+path, find())
	assert.Equal(t, "https://own.test"+path, find(conversation.WithBatchBaseURL("https://own.test")))

	setEnv(t, fullEnv("SINCH_BATCH_BASE_URL", "nonsense"))
	_, err := conversation.NewClientFromEnv()
	requireRefused(t, err, "NewClientFromEnv", "SINCH_BATCH_BASE_URL")
}
