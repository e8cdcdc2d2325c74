package conversation_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

func TestHTTPToAnyHostRequiresWithInsecureHTTP(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"http://fake:8787", "http://10.0.0.7/prefix", "http://fake.test", "HTTP://[2001:db8::1]:80"} {
		key := conversation.WithOAuth2("key-id", "key-secret")
		region := conversation.WithRegion(conversation.RegionEU)
		for field, opts := range map[string][]conversation.Option{
			"WithBaseURL":          {key, conversation.WithBaseURL(address)},
			"WithTokenURL":         {key, region, conversation.WithTokenURL(address)},
			"WithTemplatesBaseURL": {key, region, conversation.WithTemplatesBaseURL(address)},
			"WithBatchBaseURL":     {key, region, conversation.WithBatchBaseURL(address)},
		} {
			_, err := conversation.NewClient("PROJECT", opts...)
			requireRefused(t, err, "NewClient", field)
			assert.ErrorContains(t, err, "WithInsecureHTTP")

			for _, order := range [][]conversation.Option{
				append([]conversation.Option{conversation.WithInsecureHTTP()}, opts...), append(opts, conversation.WithInsecureHTTP()),
			} {
				_, err = conversation.NewClient("PROJECT", order...)
				require.NoError(t, err, "%s %s", field, address)
			}
		}
	}
}

func TestEveryHTTPAddressIsReported(t *testing.T) {
	t.Parallel()
	_, err := conversation.NewClient("PROJECT", conversation.WithOAuth2("i", "s"), conversation.WithBaseURL("http://a.test"),
		conversation.WithTemplatesBaseURL("http://b.test"), conversation.WithTokenURL("http://c.test"))
	assert.Equal(t, []string{"WithBaseURL", "WithTemplatesBaseURL", "WithTokenURL"}, faultyFields(err))
	assert.ErrorContains(t, err, `"b.test"`)
}

func TestWithInsecureHTTPAllowsNothingElse(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"ftp://fake.test", "http://user:hush@fake.test", "http://fake.test/?a=b", "http://", "fake:8787"} {
		_, err := conversation.NewClient("PROJECT", conversation.WithBasicAuth("i", "s"), conversation.WithInsecureHTTP(), conversation.WithBaseURL(address))
		requireRefused(t, err, "NewClient", "WithBaseURL")
		assert.NotContains(t, err.Error(), "hush")
	}
}

func TestInsecureHTTPFromTheEnvironment(t *testing.T) { //nolint:paralleltest // It sets environment variables.
	addresses := fullEnv("SINCH_CONVERSATION_BASE_URL", "http://fake:8787", "SINCH_TOKEN_URL", "http://fake:8787/oauth2/token")
	for value, fields := range map[string][]string{
		"true": nil, "TRUE": nil, "1": nil,
		"":      {"SINCH_CONVERSATION_BASE_URL", "SINCH_TOKEN_URL"},
		"false": {"SINCH_CONVERSATION_BASE_URL", "SINCH_TOKEN_URL"},
		"0":     {"SINCH_CONVERSATION_BASE_URL", "SINCH_TOKEN_URL"},
		"yes":   {"SINCH_CONVERSATION_INSECURE_HTTP", "SINCH_CONVERSATION_BASE_URL", "SINCH_TOKEN_URL"},
		"2":     {"SINCH_CONVERSATION_INSECURE_HTTP", "SINCH_CONVERSATION_BASE_URL", "SINCH_TOKEN_URL"},
	} {
		addresses["SINCH_CONVERSATION_INSECURE_HTTP"] = value
		setEnv(t, addresses)
		_, err := conversation.NewClientFromEnv()
		assert.Equal(t, fields, faultyFields(err), "%q", value)
		for _, problem := range argumentErrors(err) {
			assert.Equal(t, "NewClientFromEnv", problem.Operation)
		}
	}
}

func TestInsecureHTTPOfAnOptionHoldsForTheEnvironment(t *testing.T) { //nolint:paralleltest // It sets environment variables.
	setEnv(t, fullEnv("SINCH_CONVERSATION_BASE_URL", "http://fake:8787", "SINCH_CONVERSATION_INSECURE_HTTP", "false"))
	seen := &envTransport{}
	client, err := conversation.NewClientFromEnv(conversation.WithInsecureHTTP(), conversation.WithTokenURL("http://fake:8787/oauth2/token"),
		conversation.WithHTTPClient(&http.Client{Transport: seen}))
	require.NoError(t, err)
	_, _ = client.Messages.Send(t.Context(), textMessage())
	assert.Equal(t, "http://fake:8787/oauth2/token", seen.tokenURL)
	assert.Equal(t, "http://fake:8787/v1/projects/PROJECT/messages:send", seen.callURL)
}
