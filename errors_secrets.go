package conversation

import "encoding/json"

// secretFields are the fields of requests that hold secrets.
var secretFields = map[string]bool{
	"secret": true, "secret_for_overridden_callback_urls": true, "callback_secret": true, "client_secret": true,
	"app_secret": true, "token": true, "password": true, "apple_pay_certificate_password": true, "api_key": true,
	"aes_key": true, "kakaotalk_sender_key": true,
}

// secretsIn returns the secrets that a request sends to the API.
func secretsIn(request any) []string {
	switch request.(type) {
	case *CreateWebhookRequest, *UpdateWebhookRequest, *CreateAppRequest, *UpdateAppRequest:
	default:
		return nil
	}
	encoded, err := json.Marshal(request)
	if err != nil {
		return nil
	}
	var fields any
	if json.Unmarshal(encoded, &fields) != nil {
		return nil
	}
	return appendSecrets(nil, "", fields)
}

// appendSecrets appends the values of secret fields, however deeply nested.
func appendSecrets(secrets []string, name string, value any) []string {
	switch value := value.(type) {
	case string:
		if secretFields[name] {
			secrets = append(secrets, value)
		}
	case []any:
		for _, item := range value {
			secrets = appendSecrets(secrets, name, item)
		}
	case map[string]any:
		for name, member := range value {
			secrets = appendSecrets(secrets, name, member)
		}
	}
	return secrets
}
