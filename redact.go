package conversation

import (
	"strings"

	"github.com/sinchgo/conversation/internal/redact"
)

// hide takes the credential of an Authorization header out of a text that may repeat it.
func hide(text string, header redact.Secret) string {
	if header == nil {
		return text
	}
	_, credential, _ := strings.Cut(header(), " ")
	if credential == "" {
		return text
	}
	return strings.ReplaceAll(text, credential, "[redacted]")
}
