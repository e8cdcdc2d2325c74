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

func TestALongReasonIsCutAfterItIsMasked(t *testing.T) {
	t.Parallel()
	text := redact("x" + strings.Repeat("é", 400) + " 46701234567")
	assert.Less(t, len(text), 600)
	assert.True(t, strings.HasSuffix(text, "é..."), "the cut splits no character")
	assert.NotContains(t, redact(strings.Repeat("x", 495)+"46701234567"), "4670", "the cut is inside the number")
}
