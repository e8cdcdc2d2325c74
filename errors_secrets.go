package conversation

import (
	"encoding/base64"
	"encoding/json"
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

// secretFields are the fields of requests that hold secrets.
var secretFields = map[string]bool{
	"secret": true, "secret_for_overridden_callback_urls": true, "callback_secret": true, "client_secret": true,
	"app_secret": true, "token": true, "password": true, "apple_pay_certificate_password": true, "api_key": true,
	"aes_key": true, "kakaotalk_sender_key": true,
}

// secretsIn gives the secrets that a request hands to the API.
func secretsIn(request any) []string {
	switch request.(type) {
	case *CreateWebhookRequest, *UpdateWebhookRequest, *CreateAppRequest, *UpdateAppRequest:
	default:
		return nil
	}
	text, err := json.Marshal(request)
	if err != nil {
		return nil
	}
	var fields any
	if json.Unmarshal(text, &fields) != nil {
		return nil
	}
	return appendSecrets(nil, "", fields)
}

// appendSecrets collects the texts of secret fields, however deep they lie.
func appendSecrets(texts []string, name string, value any) []string {
	switch value := value.(type) {
	case string:
		if secretFields[name] {
			texts = append(texts, value)
		}
	case []any:
		for _, item := range value {
			texts = appendSecrets(texts, name, item)
		}
	case map[string]any:
		for name, member := range value {
			texts = appendSecrets(texts, name, member)
		}
	}
	return texts
}
