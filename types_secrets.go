package conversation

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"reflect"
	"strings"

	"github.com/sinchgo/conversation/internal/redact"
)

// The types that hold secrets, themselves or in a field, print without them: every verb of package fmt, and a logger,
// show the fields that are set as %+v does, with *** for a secret and without a type. Encoding as JSON keeps the
// secrets, since it is how they are sent, so a JSON handler of package slog shows those of what it encodes itself, such
// as a slice of webhooks. Package fmt calls no methods for an unexported field of a caller's struct: keep a pointer
// there.

// withoutSecrets returns the text of a value.
func withoutSecrets(value any) string {
	return string(appendWithoutSecrets(nil, reflect.ValueOf(value)))
}

func appendWithoutSecrets(text []byte, v reflect.Value) []byte {
	if stringer, ok := reflect.TypeAssert[fmt.Stringer](v); ok {
		return append(text, stringer.String()...)
	}
	switch v.Kind() {
	case reflect.Pointer:
		return appendWithoutSecrets(text, v.Elem())
	case reflect.Slice:
		text = append(text, '[')
		for i := range v.Len() {
			if i > 0 {
				text = append(text, ' ')
			}
			text = appendWithoutSecrets(text, v.Index(i))
		}
		return append(text, ']')
	case reflect.Struct:
		return appendFields(text, v)
	default:
		return fmt.Append(text, v.Interface())
	}
}

// appendFields appends the fields of a struct that are set.
func appendFields(text []byte, v reflect.Value) []byte {
	text = append(text, '{')
	first := true
	for field, value := range v.Fields() {
		if value.IsZero() {
			continue
		}
		if !first {
			text = append(text, ' ')
		}
		first = false
		text = append(text, field.Name+":"...)
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		if secretFields[name] {
			text = append(text, "***"...)
			continue
		}
		text = appendWithoutSecrets(text, value)
	}
	return append(text, '}')
}

// Format implements [fmt.Formatter].
func (a App) Format(state fmt.State, verb rune) { redact.Print(state, verb, withoutSecrets(a)) }

// LogValue implements [slog.LogValuer].
func (a App) LogValue() slog.Value { return slog.StringValue(withoutSecrets(a)) }

// Format implements [fmt.Formatter].
func (a AppList) Format(state fmt.State, verb rune) { redact.Print(state, verb, withoutSecrets(a)) }

// LogValue implements [slog.LogValuer].
func (a AppList) LogValue() slog.Value { return slog.StringValue(withoutSecrets(a)) }

// Format implements [fmt.Formatter].
func (a AppleBCCredentials) Format(state fmt.State, verb rune) {
	redact.Print(state, verb, withoutSecrets(a))
}

// LogValue implements [slog.LogValuer].
func (a AppleBCCredentials) LogValue() slog.Value { return slog.StringValue(withoutSecrets(a)) }

// Format implements [fmt.Formatter].
func (b BasicAuthCredential) Format(state fmt.State, verb rune) {
	redact.Print(state, verb, withoutSecrets(b))
}

// LogValue implements [slog.LogValuer].
func (b BasicAuthCredential) LogValue() slog.Value { return slog.StringValue(withoutSecrets(b)) }

// Format implements [fmt.Formatter].
func (c CallbackSettings) Format(state fmt.State, verb rune) {
	redact.Print(state, verb, withoutSecrets(c))
}

// LogValue implements [slog.LogValuer].
func (c CallbackSettings) LogValue() slog.Value { return slog.StringValue(withoutSecrets(c)) }

// Format implements [fmt.Formatter].
func (c ChannelCredential) Format(state fmt.State, verb rune) {
	redact.Print(state, verb, withoutSecrets(c))
}

// LogValue implements [slog.LogValuer].
func (c ChannelCredential) LogValue() slog.Value { return slog.StringValue(withoutSecrets(c)) }

// Format implements [fmt.Formatter].
func (c ClientCredentials) Format(state fmt.State, verb rune) {
	redact.Print(state, verb, withoutSecrets(c))
}

// LogValue implements [slog.LogValuer].
func (c ClientCredentials) LogValue() slog.Value { return slog.StringValue(withoutSecrets(c)) }

// Format implements [fmt.Formatter].
func (c CreateAppRequest) Format(state fmt.State, verb rune) {
	redact.Print(state, verb, withoutSecrets(c))
}

// LogValue implements [slog.LogValuer].
func (c CreateAppRequest) LogValue() slog.Value { return slog.StringValue(withoutSecrets(c)) }

// Format implements [fmt.Formatter].
func (c CreateWebhookRequest) Format(state fmt.State, verb rune) {
	redact.Print(state, verb, withoutSecrets(c))
}

// LogValue implements [slog.LogValuer].
func (c CreateWebhookRequest) LogValue() slog.Value { return slog.StringValue(withoutSecrets(c)) }

// Format implements [fmt.Formatter].
func (i InstagramCredentials) Format(state fmt.State, verb rune) {
	redact.Print(state, verb, withoutSecrets(i))
}

// LogValue implements [slog.LogValuer].
func (i InstagramCredentials) LogValue() slog.Value { return slog.StringValue(withoutSecrets(i)) }

// Format implements [fmt.Formatter].
func (k KakaoTalkChatCredentials) Format(state fmt.State, verb rune) {
	redact.Print(state, verb, withoutSecrets(k))
}

// LogValue implements [slog.LogValuer].
func (k KakaoTalkChatCredentials) LogValue() slog.Value { return slog.StringValue(withoutSecrets(k)) }

// Format implements [fmt.Formatter].
func (k KakaoTalkCredentials) Format(state fmt.State, verb rune) {
	redact.Print(state, verb, withoutSecrets(k))
}

// LogValue implements [slog.LogValuer].
func (k KakaoTalkCredentials) LogValue() slog.Value { return slog.StringValue(withoutSecrets(k)) }

// Format implements [fmt.Formatter].
func (l LineCredentials) Format(state fmt.State, verb rune) {
	redact.Print(state, verb, withoutSecrets(l))
}

// LogValue implements [slog.LogValuer].
func (l LineCredentials) LogValue() slog.Value { return slog.StringValue(withoutSecrets(l)) }

// Format implements [fmt.Formatter].
func (l LineEnterpriseCredentials) Format(state fmt.State, verb rune) {
	redact.Print(state, verb, withoutSecrets(l))
}

// LogValue implements [slog.LogValuer].
func (l LineEnterpriseCredentials) LogValue() slog.Value { return slog.StringValue(withoutSecrets(l)) }

// Format implements [fmt.Formatter].
func (l LineEnterpriseCredentialsPair) Format(state fmt.State, verb rune) {
	redact.Print(state, verb, withoutSecrets(l))
}

// LogValue implements [slog.LogValuer].
func (l LineEnterpriseCredentialsPair) LogValue() slog.Value {
	return slog.StringValue(withoutSecrets(l))
}

// Format implements [fmt.Formatter].
func (m MMSCredentials) Format(state fmt.State, verb rune) {
	redact.Print(state, verb, withoutSecrets(m))
}

// LogValue implements [slog.LogValuer].
func (m MMSCredentials) LogValue() slog.Value { return slog.StringValue(withoutSecrets(m)) }

// Format implements [fmt.Formatter].
func (s StaticBearer) Format(state fmt.State, verb rune) {
	redact.Print(state, verb, withoutSecrets(s))
}

// LogValue implements [slog.LogValuer].
func (s StaticBearer) LogValue() slog.Value { return slog.StringValue(withoutSecrets(s)) }

// Format implements [fmt.Formatter].
func (s StaticToken) Format(state fmt.State, verb rune) { redact.Print(state, verb, withoutSecrets(s)) }

// LogValue implements [slog.LogValuer].
func (s StaticToken) LogValue() slog.Value { return slog.StringValue(withoutSecrets(s)) }

// Format implements [fmt.Formatter].
func (t TelegramCredentials) Format(state fmt.State, verb rune) {
	redact.Print(state, verb, withoutSecrets(t))
}

// LogValue implements [slog.LogValuer].
func (t TelegramCredentials) LogValue() slog.Value { return slog.StringValue(withoutSecrets(t)) }

// Format implements [fmt.Formatter].
func (u UpdateAppRequest) Format(state fmt.State, verb rune) {
	redact.Print(state, verb, withoutSecrets(u))
}

// LogValue implements [slog.LogValuer].
func (u UpdateAppRequest) LogValue() slog.Value { return slog.StringValue(withoutSecrets(u)) }

// Format implements [fmt.Formatter].
func (u UpdateWebhookRequest) Format(state fmt.State, verb rune) {
	redact.Print(state, verb, withoutSecrets(u))
}

// LogValue implements [slog.LogValuer].
func (u UpdateWebhookRequest) LogValue() slog.Value { return slog.StringValue(withoutSecrets(u)) }

// Format implements [fmt.Formatter].
func (w WeChatCredentials) Format(state fmt.State, verb rune) {
	redact.Print(state, verb, withoutSecrets(w))
}

// LogValue implements [slog.LogValuer].
func (w WeChatCredentials) LogValue() slog.Value { return slog.StringValue(withoutSecrets(w)) }

// Format implements [fmt.Formatter].
func (w Webhook) Format(state fmt.State, verb rune) { redact.Print(state, verb, withoutSecrets(w)) }

// LogValue implements [slog.LogValuer].
func (w Webhook) LogValue() slog.Value { return slog.StringValue(withoutSecrets(w)) }

// Format implements [fmt.Formatter].
func (w WebhookList) Format(state fmt.State, verb rune) { redact.Print(state, verb, withoutSecrets(w)) }

// LogValue implements [slog.LogValuer].
func (w WebhookList) LogValue() slog.Value { return slog.StringValue(withoutSecrets(w)) }

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
