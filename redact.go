package conversation

import (
	"encoding/base64"
	"strings"
)

// hidden gives the texts that were sent to the other side, which may repeat them, and that nothing must show. It is a
// func for the reason that [redact.Secret] is one.
type hidden func() []string

// shortestHidden is the length from which on a text is hidden: a shorter one is no secret, and stands in many words.
const shortestHidden = 4

// hide takes what is hidden out of a text.
func hide(text string, texts hidden) string {
	if texts == nil {
		return text
	}
	for _, part := range texts() {
		if len(part) >= shortestHidden {
			text = strings.ReplaceAll(text, part, "[redacted]")
		}
	}
	return text
}

// credentialsIn gives what is secret in an Authorization header. A server may repeat a password as it decoded it.
func credentialsIn(header string) []string {
	scheme, credential, _ := strings.Cut(header, " ")
	texts := []string{credential}
	if decoded, err := base64.StdEncoding.DecodeString(credential); err == nil && scheme == "Basic" {
		_, password, _ := strings.Cut(string(decoded), ":")
		texts = append(texts, password)
	}
	return texts
}

// secretsIn gives the secrets that a request hands to the API.
func secretsIn(request any) []string {
	switch r := request.(type) {
	case *CreateWebhookRequest:
		return []string{r.Secret}
	case *UpdateWebhookRequest:
		if r.Secret != nil {
			return []string{*r.Secret}
		}
	case *CreateAppRequest:
		return channelSecrets(r.ChannelCredentials)
	case *UpdateAppRequest:
		return channelSecrets(r.ChannelCredentials)
	}
	return nil
}

func channelSecrets(credentials []ChannelCredential) []string {
	var texts []string
	for _, of := range credentials {
		texts = append(texts, of.CallbackSecret)
		if of.StaticBearer != nil {
			texts = append(texts, of.StaticBearer.Token)
		}
		if of.StaticToken != nil {
			texts = append(texts, of.StaticToken.Token)
		}
	}
	return texts
}
