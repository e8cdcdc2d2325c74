package conversation_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/sinchgo/conversation"
)

func TestLongRunsOfDigitsAreMasked(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"+46701234567 is no number":      "+******* is no number",
		"1234567":                        "*******",
		"123456":                         "123456",
		"12345678901234567890":           "*******",
		"a1234567b":                      "a*******b",
		"from 1234567 to 7654321.":       "from ******* to *******.",
		"identity:46701234567,code:12":   "identity:*******,code:12",
		"ü1234567ü123456ü":               "ü*******ü123456ü",
		"%2B46701234567":                 "%2B*******",
		"123456 1234567":                 "123456 *******",
		"no digits at all":               "no digits at all",
		"01H7QZ8X3J":                     "01H7QZ8X3J",
		"two\nlines\tand 1234567\r\nend": "two lines and ******* end",
	} {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			err := &conversation.Error{StatusCode: 400, Operation: "Messages.Send", Message: text}
			assert.Equal(t, "conversation: Messages.Send: HTTP 400: "+want, err.Error())
		})
	}
}

func TestALongMessageIsCutAfterItWasMasked(t *testing.T) {
	t.Parallel()
	err := &conversation.Error{StatusCode: 400, Message: "x" + strings.Repeat("é", 400) + " 46701234567"}
	assert.Less(t, len(err.Error()), 600)
	assert.True(t, strings.HasSuffix(err.Error(), "é..."), "no half character at the cut")

	// The cut falls into the number.
	err = &conversation.Error{StatusCode: 400, Message: strings.Repeat("x", 495) + "46701234567"}
	hides(t, err.Error(), "4670")
}
