package conversation_test

import (
	"log/slog"
	"math"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"

	"github.com/sinchgo/conversation"
)

// workingOptions are valid options, with more appended.
func workingOptions(more ...conversation.Option) []conversation.Option {
	return append([]conversation.Option{
		conversation.WithOAuth2("key-id", "key-secret"), conversation.WithRegion(conversation.RegionEU),
	}, more...)
}

func TestInvalidOptionsAreRejectedByName(t *testing.T) {
	t.Parallel()
	region := conversation.WithRegion(conversation.RegionEU)
	key := conversation.WithOAuth2("key-id", "key-secret")
	const project = "PROJECT"
	for name, tt := range map[string]struct {
		project string
		opts    []conversation.Option
		field   string
		reason  string // the part of the reason that names the fix
	}{
		"an empty project id":       {"", workingOptions(), "projectID", "pass the project id"},
		"a blank project id":        {" \t", workingOptions(), "projectID", "pass the project id"},
		"a project id of one dot":   {".", workingOptions(), "projectID", "pass the project id"},
		"a project id of two dots":  {"..", workingOptions(), "projectID", "pass the project id"},
		"no credential":             {project, []conversation.Option{region}, "credentials", "use WithOAuth2, WithBasicAuth or WithTokenSource"},
		"two credentials":           {project, workingOptions(conversation.WithBasicAuth("i", "s")), "credentials", "WithOAuth2 and WithBasicAuth"},
		"one credential twice":      {project, workingOptions(key), "credentials", "keep one"},
		"a key and a token source":  {project, workingOptions(conversation.WithTokenSource(oauth2.StaticTokenSource(nil))), "credentials", "WithOAuth2 and WithTokenSource"},
		"an empty key id":           {project, []conversation.Option{region, conversation.WithOAuth2("", "hush")}, "WithOAuth2", "key id that is empty"},
		"an empty key secret":       {project, []conversation.Option{region, conversation.WithOAuth2("key", "")}, "WithOAuth2", "key secret that is empty"},
		"a key id with white space": {project, []conversation.Option{region, conversation.WithOAuth2("key\n", "hush")}, "WithOAuth2", "copy it again"},
		"a secret with white space": {project, []conversation.Option{region, conversation.WithOAuth2("key", "hu sh")}, "WithOAuth2", "copy it again"},
		"a secret with a delete":    {project, []conversation.Option{region, conversation.WithOAuth2("key", "hu\x7fsh")}, "WithOAuth2", "copy it again"},
		"an empty basic key id":     {project, []conversation.Option{region, conversation.WithBasicAuth("", "hush")}, "WithBasicAuth", "key id that is empty"},
		"an empty basic key secret": {project, []conversation.Option{region, conversation.WithBasicAuth("key", "")}, "WithBasicAuth", "key secret that is empty"},
		"a basic key with a tab":    {project, []conversation.Option{region, conversation.WithBasicAuth("key\t", "hush")}, "WithBasicAuth", "copy it again"},
		"a nil token source":        {project, []conversation.Option{region, conversation.WithTokenSource(nil)}, "WithTokenSource", "pass an oauth2.TokenSource"},

		"no region":                {project, []conversation.Option{key}, "WithRegion", "RegionUS, RegionEU or RegionBR"},
		"an empty region":          {project, []conversation.Option{key, conversation.WithRegion("")}, "WithRegion", "RegionUS, RegionEU or RegionBR"},
		"an unknown region":        {project, []conversation.Option{key, conversation.WithRegion("moon")}, "WithRegion", "RegionUS, RegionEU or RegionBR"},
		"a region with a host":     {project, []conversation.Option{key, conversation.WithRegion("evil.test/")}, "WithRegion", "RegionUS, RegionEU or RegionBR"},
		"a dialect above the last": {project, workingOptions(conversation.WithDialect(2)), "WithDialect", "DialectOpenAPI or DialectPlatform"},
		"a dialect below zero":     {project, workingOptions(conversation.WithDialect(-1)), "WithDialect", "DialectOpenAPI or DialectPlatform"},

		"a nil http.Client":             {project, workingOptions(conversation.WithHTTPClient(nil)), "WithHTTPClient", "leave the option out"},
		"a nil logger":                  {project, workingOptions(conversation.WithLogger(nil)), "WithLogger", "leave the option out"},
		"a nil middleware":              {project, workingOptions(conversation.WithMiddleware(nil)), "WithMiddleware", "nil at index 0"},
		"a nil middleware among others": {project, workingOptions(conversation.WithMiddleware(sameTransport, nil)), "WithMiddleware", "nil at index 1"},
		"a nil option":                  {project, workingOptions(nil), "option 2", "leave it out"},
		"a user agent with a line feed": {project, workingOptions(conversation.WithUserAgent("shop\r\nX-Evil: 1")), "WithUserAgent", "line break"},
		"a user agent with a NUL":       {project, workingOptions(conversation.WithUserAgent("shop\x00")), "WithUserAgent", "control character"},

		"a timeout of zero":              {project, workingOptions(conversation.WithTimeout(0)), "WithTimeout", "above zero"},
		"a timeout below zero":           {project, workingOptions(conversation.WithTimeout(-time.Second)), "WithTimeout", "above zero"},
		"a response limit of zero":       {project, workingOptions(conversation.WithMaxResponseBytes(0)), "WithMaxResponseBytes", "above zero"},
		"a response limit below zero":    {project, workingOptions(conversation.WithMaxResponseBytes(-1)), "WithMaxResponseBytes", "above zero"},
		"attempts below zero":            {project, workingOptions(conversation.WithRetry(conversation.RetryPolicy{MaxAttempts: -1})), "WithRetry", "use NoRetry"},
		"a base delay below zero":        {project, workingOptions(conversation.WithRetry(conversation.RetryPolicy{BaseDelay: -1})), "WithRetry", "BaseDelay"},
		"a greatest delay below zero":    {project, workingOptions(conversation.WithRetry(conversation.RetryPolicy{MaxDelay: -1})), "WithRetry", "MaxDelay"},
		"a greatest Retry-After below 0": {project, workingOptions(conversation.WithRetry(conversation.RetryPolicy{MaxRetryAfter: -1})), "WithRetry", "MaxRetryAfter"},
		"a budget below zero":            {project, workingOptions(conversation.WithRetry(conversation.RetryPolicy{Budget: -1})), "WithRetry", "Budget"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, err := conversation.NewClient(tt.project, tt.opts...)
			assert.Nil(t, client)
			requireRefused(t, err, "NewClient", tt.field)
			assert.ErrorContains(t, err, tt.reason)
			assert.ErrorContains(t, err, "NewClient: "+tt.field+" ", "the text names the option")
			for _, hidden := range []string{"hush", "hu sh", "key-secret", "key-id", "\n", "\r"} {
				assert.NotContains(t, err.Error(), hidden)
			}
		})
	}
}

func sameTransport(next http.RoundTripper) http.RoundTripper { return next }

func TestAllProblemsOfANewClientAreReportedTogether(t *testing.T) {
	t.Parallel()
	client, err := conversation.NewClient("",
		nil,
		conversation.WithOAuth2("", "hush-hush"),
		conversation.WithBasicAuth("k", "hush hush"),
		conversation.WithBaseURL("http://api.test/?secret=hush"),
		conversation.WithTokenURL("/relative"),
		conversation.WithTimeout(-1),
		conversation.WithLogger(nil),
		conversation.WithRetry(conversation.RetryPolicy{Budget: -1}),
	)
	assert.Nil(t, client)
	require.Error(t, err)
	_, isJoined := err.(interface{ Unwrap() []error })
	assert.True(t, isJoined)
	assert.Equal(t, []string{
		"projectID", "option 0", "WithOAuth2", "WithBasicAuth", "WithBaseURL", "WithTokenURL", "WithTimeout", "WithLogger",
		"WithRetry", "credentials",
	}, faultyFields(err))
	var first *conversation.ArgumentError
	require.ErrorAs(t, err, &first)
	assert.Equal(t, "projectID", first.Field)
	assert.Len(t, strings.Split(err.Error(), "\n"), 10, "one line a problem")
	assert.NotContains(t, err.Error(), "hush")
}

func TestNothingGivenNamesEverythingThatIsMissing(t *testing.T) {
	t.Parallel()
	_, err := conversation.NewClient("")
	assert.Equal(t, []string{"projectID", "credentials", "WithRegion"}, faultyFields(err))
}

func TestValidOptionsAreAccepted(t *testing.T) {
	t.Parallel()
	for name, opt := range map[string]conversation.Option{
		"timeout":         conversation.WithTimeout(time.Nanosecond),
		"no retry":        conversation.WithRetry(conversation.NoRetry),
		"default retry":   conversation.WithRetry(conversation.RetryPolicy{}),
		"logger":          conversation.WithLogger(slog.New(slog.DiscardHandler)),
		"no middleware":   conversation.WithMiddleware(),
		"user agent":      conversation.WithUserAgent("shop/1.4 (+https://shop.test)"),
		"one byte":        conversation.WithMaxResponseBytes(1),
		"platform":        conversation.WithDialect(conversation.DialectPlatform),
		"bare client":     conversation.WithHTTPClient(&http.Client{}),
		"the other place": conversation.WithRegion(conversation.RegionBR),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, err := conversation.NewClient("PROJECT", workingOptions(opt)...)
			require.NoError(t, err)
			assert.NotNil(t, client.Messages)
		})
	}
}

func TestPrintedOptionsShowNoSecret(t *testing.T) {
	t.Parallel()
	source := oauth2.StaticTokenSource(&oauth2.Token{AccessToken: "hush-token"})
	opts := []conversation.Option{
		conversation.WithOAuth2("hush-id", "hush-secret"),
		conversation.WithBasicAuth("hush-id", "hush-secret"),
		conversation.WithTokenSource(source),
		conversation.WithBaseURL("https://hush-user:hush-password@api.test"),
	}
	for _, opt := range opts {
		hides(t, everyPrint(t, opt), "hush")
	}
	hides(t, everyPrint(t, opts), "hush")
	hides(t, everyPrint(t, struct{ opts []conversation.Option }{opts}), "hush")
}

func TestTheGreatestResponseLimitMeansNoLimit(t *testing.T) {
	t.Parallel()
	client, _ := newTestClient(t, answerWith(200, `{"id":"M"}`), conversation.WithMaxResponseBytes(math.MaxInt64))
	message, err := client.Messages.Get(t.Context(), "M")
	require.NoError(t, err)
	assert.Equal(t, "M", message.ID)
}
