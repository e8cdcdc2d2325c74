package command

import (
	"bytes"
	"encoding/json"

	"github.com/spf13/cobra"
)

// masked is printed in place of a secret.
const masked = "***"

// secretFields are the fields of apps and webhooks that hold secrets, as package conversation has them.
var secretFields = map[string]bool{
	"secret": true, "secret_for_overridden_callback_urls": true, "callback_secret": true, "client_secret": true,
	"app_secret": true, "token": true, "password": true, "apple_pay_certificate_password": true, "api_key": true,
	"aes_key": true, "kakaotalk_sender_key": true,
}

// printable returns the function that prepares an object for printing. For objects with secrets it adds the flag
// --show-secrets to the command, and masks them without it.
func printable(cmd *cobra.Command, of object) func(any) (any, error) {
	show := !of.secrets
	if of.secrets {
		cmd.Flags().BoolVar(&show, "show-secrets", false, "print secrets, which are "+masked+" otherwise")
	}
	return func(value any) (any, error) {
		if show {
			return value, nil
		}
		return withoutSecrets(value)
	}
}

// withoutSecrets returns the JSON value of an object with masked secrets.
func withoutSecrets(object any) (any, error) {
	value, err := jsonValue(object)
	eachSecret("", value, func(_ string, owner map[string]any, name string) { owner[name] = masked })
	return value, err
}

// maskedSecret returns the path of a secret in a request that is masked, as it was printed. It returns "" for none.
func maskedSecret(request any) (string, error) {
	value, err := jsonValue(request)
	found := ""
	eachSecret("", value, func(path string, owner map[string]any, name string) {
		if owner[name] == masked {
			found = path
		}
	})
	return found, err
}

// eachSecret calls visit for the secrets in a JSON value, however deeply nested.
func eachSecret(path string, value any, visit func(path string, owner map[string]any, name string)) {
	switch value := value.(type) {
	case []any:
		for _, item := range value {
			eachSecret(path, item, visit)
		}
	case map[string]any:
		for name, member := range value {
			if secret, ok := member.(string); ok && secret != "" && secretFields[name] {
				visit(path+name, value, name)
			}
			eachSecret(path+name+".", member, visit)
		}
	}
}

// jsonValue returns what the JSON of an object decodes to. Numbers keep their digits.
func jsonValue(object any) (any, error) {
	encoded, err := json.Marshal(object)
	if err != nil {
		return nil, err
	}
	decoder := json.NewDecoder(bytes.NewReader(encoded))
	decoder.UseNumber()
	var value any
	return value, decoder.Decode(&value)
}
