package redact_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/sinchgo/conversation/internal/redact"
)

func TestLongRunsOfDigitsAreMasked(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"+46701234567 is no number":      "+******* is no number",
		"+46 70-123 45 67":               "+*******",
		"1234567":                        "*******",
		"123456":                         "123456",
		"12345678901234567890":           "*******",
		"a1234567b":                      "a*******b",
		"from 1234567 to 7654321.":       "from ******* to *******.",
		"identity:46701234567,code:12":   "identity:*******,code:12",
		"ü1234567ü123456ü":               "ü*******ü123456ü",
		"%2B46701234567":                 "%2B*******",
		"+46 (70) 123-45-67 said so":     "+******* said so",
		"+49 30/12 34 56":                "+*******",
		"+46\n70\t123\u201145 67":        "+*******",
		"/c/%2B46%2070%28123%2945":       "/c/%2B*******",
		"+1 of 12, +2.5":                 "+1 of 12, +2.5",
		"123456 1234567":                 "123456 *******",
		"no digits at all":               "no digits at all",
		"01H7QZ8X3J":                     "01H7QZ8X3J",
		"two\nlines\tand 1234567\r\nend": "two lines and ******* end",
	} {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, want, redact.OneLine(text))
			assert.Equal(t, want, strings.Join(strings.Fields(redact.Mask(text)), " "))
		})
	}
}

func TestALineControlsNoTerminal(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"\x1b[2J\x1b]0;title\a":            `\x1b[2J\x1b]0;title\a`,
		"C1 \u009b31m and \x9b31m":         `C1 \u009b31m and \x9b31m`,
		"\u202egnp.exe\u202c":              `\u202egnp.exe\u202c`,
		"\u2066a\u2069 \u200e\u200f\u061c": `\u2066a\u2069 \u200e\u200f\u061c`,
		"a\u200bb\ufeffc\u00add":           `a\u200bb\ufeffc\u00add`,
		"a\r\nb\u2028c\u2029d\u0085e":      "a b c d e",
		"tag \U000e0041\x7f\x00":           `tag \U000e0041\x7f\x00`,
		"\u2066123\u2069":                  `\u*******\u2069`, // as the digits of a number
		"Grüße, 日本 🙂 שלום e\u0301 ok":      "Grüße, 日本 🙂 שלום e\u0301 ok",
	} {
		assert.Equal(t, want, redact.OneLine(text))
		assert.Equal(t, want, redact.OneLine(redact.OneLine(text)))
	}
	assert.Equal(t, `a  b\nc`, redact.Line("a  b\nc"), "what the caller wrote is shown as it is")
}

func TestWhatIsKeptIsNotMasked(t *testing.T) {
	t.Parallel()
	const text = "lookup fake-12345678: no such host, said 12345678"
	assert.Equal(t, "lookup fake-*******: no such host, said *******", redact.OneLine(text))
	assert.Equal(t, "lookup fake-12345678: no such host, said *******", redact.OneLine(text, "", "fake-12345678"))
	assert.Equal(t, "lookup fake-*******: no such host, said *******", redact.OneLine(text, "lookup"))
	assert.Equal(t, "12345678-1234-1234-1234-123456789012", redact.ID("12345678-1234-1234-1234-123456789012"))
	assert.Equal(t, "app-*******", redact.ID("app-12345678"))
}

func TestALongTextIsCutAfterItWasMasked(t *testing.T) {
	t.Parallel()
	text := redact.OneLine("x" + strings.Repeat("é", 400) + " 46701234567")
	assert.Less(t, len(text), 600)
	assert.True(t, strings.HasSuffix(text, "é..."), "no half character at the cut")

	// The cut falls into the number.
	assert.NotContains(t, redact.OneLine(strings.Repeat("x", 495)+"46701234567"), "4670")
}

// shy prints no field.
type shy struct{ field string }

func (shy) Format(state fmt.State, verb rune) { redact.Print(state, verb, "shy") }

func TestPrintGivesTheTextToEveryVerb(t *testing.T) {
	t.Parallel()
	for _, format := range []string{"%v", "%+v", "%#v", "%s", "%d", "%x"} {
		assert.Equal(t, "shy", fmt.Sprintf(format, shy{"hush"}), format)
	}
	assert.Equal(t, `"shy"`, fmt.Sprintf("%q", shy{"hush"}))
}

func TestASecretIsNotPrintedHoweverDeepItLies(t *testing.T) {
	t.Parallel()
	hush := redact.NewSecret("hush-secret")
	assert.Equal(t, "hush-secret", hush())
	for name, value := range map[string]any{
		"alone":       hush,
		"deep inside": []any{map[string]any{"x": struct{ inner []redact.Secret }{[]redact.Secret{hush}}}},
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
