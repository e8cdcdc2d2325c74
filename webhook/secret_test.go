package webhook_test

import (
	"context"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/webhook"
)

// verifyNow signs a callback with a secret and verifies it with the same one.
func verifyNow(secret string) error {
	return webhook.Verify(body, webhook.Sign(body, secret, nonce, time.Now()), secret)
}

func TestASpoiltSecretIsRejectedByName(t *testing.T) {
	t.Parallel()
	for value, problem := range map[string]string{
		"\n":           "is only white space or invisible characters",
		"\u00a0":       "is only white space or invisible characters",
		"hush\n":       "ends with white space (U+000A, a line break)",
		"hush\r\n":     "ends with white space",
		"\u0020hush":   "begins with white space (U+0020, a space)",
		"hush\u2003":   "ends with white space (U+2003)",
		`"hush"`:       "is in quotes",
		"'hush'":       "is in quotes",
		"“hush”":       "is in quotes",
		"‚hush‘":       "is in quotes",
		"«hush»":       "is in quotes",
		"\ufeffhush":   "contains an invisible character (U+FEFF, a byte order mark)",
		"hu\u200dsh":   "contains an invisible character (U+200D)",
		"hush\u00ad":   "contains an invisible character (U+00AD, a soft hyphen)",
		"\u2066hush":   "contains an invisible character (U+2066)",
		"hu\x00sh":     "contains a control character (U+0000, NUL)",
		"hush\nhush":   "contains a control character (U+000A, a line break)",
		"hush\xff\xfe": "is not UTF-8",
	} {
		_, err := webhook.NewReceiver(webhook.WithSecret(secret), webhook.WithSecret(value))
		require.ErrorAs(t, err, new(*conversation.ArgumentError), "%+q", value)
		assert.ErrorContains(t, err, "webhook: WithSecret "+problem, "%+q", value)
		assert.NotContains(t, err.Error(), "hush", "%+q", value)
	}
}

func TestASignatureThatASpoiltSecretFailsNamesWhatIsWrongWithIt(t *testing.T) {
	t.Parallel()
	header := webhook.Sign(body, "hush", nonce, time.Now())
	for value, problem := range map[string]string{
		"hush\n": "ends with white space (U+000A, a line break)", "“hush”": "is in quotes", "\ufeffhush": "a byte order mark",
	} {
		err := webhook.Verify(body, header, value)
		require.ErrorIs(t, err, webhook.ErrBadSignature)
		require.ErrorContains(t, err, problem)
		assert.NotContains(t, err.Error(), "hush")
	}
	for _, blank := range []string{"", " ", "\n", "\r\n", "\ufeff", "\u200b\u00a0"} {
		require.ErrorIs(t, verifyNow(blank), webhook.ErrNoSecret, "%+q", blank)
	}
}

func TestAnUnusualSecretIsAccepted(t *testing.T) {
	t.Parallel()
	for _, value := range []string{"x", "pass phrase of four words", "a\u00a0b", "it's", `"half`, "a+b/c=d!", "pässwörd", "日本"} {
		_, err := webhook.NewReceiver(webhook.WithSecret(value))
		require.NoError(t, err, value)
		require.NoError(t, verifyNow(value), value)
	}
}

// fipsChild is set in the process that TestASecretThatIsTooShortForFIPSIsRejected starts.
const fipsChild = "CONVERSATION_TEST_FIPS"

func TestASecretThatIsTooShortForFIPSIsRejected(t *testing.T) {
	t.Parallel()
	if os.Getenv(fipsChild) == "" {
		child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$", "-test.count=1")
		child.Env = append(os.Environ(), fipsChild+"=1", "GODEBUG=fips140=only")
		output, err := child.CombinedOutput()
		require.NoError(t, err, "%s", output)
		assert.Contains(t, string(output), "PASS")
		return
	}
	for _, short := range []string{"x", strings.Repeat("x", 13), "pässwörd"} {
		_, construct := webhook.NewReceiver(webhook.WithSecret(short))
		for _, err := range []error{construct, webhook.Verify(body, webhook.Sign(body, secret, nonce, time.Now()), short)} {
			require.ErrorAs(t, err, new(*conversation.ArgumentError))
			require.ErrorContains(t, err, "GODEBUG=fips140=only")
			require.ErrorContains(t, err, "14 bytes")
		}
	}
	byApp := newAppReceiver(t, func(context.Context, string) ([]string, error) { return []string{"short"}, nil })
	assert.Equal(t, 503, serve(byApp, newCallback(t, body, nonce)).Code, "of an app, without a panic")
	long := strings.Repeat("x", 14)
	_, err := webhook.NewReceiver(webhook.WithSecret(long))
	require.NoError(t, err)
	require.NoError(t, verifyNow(long))
}
