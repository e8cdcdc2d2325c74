package conversation

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/sinchgo/conversation/internal/redact"
)

func TestACredentialIsNotPrintedHoweverDeepItLies(t *testing.T) {
	t.Parallel()
	hush := redact.NewSecret("hush-secret")
	for name, value := range map[string]any{
		"a credential":    credential{option: "WithOAuth2", keySecret: hush},
		"an access token": accessToken{header: hush},
		"a fetcher":       tokenFetcher{keySecret: hush},
		"deep inside":     []any{map[string]any{"x": struct{ inner []credential }{[]credential{{keySecret: hush}}}}},
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
