package conversation_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

func TestTheDefaultDialectFollowsTheRegion(t *testing.T) {
	t.Parallel()
	const platform, openAPI = `"ttl":"10s"`, `"ttl":10`
	region, address := conversation.WithRegion(conversation.RegionBR), conversation.WithBaseURL("https://proxy.test")
	for name, tt := range map[string]struct {
		options []conversation.Option
		want    string
	}{
		"a region":                         {[]conversation.Option{region}, platform},
		"a base URL":                       {[]conversation.Option{address}, openAPI},
		"a region behind a proxy":          {[]conversation.Option{region, address}, platform},
		"a proxy of a region":              {[]conversation.Option{address, region}, platform},
		"a region and the other dialect":   {[]conversation.Option{conversation.WithDialect(conversation.DialectOpenAPI), region}, openAPI},
		"the other dialect and a region":   {[]conversation.Option{region, conversation.WithDialect(conversation.DialectOpenAPI)}, openAPI},
		"a base URL and the other dialect": {[]conversation.Option{address, conversation.WithDialect(conversation.DialectPlatform)}, platform},
		"a region and its own dialect":     {[]conversation.Option{region, conversation.WithDialect(conversation.DialectPlatform)}, platform},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			transport := &script{steps: []step{accepts}}
			client, err := conversation.NewClient("PROJECT", append(tt.options,
				conversation.WithBasicAuth("key-id", "key-secret"), conversation.WithHTTPClient(&http.Client{Transport: transport}))...)
			require.NoError(t, err)
			request := textMessage()
			request.TTL = 10
			_, err = client.Messages.Send(t.Context(), request)
			require.NoError(t, err)
			assert.Contains(t, transport.requests()[0].body, tt.want)
		})
	}
}
