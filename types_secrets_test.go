package conversation_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

// secretNames are the fields that hold secrets, by the comments of the contract.
func secretNames(t *testing.T) map[string]bool {
	t.Helper()
	source, err := os.ReadFile("types.gen.go")
	require.NoError(t, err)
	names := map[string]bool{}
	for _, match := range regexp.MustCompile(`Keep it secret\.\n\t\w+ \S+ .json:"(\w+)`).FindAllStringSubmatch(string(source), -1) {
		names[match[1]] = true
	}
	require.Greater(t, len(names), 10)
	return names
}

// filler fills values: a secret begins with "hush", any other string with "shown".
type filler struct {
	secret map[string]bool
	made   int
	hidden int
	shown  []string
}

func (f *filler) fill(name string, v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		f.made++
		if f.secret[name] {
			f.hidden++
			v.SetString(fmt.Sprintf("hush <%d>", f.made))
			return
		}
		f.shown = append(f.shown, fmt.Sprintf("shown%d.", f.made))
		v.SetString(f.shown[len(f.shown)-1])
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		f.fill(name, v.Elem())
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		f.fill(name, v.Index(0))
		f.fill(name, v.Index(1))
	case reflect.Struct:
		for field, value := range v.Fields() {
			if name, _, _ := strings.Cut(field.Tag.Get("json"), ","); field.IsExported() && value.Kind() != reflect.Interface {
				f.fill(name, value)
			}
		}
	case reflect.Bool:
		v.SetBool(true)
	}
}

// secretTypes returns a filled value of each type of the API that holds a secret, directly or in a field.
func secretTypes(t *testing.T) map[string]reflect.Value {
	t.Helper()
	names, found := secretNames(t), map[string]reflect.Value{}
	for name, newValue := range platformTypes {
		value, f := reflect.ValueOf(newValue()).Elem(), filler{secret: names}
		if f.fill("", value); f.hidden > 0 {
			found[name] = value
		}
	}
	return found
}

// printed returns a value as package fmt prints it.
func printed(value any) string {
	var text strings.Builder
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x", "%X", "%10v", "%!"} {
		fmt.Fprintf(&text, verb+"\n", value)
	}
	return text.String()
}

// logged returns a value as both handlers of package slog log it.
func logged(value any) string {
	var text bytes.Buffer
	slog.New(slog.NewTextHandler(&text, nil)).Info("m", "value", value, slog.Group("group", "inner", value))
	slog.New(slog.NewJSONHandler(&text, nil)).With("with", value).Info("m", "value", value)
	return text.String()
}

// hushed are the canaries, as text and as the verbs for bytes have it.
var hushed = []string{"hush", fmt.Sprintf("%x", "hush"), fmt.Sprintf("%X", "hush")}

func TestATypeThatHoldsASecretPrintsWithoutIt(t *testing.T) {
	t.Parallel()
	found := secretTypes(t)
	assert.Len(t, found, 24, "a new type needs the methods of types_secrets.go")
	for _, name := range []string{"Webhook", "CreateWebhookRequest", "UpdateWebhookRequest", "ChannelCredential", "ClientCredentials", "App", "AppList"} {
		assert.Contains(t, found, name)
	}
	for name, value := range found {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			pointer := value.Addr().Interface()
			for _, held := range []any{
				value.Interface(), pointer,
				[]any{value.Interface(), pointer},
				map[string]any{"key": value.Interface()},
				struct{ Field, Other any }{value.Interface(), pointer},
				fmt.Errorf("failed: %v", value.Interface()),
			} {
				hides(t, printed(held), hushed...)
			}
			for _, held := range []any{value.Interface(), pointer} {
				hides(t, logged(held), hushed...)
				assert.Contains(t, logged(held), "***")
				for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
					assert.Contains(t, fmt.Sprintf(verb, held), "***")
				}
			}
		})
	}
}

func TestWhatIsNotSecretIsPrinted(t *testing.T) {
	t.Parallel()
	hook := conversation.Webhook{
		ID: "01H", Target: "https://shop.example/sinch?a=1&b=2", Secret: "hush", Triggers: []conversation.WebhookTrigger{"MESSAGE_INBOUND", "OPT_IN"},
		ClientCredentials: &conversation.ClientCredentials{ClientID: "us", ClientSecret: "hush", Endpoint: "https://auth.example"},
	}
	const want = `{ClientCredentials:{ClientID:us ClientSecret:*** Endpoint:https://auth.example} ID:01H Secret:*** ` +
		`Target:https://shop.example/sinch?a=1&b=2 Triggers:[MESSAGE_INBOUND OPT_IN]}`
	assert.Equal(t, want, fmt.Sprint(hook))
	assert.Equal(t, "&"+want, "&"+fmt.Sprintf("%+v", &hook))
	assert.Equal(t, "{Target:x}", fmt.Sprint(conversation.CreateWebhookRequest{Target: "x"}), "no secret is set")
	assert.Equal(t, "{Secret:*** Target:x UpdateMask:[secret]}", fmt.Sprint(conversation.UpdateWebhookRequest{
		Secret: new("hush"), Target: new("x"), UpdateMask: []string{"secret"},
	}))
	assert.Equal(t, "{}", fmt.Sprint(conversation.App{}))
	assert.Equal(t, "<nil>", fmt.Sprint((*conversation.Webhook)(nil)))

	for name, value := range secretTypes(t) {
		f := filler{secret: secretNames(t)}
		f.fill("", value)
		for _, shown := range f.shown {
			assert.Contains(t, fmt.Sprintf("%+v", value.Interface()), shown, name)
		}
	}
}

// TestPrintingChangesNoJSON compares with a type that has the same fields and no methods.
func TestPrintingChangesNoJSON(t *testing.T) {
	t.Parallel()
	for name, value := range secretTypes(t) {
		before, err := json.Marshal(value.Interface())
		require.NoError(t, err)
		_, _ = printed(value.Interface()), logged(value.Interface())
		after, err := json.Marshal(value.Interface())
		require.NoError(t, err)
		assert.Equal(t, string(before), string(after), name)

		bare := reflect.StructOf(slices.Collect(value.Type().Fields()))
		plain, err := json.Marshal(value.Convert(bare).Interface())
		require.NoError(t, err)
		assert.Equal(t, string(plain), string(after), name)
		assert.Contains(t, string(after), "hush", name)
		assert.NotContains(t, string(after), "***", name)
	}
}
