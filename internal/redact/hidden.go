package redact

import (
	"encoding/base64"
	"strings"
)

// Hidden returns the strings that a request carried and that no error or log line may show, even if the server repeats
// them. It is a func for the same reason as [Secret].
type Hidden func() []string

// shortestHidden is the length of the shortest string that is hidden. A shorter one is not a secret, and is part of many
// words.
const shortestHidden = 4

// Hide replaces in text every string that hidden returns. A nil hidden hides nothing.
func Hide(text string, hidden Hidden) string {
	if hidden == nil {
		return text
	}
	for _, part := range hidden() {
		if len(part) >= shortestHidden {
			text = strings.ReplaceAll(text, part, "[redacted]")
		}
	}
	return text
}

// CredentialsIn returns the secret parts of an Authorization header. They include the decoded password of basic
// authentication, since a server may repeat it in that form.
func CredentialsIn(header string) []string {
	scheme, credential, _ := strings.Cut(header, " ")
	parts := []string{credential}
	if decoded, err := base64.StdEncoding.DecodeString(credential); err == nil && scheme == "Basic" {
		_, password, _ := strings.Cut(string(decoded), ":")
		parts = append(parts, password)
	}
	return parts
}
