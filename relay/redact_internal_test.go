package relay

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestPhoneNumbersAreMasked(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"+46701234567 is unknown":        "+******* is unknown",
		"+46 (70) 123-45-67 called":      "+******* called",
		"+46\n70\t123\u201145 67":        "+*******",
		"/c/%2B46%2070%28123%2945":       "/c/%2B*******",
		"1234567":                        "*******",
		"123456":                         "123456",
		"12345678901234567890":           "*******",
		"a1234567b":                      "a*******b",
		"ü1234567ü123456ü":               "ü*******ü123456ü",
		"+1 of 12, +2.5":                 "+1 of 12, +2.5",
		"two\nlines\tand 1234567\r\nend": "two lines and ******* end",
		"01H7QZ8X3J":                     "01H7QZ8X3J",
		"":                               "",
	} {
		assert.Equal(t, want, redact(text), text)
	}
}

func TestPhoneNumbersAreMaskedHoweverTheyAreWritten(t *testing.T) {
	t.Parallel()
	for _, between := range []string{"_", ",", "\u200e", "\u200b", "\u00a0", "%C2%A0", "%E2%80%8E", `\u200e`, "+", "%", "\xa0", "&nbsp;"} {
		for _, number := range []string{"+46701234567", "\uff0b\uff14\uff16\uff17\uff10\uff11\uff12\uff13", "%2B\u0664\u0666\u0667\u0660\u0661\u0662\u0663"} {
			digits := strings.Split(number, "")
			if strings.HasPrefix(number, "%2B") {
				digits = append([]string{"%2B"}, digits[3:]...)
			}
			assert.Equal(t, "to "+digits[0]+"******* x", redact("to "+digits[0]+strings.Join(digits[1:], between)+" x"), "%q", between)
		}
	}
}

func TestAReasonControlsNoTerminal(t *testing.T) {
	t.Parallel()
	assert.Equal(t, `a\x1b[2Jb\ac\u009bd\u202ee\u200ff\x9bg h`, redact("a\x1b[2Jb\ac\u009bd\u202ee\u200ff\x9bg\u2028h"))
	assert.Equal(t, "Grüße, 日本, 🙂", redact("Grüße, 日本, 🙂"))
}

func TestALongReasonIsCutAfterItIsMasked(t *testing.T) {
	t.Parallel()
	text := redact("x" + strings.Repeat("é", 400) + " 46701234567")
	assert.Less(t, len(text), 600)
	assert.True(t, strings.HasSuffix(text, "é..."), "the cut splits no character")
	assert.NotContains(t, redact(strings.Repeat("x", 495)+"46701234567"), "4670", "the cut is inside the number")
}
