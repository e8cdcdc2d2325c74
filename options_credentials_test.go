package conversation_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

// spoilt are values that a copy, a file or a shell has added something to, with how the errors name it.
var spoilt = map[string]string{
	"hush\n":       "ends with white space (U+000A, a line break)",
	"hush\r\n":     "ends with white space",
	"\u00a0hush":   "begins with white space (U+00A0, a no-break space)",
	`"hush"`:       "is in quotes",
	"‘hush’":       "is in quotes",
	"„hush“":       "is in quotes",
	"«hush»":       "is in quotes",
	"\ufeffhush":   "an invisible character (U+FEFF, a byte order mark)",
	"hu\u200bsh":   "an invisible character (U+200B, a zero-width space)",
	"hu\u00adsh":   "an invisible character (U+00AD, a soft hyphen)",
	"hush\u202c":   "an invisible character (U+202C)",
	"hu\x1b[31msh": "a control character (U+001B)",
}

func TestASpoiltCredentialIsRejectedByName(t *testing.T) {
	t.Parallel()
	region := conversation.WithRegion(conversation.RegionEU)
	for value, problem := range spoilt {
		for name, tt := range map[string]struct {
			project string
			option  conversation.Option
			want    string
		}{
			"a project id":       {value, conversation.WithOAuth2("id", "secret"), "projectID "},
			"an OAuth2 key id":   {"PROJECT", conversation.WithOAuth2(value, "secret"), "WithOAuth2 has a key id that "},
			"an OAuth2 secret":   {"PROJECT", conversation.WithOAuth2("id", value), "WithOAuth2 has a key secret that "},
			"a basic key id":     {"PROJECT", conversation.WithBasicAuth(value, "secret"), "WithBasicAuth has a key id that "},
			"a basic key secret": {"PROJECT", conversation.WithBasicAuth("id", value), "WithBasicAuth has a key secret that "},
		} {
			_, err := conversation.NewClient(tt.project, tt.option, region)
			require.ErrorAs(t, err, new(*conversation.ArgumentError), "%s %+q", name, value)
			assert.ErrorContains(t, err, "NewClient: "+tt.want, "%s %+q", name, value)
			assert.ErrorContains(t, err, problem, "%s %+q", name, value)
			assert.NotContains(t, err.Error(), "hu", "%s %+q", name, value)
		}
	}
}

func TestBothPartsOfASpoiltKeyAreNamed(t *testing.T) {
	t.Parallel()
	_, err := conversation.NewClient("PROJECT", conversation.WithOAuth2(" hush", "hush "), conversation.WithRegion(conversation.RegionEU))
	require.ErrorContains(t, err, "has a key id that begins with white space")
	require.ErrorContains(t, err, "has a key secret that ends with white space")
}

func TestAnUnusualCredentialIsAccepted(t *testing.T) {
	t.Parallel()
	for _, value := range []string{"a+b/c=d!", "it's", `"half`, "pässwörd", "<key>"} {
		_, err := conversation.NewClient(value, conversation.WithOAuth2(value, value), conversation.WithRegion(conversation.RegionEU))
		require.NoError(t, err, value)
	}
	_, err := conversation.NewClient("a project", conversation.WithOAuth2("id", "secret"), conversation.WithRegion(conversation.RegionEU))
	require.NoError(t, err, "white space inside a project id is left to the platform")
}
