package conversation

import (
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/internal/redact"
)

func TestACredentialIsNotPrintedHoweverDeepItIsNested(t *testing.T) {
	t.Parallel()
	hush := redact.NewSecret("hush-secret")
	for name, value := range map[string]any{
		"a credential": credential{option: "WithOAuth2", keySecret: hush},
		"deep inside":  []any{map[string]any{"x": struct{ inner []credential }{[]credential{{keySecret: hush}}}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, format := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x", "%w"} {
				printed := fmt.Sprintf(format, value)
				assert.NotContains(t, printed, "hush")
				assert.NotContains(t, printed, fmt.Sprintf("%x", "hush"))
			}
			encoded, _ := json.Marshal(value) // a function cannot be written as JSON, which is right too
			assert.NotContains(t, string(encoded), "hush")
		})
	}
}

// TestEveryFieldThatIsToBeKeptSecretIsKnown goes by the comments of the contract.
func TestEveryFieldThatIsToBeKeptSecretIsKnown(t *testing.T) {
	t.Parallel()
	source, err := os.ReadFile("types.gen.go")
	require.NoError(t, err)
	found := map[string]bool{}
	for _, match := range regexp.MustCompile(`Keep it secret\.\n\t\w+ \S+ .json:"(\w+)`).FindAllStringSubmatch(string(source), -1) {
		found[match[1]] = true
	}
	assert.Equal(t, secretFields, found)
}

func TestTheSecretsOfARequestAreFoundHoweverDeepTheyLie(t *testing.T) {
	t.Parallel()
	assert.ElementsMatch(t, []string{"a", "b", "c", "d", "e"}, secretsIn(&CreateAppRequest{
		DisplayName: "shop",
		ChannelCredentials: []ChannelCredential{
			{Channel: ChannelMMS, CallbackSecret: "a", MMSCredentials: &MMSCredentials{AccountID: "x", APIKey: "b", BasicAuth: BasicAuthCredential{Username: "y", Password: "c"}}},
			{Channel: ChannelTelegram, TelegramCredentials: &TelegramCredentials{Token: "d"}},
		},
		CallbackSettings: &CallbackSettings{SecretForOverriddenCallbackURLs: "e"},
	}))
	assert.Equal(t, []string{"new"}, secretsIn(&UpdateWebhookRequest{Secret: new("new"), Target: new("https://a.example")}))
	assert.Empty(t, secretsIn(&SendMessageRequest{ConversationMetadata: "token"}))
}
