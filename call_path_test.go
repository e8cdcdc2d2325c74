package conversation_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAnIDIsOneSegmentOfThePath(t *testing.T) {
	t.Parallel()
	for id, want := range map[string]string{
		"01EQBC1A3BEK731GY4YXEN0C2R": "01EQBC1A3BEK731GY4YXEN0C2R",
		"a-b_c.d~e":                  "a-b_c.d~e",
		"a/b":                        "a%2Fb",
		"a/../b":                     "a%2F..%2Fb",
		"../apps":                    "..%2Fapps",
		"/":                          "%2F",
		"a?b=c":                      "a%3Fb=c",
		"a#b":                        "a%23b",
		"ü":                          "%C3%BC",
		"%2F":                        "%252F",
		"%2e%2e":                     "%252e%252e",
		"%":                          "%25",
		"a\nb":                       "a%0Ab",
		"a\r\nX-Evil: 1":             "a%0D%0AX-Evil%3A%201",
		"a b":                        "a%20b",
		"x:stop":                     "x%3Astop",
		":stop":                      "%3Astop",
		"a;b,c":                      "a%3Bb%2Cc",
		"...":                        "...",
		".a":                         ".a",
		"\\":                         "%5C",
		"\x00":                       "%00",
		"\xff":                       "%FF",
		"{project_id}":               "%7Bproject_id%7D",
		strings.Repeat("x", 5000):    strings.Repeat("x", 5000),
	} {
		t.Run(id[:min(len(id), 30)], func(t *testing.T) {
			t.Parallel()
			client, server := newTestClient(t, answerWith(200, `{}`))
			_, err := client.Messages.Get(t.Context(), id)
			require.NoError(t, err)
			require.NoError(t, client.Messages.Delete(t.Context(), id))
			sent := server.requests()
			require.Len(t, sent, 2)
			for _, request := range sent {
				assert.Equal(t, "/v1/projects/PROJECT/messages/"+want, request.uri)
			}
		})
	}
}

func TestAnIDThatIsNoSegmentIsRefused(t *testing.T) {
	t.Parallel()
	for name, id := range map[string]string{
		"empty": "", "a dot": ".", "two dots": "..", "blank": " ", "a line break": "\n", "a dot and a space": ". ", "space and two dots": "\t..",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, server := newTestClient(t, answerWith(200, `{}`))
			message, err := client.Messages.Get(t.Context(), id)
			assert.Nil(t, message)
			requireRefused(t, err, "Messages.Get", "message_id")
			requireRefused(t, client.Messages.Delete(t.Context(), id), "Messages.Delete", "message_id")
			assert.Empty(t, server.requests())
		})
	}
}
