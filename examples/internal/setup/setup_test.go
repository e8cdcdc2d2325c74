package setup

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/sinchgo/conversation"
)

// start runs a program that has every kind of flag and does nothing else.
func start(t *testing.T, args ...string) (code int, stderr string, to conversation.Recipient) {
	t.Helper()
	var out, errs strings.Builder
	code = Run(t.Context(), "example", args, &out, &errs, func(_ context.Context, p *Program) error {
		recipient := p.Recipient("SMS:15551230000")
		p.Text("name", "Ana", "a name")
		p.Identity("other", "RCS:15551230001", "another identity")
		_, _, err := p.ConnectApp()
		to = *recipient
		return err
	})
	return code, errs.String(), to
}

func TestHelpSucceeds(t *testing.T) {
	t.Parallel()
	code, stderr, _ := start(t, "-h")
	assert.Zero(t, code)
	assert.Contains(t, stderr, "-live")
}

func TestAWrongStartIsExitCode2(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		args []string
		want string
	}{
		"unknown flag":      {[]string{"-unknown"}, "-unknown"},
		"argument":          {[]string{"live"}, "accepts flags only"},
		"no channel":        {[]string{"-to", "447700900123"}, "-to is not a channel:identity"},
		"empty channel":     {[]string{"-other", ":447700900123"}, "-other is not a channel:identity"},
		"two kinds of whom": {[]string{"-to", "SMS:447700900123", "-contact", "C1"}, "keep one"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			code, stderr, _ := start(t, test.args...)
			assert.Equal(t, 2, code)
			assert.Contains(t, stderr, test.want)
			assert.NotContains(t, stderr, "447700900123")
		})
	}
}

func TestARecipientIsAContactOrIdentities(t *testing.T) {
	t.Parallel()
	sms := conversation.ChannelIdentity{Channel: conversation.ChannelSMS, Identity: "15551230000"}
	rcs := conversation.ChannelIdentity{Channel: conversation.ChannelRCS, Identity: "urn:x"}

	_, _, to := start(t)
	assert.Equal(t, conversation.ToChannels(sms), to)
	_, _, to = start(t, "-to", "rcs:urn:x", "-to", "SMS:15551230000")
	assert.Equal(t, conversation.ToChannels(rcs, sms), to)
	_, _, to = start(t, "-contact", "C1")
	assert.Equal(t, conversation.ToContact("C1"), to)
}

func TestOnlyAPossibleCreationIsWarnedAbout(t *testing.T) {
	t.Parallel()
	assert.True(t, maybeCreated(&conversation.TransportError{Operation: "Contacts.Create"}))
	assert.False(t, maybeCreated(&conversation.TransportError{Operation: "Contacts.Get"}))
	assert.False(t, maybeCreated(&conversation.Error{Operation: "Contacts.Create", StatusCode: 400}))
	assert.False(t, maybeCreated(context.Canceled))
}

func TestIdentitiesAreMaskedWhenTheyAreReal(t *testing.T) {
	t.Parallel()
	sms := &conversation.ChannelIdentity{Channel: conversation.ChannelSMS, Identity: "+15551230000"}
	assert.Equal(t, "SMS:+15551230000", (&Program{}).Address(sms))
	assert.Equal(t, "SMS:+155***00", (&Program{Live: true}).Address(sms))
	assert.Equal(t, "-", (&Program{Live: true}).Address(nil))
	assert.Equal(t, "contact C1", (&Program{Live: true}).Person(&conversation.Recipient{ContactID: "C1"}))
}

func TestAShortIdentityIsMaskedWhole(t *testing.T) {
	t.Parallel()
	assert.Equal(t, "+155***00", mask("+15551230000"))
	assert.Equal(t, "***", mask("123456789"))
	assert.Equal(t, "***", mask(""))
}
