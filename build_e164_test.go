package conversation_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

func TestEverySpellingOfANumberIsTheSameIdentity(t *testing.T) {
	t.Parallel()
	for _, spelling := range []string{
		"15551230000", "+15551230000", "0015551230000", "+1 555 123 0000", "+1-555-123-0000", "+1 (555) 123-0000",
		"1.555.123.0000", " 00 1 555 123 0000\n", "+1\u00a0555\u2011123\u20110000", "[1] 555 1230000", "+1\u2013555\u20131230000",
	} {
		t.Run(spelling, func(t *testing.T) {
			t.Parallel()
			digits, err := conversation.E164(spelling)
			require.NoError(t, err)
			assert.Equal(t, "15551230000", digits)
		})
	}
}

func TestWhatIsNotANumberWithItsCountryIsRejectedAndNotShown(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", " ", "+", "00", "Ada", "0555 123 0000", "+0 555 123 0000", "000 1 555 123 0000", "123456", "1234567890123456", "++15551230000",
		"+1555123O000", "1555123+0000", "+15551230000x12", "15551230000/1", "\u0661\u0665\u0665\u0665\u0661\u0662\u0663\u0660",
	} {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			digits, err := conversation.E164(text)
			assert.Empty(t, digits)
			argument, ok := errors.AsType[*conversation.ArgumentError](err)
			require.True(t, ok)
			assert.Equal(t, "text", argument.Field)
			assert.NotRegexp(t, `5551230000|Ada|0555`, err.Error())
		})
	}
}

func ExampleE164() {
	for _, number := range []string{"+1 (555) 123-0000", "0015551230000", "0555 123 0000"} {
		digits, err := conversation.E164(number)
		fmt.Printf("%q %v\n", digits, err)
	}
	// Output:
	// "15551230000" <nil>
	// "15551230000" <nil>
	// "" conversation: E164: text begins with 0, so it has no country code: write the country code, then the number
}
