package conversation_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/sinchgo/conversation"
)

func TestATextIsCountedInSegmentsOfItsEncoding(t *testing.T) {
	t.Parallel()
	const gsm7, ucs2 = conversation.SMSEncodingGSM7, conversation.SMSEncodingUCS2
	tests := map[string]struct {
		text     string
		segments int
		encoding conversation.SMSEncoding
	}{
		"nothing":                     {"", 0, gsm7},
		"one character":               {"a", 1, gsm7},
		"all that fits into one":      {strings.Repeat("a", 160), 1, gsm7},
		"one more":                    {strings.Repeat("a", 161), 2, gsm7},
		"all that fits into two":      {strings.Repeat("a", 306), 2, gsm7},
		"one more than fits into two": {strings.Repeat("a", 307), 3, gsm7},
		"ten segments":                {strings.Repeat("a", 1530), 10, gsm7},
		"a letter that is close to the basic alphabet":  {"Ærø, Ñandú?", 1, ucs2}, // ú is not in it
		"letters of the basic alphabet":                 {"äöñüàÄÖÑÜ§¿¡ÇØøÅåÆæßÉèéùìò", 1, gsm7},
		"80 euro signs are 160 septets":                 {strings.Repeat("€", 80), 1, gsm7},
		"81 euro signs need a second segment":           {strings.Repeat("€", 81), 2, gsm7},
		"a euro sign is not split":                      {strings.Repeat("€", 153), 3, gsm7}, // 76 a segment, one septet left free
		"the extension table":                           {"^{}\\[~]|€\f", 1, gsm7},
		"line breaks":                                   {"a\r\nb", 1, gsm7},
		"a back quote is not in it":                     {"`", 1, ucs2},
		"a typographic quote":                           {"it’s", 1, ucs2},
		"a tab":                                         {"a\tb", 1, ucs2},
		"all that fits into one of UCS-2":               {strings.Repeat("я", 70), 1, ucs2},
		"one more of UCS-2":                             {strings.Repeat("я", 71), 2, ucs2},
		"all that fits into two of UCS-2":               {strings.Repeat("я", 134), 2, ucs2},
		"one more than fits into two of UCS-2":          {strings.Repeat("я", 135), 3, ucs2},
		"35 emoji are 70 code units":                    {strings.Repeat("😀", 35), 1, ucs2},
		"36 emoji":                                      {strings.Repeat("😀", 36), 2, ucs2},
		"an emoji is not split":                         {strings.Repeat("😀", 67), 3, ucs2}, // 33 a segment, one unit left free
		"one character of another alphabet decides all": {strings.Repeat("a", 100) + "ё", 2, ucs2},
		"bytes that are not UTF-8":                      {"\xff", 1, ucs2},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			segments, encoding := conversation.SMSSegments(test.text)
			assert.Equal(t, test.segments, segments)
			assert.Equal(t, test.encoding, encoding)
		})
	}
}

func ExampleSMSSegments() {
	for _, text := range []string{"Your code is 4711.", "Your code is 4711 🔑"} {
		segments, encoding := conversation.SMSSegments(text)
		fmt.Println(segments, encoding)
	}
	// Output:
	// 1 GSM_7BIT
	// 1 UCS2
}
