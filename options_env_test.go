package conversation_test

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

// setEnv sets the variables of NewClientFromEnv to these values, and all others of them to none.
func setEnv(t *testing.T, values map[string]string) {
	t.Helper()
	for _, name := range []string{
		"SINCH_PROJECT_ID", "SINCH_KEY_ID", "SINCH_KEY_SECRET", "SINCH_CONVERSATION_REGION", "SINCH_REGION",
		"SINCH_CONVERSATION_BASE_URL", "SINCH_TEMPLATES_BASE_URL", "SINCH_BATCH_BASE_URL", "SINCH_TOKEN_URL", "SINCH_CONVERSATION_DIALECT",
		"SINCH_CONVERSATION_INSECURE_HTTP",
	} {
		t.Setenv(name, values[name])
	}
}

// fullEnv is an environment that nothing is wrong with, changed by pairs of names and values.
func fullEnv(pairs ...string) map[string]string {
	env := map[string]string{
		"SINCH_PROJECT_ID": "PROJECT", "SINCH_KEY_ID": "hush-id", "SINCH_KEY_SECRET": "hush-secret", "SINCH_CONVERSATION_REGION": "eu",
	}
	for i := 0; i < len(pairs); i += 2 {
		env[pairs[i]] = pairs[i+1]
	}
	return env
}

// envTransport answers token requests and calls, and keeps what it saw.
type envTransport struct {
	tokenURL, callURL, authorization, body string
	key                                    []string
}

func (e *envTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	reply := anyReply
	data, err := io.ReadAll(req.Body)
	if err != nil {
		return nil, err
	}
	if form, _ := url.ParseQuery(string(data)); form.Has("grant_type") {
		e.tokenURL = req.URL.String()
		id, secret, _ := req.BasicAuth()
		e.key = []string{id, secret}
		reply = `{"access_token":"T","expires_in":3600}`
	} else {
		e.callURL, e.authorization, e.body = req.URL.String(), req.Header.Get("Authorization"), string(data)
	}
	return &http.Response{
		StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(reply)),
	}, nil
}

// sendFromEnv sends a message with a ttl, through a client configured by the environment.
func sendFromEnv(t *testing.T, opts ...conversation.Option) *envTransport {
	t.Helper()
	seen := &envTransport{}
	client, err := conversation.NewClientFromEnv(append(opts, conversation.WithHTTPClient(&http.Client{Transport: seen}))...)
	require.NoError(t, err)
	_, err = client.Messages.Send(t.Context(), &conversation.SendMessageRequest{
		AppID: "A", Recipient: conversation.ToContact("C"), Message: conversation.Text("hi"), TTL: 10,
	})
	require.NoError(t, err)
	return seen
}

const (
	platformTTL = `"ttl":"10s"`
	openAPITTL  = `"ttl":10`
)

func TestTheEnvironmentSetsUpAClient(t *testing.T) { //nolint:paralleltest // It sets variables.
	for name, tt := range map[string]struct { //nolint:paralleltest // They set variables.
		env  map[string]string
		host string
		ttl  string
	}{
		"the usual":                       {fullEnv(), "https://eu.conversation.api.sinch.com", platformTTL},
		"white space around values":       {fullEnv("SINCH_PROJECT_ID", " PROJECT\n", "SINCH_KEY_ID", "hush-id ", "SINCH_KEY_SECRET", "\thush-secret"), "https://eu.conversation.api.sinch.com", platformTTL},
		"a region in capitals":            {fullEnv("SINCH_CONVERSATION_REGION", "BR"), "https://br.conversation.api.sinch.com", platformTTL},
		"the region of all Sinch APIs":    {fullEnv("SINCH_CONVERSATION_REGION", "", "SINCH_REGION", "us"), "https://us.conversation.api.sinch.com", platformTTL},
		"both regions":                    {fullEnv("SINCH_REGION", "us"), "https://eu.conversation.api.sinch.com", platformTTL},
		"a base URL and no region":        {fullEnv("SINCH_CONVERSATION_REGION", "", "SINCH_CONVERSATION_BASE_URL", "https://proxy.test/x/"), "https://proxy.test/x", platformTTL},
		"a base URL in place of a region": {fullEnv("SINCH_CONVERSATION_BASE_URL", "https://proxy.test"), "https://proxy.test", platformTTL},
		"the platform's dialect":          {fullEnv("SINCH_CONVERSATION_DIALECT", "platform"), "https://eu.conversation.api.sinch.com", platformTTL},
		"openapi.yaml's dialect":          {fullEnv("SINCH_CONVERSATION_DIALECT", "openapi"), "https://eu.conversation.api.sinch.com", openAPITTL},
		"a dialect in capitals":           {fullEnv("SINCH_CONVERSATION_DIALECT", "OpenAPI"), "https://eu.conversation.api.sinch.com", openAPITTL},
	} {
		t.Run(name, func(t *testing.T) {
			setEnv(t, tt.env)
			seen := sendFromEnv(t)
			assert.Equal(t, "https://auth.sinch.com/oauth2/token", seen.tokenURL)
			assert.Equal(t, []string{"hush-id", "hush-secret"}, seen.key)
			assert.Equal(t, "Bearer T", seen.authorization)
			assert.Equal(t, tt.host+"/v1/projects/PROJECT/messages:send", seen.callURL)
			assert.Contains(t, seen.body, tt.ttl)
		})
	}
}

func TestTheTokenURLCanComeFromTheEnvironment(t *testing.T) { //nolint:paralleltest // It sets variables.
	setEnv(t, fullEnv("SINCH_TOKEN_URL", "http://127.0.0.1:9/token"))
	assert.Equal(t, "http://127.0.0.1:9/token", sendFromEnv(t).tokenURL)
}

func TestOptionsWinOverTheEnvironment(t *testing.T) { //nolint:paralleltest // It sets variables.
	setEnv(t, fullEnv("SINCH_TOKEN_URL", "https://env.test/token", "SINCH_CONVERSATION_BASE_URL", "https://env.test", "SINCH_CONVERSATION_DIALECT", "openapi"))
	seen := sendFromEnv(t,
		conversation.WithOAuth2("own-id", "own-secret"), conversation.WithRegion(conversation.RegionUS),
		conversation.WithTokenURL("https://own.test/token"), conversation.WithDialect(conversation.DialectPlatform))
	assert.Equal(t, "https://own.test/token", seen.tokenURL)
	assert.Equal(t, []string{"own-id", "own-secret"}, seen.key)
	assert.Equal(t, "https://us.conversation.api.sinch.com/v1/projects/PROJECT/messages:send", seen.callURL)
	assert.Contains(t, seen.body, platformTTL)

	seen = sendFromEnv(t, conversation.WithBasicAuth("own-id", "own-secret"), conversation.WithBaseURL("https://own.test"))
	assert.Empty(t, seen.tokenURL)
	assert.Equal(t, "Basic b3duLWlkOm93bi1zZWNyZXQ=", seen.authorization)
	assert.Equal(t, "https://own.test/v1/projects/PROJECT/messages:send", seen.callURL)
	assert.Contains(t, seen.body, openAPITTL)
}

func TestWhatAnOptionSetsMayBeMissingOrInvalidInTheEnvironment(t *testing.T) { //nolint:paralleltest // It sets variables.
	setEnv(t, map[string]string{
		"SINCH_PROJECT_ID": "PROJECT", "SINCH_KEY_ID": "a b", "SINCH_REGION": "moon", "SINCH_CONVERSATION_BASE_URL": "nonsense",
		"SINCH_CONVERSATION_DIALECT": "latin",
	})
	seen := sendFromEnv(t, conversation.WithBasicAuth("i", "s"), conversation.WithRegion(conversation.RegionBR),
		conversation.WithDialect(conversation.DialectOpenAPI))
	assert.Equal(t, "https://br.conversation.api.sinch.com/v1/projects/PROJECT/messages:send", seen.callURL)
	assert.Contains(t, seen.body, openAPITTL)
}

func TestWrongVariablesAreNamed(t *testing.T) { //nolint:paralleltest // It sets variables.
	for name, tt := range map[string]struct { //nolint:paralleltest // They set variables.
		env    map[string]string
		fields []string
	}{
		"an empty environment": {nil, []string{"SINCH_PROJECT_ID", "SINCH_KEY_ID", "SINCH_KEY_SECRET", "SINCH_CONVERSATION_REGION"}},
		"blank values": {
			fullEnv("SINCH_PROJECT_ID", " ", "SINCH_KEY_ID", "\t", "SINCH_KEY_SECRET", "\n", "SINCH_CONVERSATION_REGION", " "),
			[]string{"SINCH_PROJECT_ID", "SINCH_KEY_ID", "SINCH_KEY_SECRET", "SINCH_CONVERSATION_REGION"},
		},
		"no project id":                 {fullEnv("SINCH_PROJECT_ID", ""), []string{"SINCH_PROJECT_ID"}},
		"no key id":                     {fullEnv("SINCH_KEY_ID", ""), []string{"SINCH_KEY_ID"}},
		"no key secret":                 {fullEnv("SINCH_KEY_SECRET", ""), []string{"SINCH_KEY_SECRET"}},
		"no region":                     {fullEnv("SINCH_CONVERSATION_REGION", ""), []string{"SINCH_CONVERSATION_REGION"}},
		"a dot for a project id":        {fullEnv("SINCH_PROJECT_ID", ".."), []string{"SINCH_PROJECT_ID"}},
		"a project id in quotes":        {fullEnv("SINCH_PROJECT_ID", "“hush”"), []string{"SINCH_PROJECT_ID"}},
		"a key secret in quotes":        {fullEnv("SINCH_KEY_SECRET", "'hush'"), []string{"SINCH_KEY_SECRET"}},
		"a key id with a mark":          {fullEnv("SINCH_KEY_ID", "\ufeffhush"), []string{"SINCH_KEY_ID"}},
		"both parts of the key":         {fullEnv("SINCH_KEY_ID", `"hush"`, "SINCH_KEY_SECRET", "hu\u200bsh"), []string{"SINCH_KEY_ID", "SINCH_KEY_SECRET"}},
		"a key id with a space":         {fullEnv("SINCH_KEY_ID", "hush id"), []string{"SINCH_KEY_ID"}},
		"a key secret with a space":     {fullEnv("SINCH_KEY_SECRET", "hush secret"), []string{"SINCH_KEY_SECRET"}},
		"an unknown region":             {fullEnv("SINCH_CONVERSATION_REGION", "moon"), []string{"SINCH_CONVERSATION_REGION"}},
		"an unknown region of all APIs": {fullEnv("SINCH_CONVERSATION_REGION", "", "SINCH_REGION", "moon"), []string{"SINCH_REGION"}},
		"a relative base URL":           {fullEnv("SINCH_CONVERSATION_BASE_URL", "hush"), []string{"SINCH_CONVERSATION_BASE_URL"}},
		"a base URL in the clear":       {fullEnv("SINCH_CONVERSATION_BASE_URL", "http://api.test"), []string{"SINCH_CONVERSATION_BASE_URL"}},
		"a token URL in the clear":      {fullEnv("SINCH_TOKEN_URL", "http://api.test"), []string{"SINCH_TOKEN_URL"}},
		"an unknown dialect":            {fullEnv("SINCH_CONVERSATION_DIALECT", "latin"), []string{"SINCH_CONVERSATION_DIALECT"}},
		"several together": {
			fullEnv("SINCH_PROJECT_ID", "", "SINCH_KEY_ID", "hush id", "SINCH_CONVERSATION_REGION", "moon", "SINCH_TOKEN_URL", "hush", "SINCH_CONVERSATION_DIALECT", "latin"),
			[]string{"SINCH_PROJECT_ID", "SINCH_KEY_ID", "SINCH_CONVERSATION_REGION", "SINCH_TOKEN_URL", "SINCH_CONVERSATION_DIALECT"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			setEnv(t, tt.env)
			client, err := conversation.NewClientFromEnv(conversation.WithHTTPClient(refuseRequests(t)))
			assert.Nil(t, client)
			require.Error(t, err)
			assert.ElementsMatch(t, tt.fields, faultyFields(err))
			for _, field := range tt.fields {
				assert.ErrorContains(t, err, field)
			}
			assert.NotContains(t, err.Error(), "hush")
		})
	}
}

func TestWrongOptionsAndVariablesAreReportedTogether(t *testing.T) { //nolint:paralleltest // It sets variables.
	setEnv(t, nil)
	_, err := conversation.NewClientFromEnv(nil, conversation.WithTimeout(0), conversation.WithRegion("moon"))
	assert.Equal(t, []string{"option 0", "WithTimeout", "WithRegion", "SINCH_PROJECT_ID", "SINCH_KEY_ID", "SINCH_KEY_SECRET"}, faultyFields(err))

	setEnv(t, fullEnv())
	_, err = conversation.NewClientFromEnv(conversation.WithOAuth2("i", "s"), conversation.WithBasicAuth("i", "s"))
	assert.Equal(t, []string{"credentials"}, faultyFields(err))
}

func TestNewClientReadsNoEnvironment(t *testing.T) { //nolint:paralleltest // It sets variables.
	setEnv(t, fullEnv())
	_, err := conversation.NewClient("")
	assert.Equal(t, []string{"projectID", "credentials", "WithRegion"}, faultyFields(err))
}

func TestAnOptionWinsOverAWrongVariable(t *testing.T) { //nolint:paralleltest // It sets variables.
	setEnv(t, fullEnv("SINCH_TOKEN_URL", "nonsense", "SINCH_CONVERSATION_REGION", "nowhere", "SINCH_CONVERSATION_DIALECT", "none"))
	_, err := conversation.NewClientFromEnv(
		conversation.WithTokenURL("https://auth.test/oauth2/token"),
		conversation.WithRegion(conversation.RegionUS),
		conversation.WithDialect(conversation.DialectOpenAPI))
	require.NoError(t, err)
}

func TestTooManyCredentialsAndAMissingVariableAreReportedTogether(t *testing.T) { //nolint:paralleltest // It sets variables.
	setEnv(t, fullEnv("SINCH_PROJECT_ID", ""))
	_, err := conversation.NewClientFromEnv(conversation.WithOAuth2("id", "secret"), conversation.WithBasicAuth("id", "secret"))
	assert.ElementsMatch(t, []string{"SINCH_PROJECT_ID", "credentials"}, faultyFields(err))
}

func TestAnInvalidRegionInTheEnvironmentHasItsOwnMessage(t *testing.T) { //nolint:paralleltest // It sets variables.
	setEnv(t, fullEnv("SINCH_CONVERSATION_REGION", "xx"))
	_, err := conversation.NewClientFromEnv()
	assert.EqualError(t, err, "conversation: NewClientFromEnv: SINCH_CONVERSATION_REGION is \"xx\", which is not a known region: set it to us, eu or br")
}
