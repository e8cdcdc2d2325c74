package webhook_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/webhook"
)

func TestAReceiverRequiresASecretOrWithoutVerification(t *testing.T) {
	t.Parallel()
	_, err := webhook.NewReceiver()
	require.ErrorIs(t, err, webhook.ErrNoSecret)
	require.ErrorContains(t, err, "WithSecret or WithAppSecrets")
	require.ErrorContains(t, err, "WithoutVerification")

	_, err = webhook.NewReceiver(webhook.WithSecret(secret), webhook.WithoutVerification())
	require.ErrorContains(t, err, "WithoutVerification cannot be combined with WithSecret")
	assert.NotContains(t, err.Error(), secret)
}

func TestAllErrorsOfTheOptionsAreReportedTogether(t *testing.T) {
	t.Parallel()
	receiver, err := webhook.NewReceiver(
		webhook.WithSecret(""), webhook.WithClock(nil), webhook.WithMaxAge(-1), webhook.WithMaxBody(0), webhook.WithMaxConcurrent(0),
		webhook.WithReadTimeout(0), webhook.WithDeduper(nil), webhook.WithLogger(nil), webhook.WithObserver(nil), nil, webhook.VerifyOption(nil),
	)
	require.Error(t, err)
	assert.Nil(t, receiver)
	for _, name := range []string{
		"WithSecret", "WithClock", "WithMaxAge", "WithMaxBody", "WithMaxConcurrent", "WithReadTimeout", "WithDeduper", "WithLogger",
		"WithObserver", "option 9", "VerifyOption",
	} {
		assert.ErrorContains(t, err, "conversation: webhook: "+name+" ")
	}
	joined, ok := err.(interface{ Unwrap() []error })
	require.True(t, ok)
	assert.Len(t, joined.Unwrap(), 11)
	_, typed := errors.AsType[*conversation.ArgumentError](err)
	assert.True(t, typed)
}

func TestAVerifyOptionThatIsNilIsRejected(t *testing.T) {
	t.Parallel()
	assert.Error(t, webhook.Verify(body, webhook.Sign(body, secret, nonce, signed), secret, nil))
}

func TestNothingThatPrintsShowsASecret(t *testing.T) {
	t.Parallel()
	receiver := newReceiver(t, webhook.WithSecret("hush-secret"))
	assert.Equal(t, "webhook.Receiver{secrets: 2, max body: 1048576, max concurrent: 256}", fmt.Sprint(receiver))
	for name, value := range map[string]any{
		"a receiver":         receiver,
		"a receiver inside":  struct{ inner *webhook.Receiver }{receiver},
		"an option":          webhook.WithSecret("hush-secret"),
		"options in a slice": []webhook.ReceiverOption{webhook.WithSecret("hush-secret")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var printed bytes.Buffer
			for _, format := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x"} {
				fmt.Fprintf(&printed, format, value)
			}
			encoded, _ := json.Marshal(value) // a function cannot be written as JSON, which is right too
			printed.Write(encoded)
			slog.New(slog.NewTextHandler(&printed, nil)).Info("", "value", value)
			slog.New(slog.NewJSONHandler(&printed, nil)).Info("", "value", value)
			for _, hidden := range []string{secret, "hush", fmt.Sprintf("%x", "hush"), fmt.Sprintf("%d", []byte("hush"))} {
				assert.NotContains(t, printed.String(), hidden)
			}
		})
	}
}
