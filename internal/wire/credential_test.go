package wire_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/sinchgo/conversation/internal/wire"
)

func TestWhatCopyingAddsToACredentialIsNamed(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]string{
		"":               "is empty",
		"\n":             "is only white space or invisible characters",
		" \u00a0\t":      "is only white space or invisible characters",
		"\ufeff\n":       "is only white space or invisible characters",
		"hush\n":         "ends with white space (U+000A, a line break)",
		"hush\r\n":       "ends with white space (U+000A, a line break)",
		"\thush":         "begins with white space (U+0009, a tab)",
		"hush ":          "ends with white space (U+0020, a space)",
		"\u00a0hush":     "begins with white space (U+00A0, a no-break space)",
		"hush\u3000":     "ends with white space (U+3000)",
		"hush\u2028":     "ends with white space (U+2028)",
		`"hush"`:         "is in quotes",
		`'hush'`:         "is in quotes",
		"`hush`":         "is in quotes",
		"“hush”":         "is in quotes",
		"„hush“":         "is in quotes",
		"‘hush’":         "is in quotes",
		"«hush»":         "is in quotes",
		"»hush«":         "is in quotes",
		`“hush"`:         "is in quotes",
		`"`:              "is in quotes",
		`""`:             "is in quotes",
		"\ufeffhush":     "contains an invisible character (U+FEFF, a byte order mark)",
		"hush\ufeff":     "contains an invisible character (U+FEFF, a byte order mark)",
		"hu\u200bsh":     "contains an invisible character (U+200B, a zero-width space)",
		"hu\u00adsh":     "contains an invisible character (U+00AD, a soft hyphen)",
		"\u202ehush":     "contains an invisible character (U+202E)",
		"hush\u2069":     "contains an invisible character (U+2069)",
		"hu\u2060sh":     "contains an invisible character (U+2060)",
		"hu\ufe0fsh":     "contains an invisible character (U+FE0F)",
		"hu\u3164sh":     "contains an invisible character (U+3164)",
		"hu\U000e0041sh": "contains an invisible character (U+E0041)",
		"hu\x00sh":       "contains a control character (U+0000, NUL)",
		"hu\nsh":         "contains a control character (U+000A, a line break)",
		"hu\x7fsh":       "contains a control character (U+007F)",
		"hu\u009bsh":     "contains a control character (U+009B)",
		"hu\u2028sh":     "contains a control character (U+2028)",
		"hush\xe9":       "is not UTF-8",
	} {
		problem := wire.CredentialProblem(value)
		assert.Contains(t, problem, want, "%+q", value)
		assert.NotContains(t, problem, "hush", "%+q", value)
		assert.NotEmpty(t, wire.KeyProblem(value), "%+q", value)
	}
}

func TestACredentialThatIsOnlyUnusualIsAccepted(t *testing.T) {
	t.Parallel()
	for _, value := range []string{"x", "a+b/c=d!e%f&g", "it's", `say "hush"`, `"hush`, "pässwörd", "日本", "-._~", "<hush>", "{hush}"} {
		assert.Empty(t, wire.CredentialProblem(value), value)
	}
	for _, value := range []string{"two words", "two\u00a0words", "a \u3000 b"} {
		assert.Empty(t, wire.CredentialProblem(value), "white space inside is part of a webhook secret: %+q", value)
		assert.Contains(t, wire.KeyProblem(value), "contains white space", "%+q", value)
	}
}
