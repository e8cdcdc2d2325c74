package conversation

import "encoding/json"

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
