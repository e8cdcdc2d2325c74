package command

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationctl/doctor"
	"github.com/sinchgo/conversation/webhook"
)

const hookSecret = "Shop-webhook-secret-0123456789"

// newShop starts Sinch with an app that sends SMS, and a webhook whose target verifies callbacks.
func newShop(t *testing.T, triggers ...conversation.WebhookTrigger) *sinch {
	t.Helper()
	receiver, err := webhook.NewReceiver(webhook.WithSecret(hookSecret), webhook.WithLogger(slog.New(slog.DiscardHandler)))
	require.NoError(t, err)
	return newShopWith(t, receiver, triggers...)
}

func newShopWith(t *testing.T, hooks http.Handler, triggers ...conversation.WebhookTrigger) *sinch {
	t.Helper()
	s := newSinch(t, hooks)
	_, err := s.client(t).Apps.Update(t.Context(), s.eu.AppID(), &conversation.UpdateAppRequest{
		ProcessingMode: new(conversation.ProcessingModeConversation),
		ChannelCredentials: []conversation.ChannelCredential{
			{Channel: conversation.ChannelSMS, StaticBearer: &conversation.StaticBearer{ClaimedIdentity: "plan", Token: "channel-token"}},
		},
	})
	require.NoError(t, err)
	s.eu.AddWebhook("https://"+hooksHost+"/sinch", hookSecret, triggers...)
	return s
}

var usualTriggers = []conversation.WebhookTrigger{conversation.TriggerMessageInbound, conversation.TriggerMessageDelivery}

func TestDoctorNamesTheCauseFirst(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		triggers []conversation.WebhookTrigger
		env      func(s *sinch) []string
		app      func(s *sinch) string
		want     string // the first line
	}{
		"a wrong region": {
			env:  func(*sinch) []string { return []string{"SINCH_CONVERSATION_REGION=us"} },
			want: `^failure: region: .*\beu\b`,
		},
		"a swapped id and secret": {
			env: func(s *sinch) []string {
				return []string{"SINCH_KEY_ID=" + s.eu.KeySecret(), "SINCH_KEY_SECRET=" + s.eu.KeyID()}
			},
			want: `^failure: .*swapped`,
		},
		"a wrong secret": {
			env:  func(*sinch) []string { return []string{"SINCH_KEY_SECRET=" + strings.Repeat("x", 26)} },
			want: `^failure: .*(secret|key)`,
		},
		"a webhook without MESSAGE_DELIVERY": {
			triggers: usualTriggers[:1],
			want:     `^failure: webhook.*MESSAGE_DELIVERY`,
		},
		"a line break in a variable": {
			env: func(s *sinch) []string {
				return []string{"SINCH_KEY_SECRET=" + s.eu.KeySecret()[:8] + "\n" + s.eu.KeySecret()[8:]}
			},
			want: `^failure: settings: SINCH_KEY_SECRET contains a control character \(U\+000A, a line break\)`,
		},
		"a missing variable": {
			env:  func(*sinch) []string { return []string{"SINCH_CONVERSATION_REGION="} },
			want: `^failure: .*SINCH_CONVERSATION_REGION is not set`,
		},
		"the project in place of the app": {
			app:  (*sinch).projectID,
			want: `^failure: .*project`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if tt.triggers == nil {
				tt.triggers = usualTriggers
			}
			shop := newShop(t, tt.triggers...)
			user, app := shop.ctl(), shop.eu.AppID()
			if tt.env != nil {
				user = user.with(tt.env(shop)...)
			}
			if tt.app != nil {
				app = tt.app(shop)
			}
			got := user.run(t, "doctor", "--app", app, "--verbose")
			assert.Equal(t, 2, got.code)
			assert.Regexp(t, tt.want, got.stdout)
			assert.Equal(t, 1, strings.Count("\n"+got.stdout, "\nfailure: "), "the cause is the only failure:\n%s", got.stdout)
			shop.assertNothingSecret(t, got)
		})
	}
}

func (s *sinch) projectID() string { return s.eu.ProjectID() }

func (s *sinch) assertNothingSecret(t *testing.T, got result) {
	t.Helper()
	for _, secret := range []string{s.eu.KeySecret(), hookSecret, "channel-token", "Bearer ", "Basic "} {
		assert.NotContains(t, got.stdout+got.stderr, secret)
	}
}

func TestAllIsWell(t *testing.T) {
	t.Parallel()
	shop := newShop(t, usualTriggers...)
	user := shop.ctl().with("SHOP_SECRET=" + hookSecret)
	got := user.run(t, "doctor", "--app", shop.eu.AppID(), "--channel", "sms", "--secret-env", "SHOP_SECRET",
		"--callback-url", "https://"+hooksHost+"/sinch")
	assert.Zero(t, got.code, got.stdout)
	for line := range strings.Lines(got.stdout) {
		assert.Regexp(t, "^ok: [a-z.]+: .", line)
	}
	assert.Regexp(t, `^0 failures, 0 warnings, \d+ ok\.\n$`, got.stderr)
	assert.Contains(t, got.stdout, "\nok: callback: ")
	assert.Contains(t, shop.hostsAsked(), hooksHost)
	shop.assertNothingSecret(t, got)
}

func TestWhiteSpaceAroundAVariableIsAWarning(t *testing.T) {
	t.Parallel()
	shop := newShop(t, usualTriggers...)
	got := shop.ctl().with("SINCH_KEY_SECRET="+shop.eu.KeySecret()+" \n").run(t, "doctor")
	assert.Equal(t, 1, got.code, got.stdout)
	assert.Regexp(t, `^warning: settings: SINCH_KEY_SECRET has white space around it.*: remove it\nok: `, got.stdout)
	shop.assertNothingSecret(t, got)
}

func TestTheAppIsFoundWithoutItsID(t *testing.T) {
	t.Parallel()
	shop := newShop(t, usualTriggers...)
	got := shop.ctl().run(t, "doctor")
	assert.Zero(t, got.code, got.stdout)
	assert.Contains(t, got.stdout, shop.eu.AppID())
}

func TestDoctorFollowsItsFlags(t *testing.T) {
	t.Parallel()
	shop := newShop(t, conversation.TriggerMessageInbound)
	for name, tt := range map[string]struct {
		args []string
		code int
		want string
	}{
		"a trigger that is there":         {[]string{"--trigger", "message_inbound"}, 0, "MESSAGE_INBOUND"},
		"a trigger that is missing":       {[]string{"--trigger", "MESSAGE_INBOUND,OPT_IN"}, 2, "(?m)^failure: .*OPT_IN"},
		"no trigger":                      {[]string{"--trigger", "none"}, 0, ""},
		"a channel that is missing":       {[]string{"--trigger", "none", "--channel", "WHATSAPP"}, 2, "(?m)^failure: .*WHATSAPP"},
		"another secret than the webhook": {[]string{"--trigger", "none", "--secret-env", "OTHER_SECRET"}, 2, "(?m)^failure: .*secret"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := shop.ctl().with("OTHER_SECRET=another-secret").run(t, append([]string{"doctor", "--app", shop.eu.AppID()}, tt.args...)...)
			assert.Equal(t, tt.code, got.code, got.stdout)
			assert.Regexp(t, tt.want, got.stdout)
			shop.assertNothingSecret(t, got)
		})
	}
}

func TestSkippedTargetsAreNotRequested(t *testing.T) {
	t.Parallel()
	shop := newShop(t, usualTriggers...)
	got := shop.ctl().run(t, "doctor", "--app", shop.eu.AppID(), "--skip-targets", "--json")
	require.Zero(t, got.code, got.stdout)
	assert.NotContains(t, shop.hostsAsked(), hooksHost)
	for line := range strings.Lines(got.stdout) {
		var finding doctor.Finding
		require.NoError(t, json.Unmarshal([]byte(line), &finding))
		assert.Equal(t, doctor.LevelOK, finding.Level)
		assert.NotEmpty(t, finding.Check)
		assert.NotEmpty(t, finding.Message)
	}
}

func TestDoctorEndsAtItsTimeout(t *testing.T) {
	t.Parallel()
	shop := newShop(t, usualTriggers...)
	got := shop.ctl().run(t, "doctor", "--timeout", "1ns")
	assert.Equal(t, 2, got.code)
	assert.Contains(t, got.stderr, "conversationctl: the checks took longer than 1ns: pass a longer --timeout")
}

func TestAPersonIsToldWhatDoctorWaitsFor(t *testing.T) {
	t.Parallel()
	silent := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	shop := newShopWith(t, silent, usualTriggers...)
	waiting := shop.ctl().terminal(t, "doctor")
	waiting.expect(t, "Waiting for answers, at most 2m0s.")
	_, err := waiting.pty.WriteString("\x03")
	require.NoError(t, err)
	screen, code := waiting.end(t)
	assert.Equal(t, 2, code)
	assert.Contains(t, screen, "interrupted before all checks were made")
}

func TestDoctorAsksForTheSecretOfTheKey(t *testing.T) {
	t.Parallel()
	shop := newShop(t, usualTriggers...)
	asked := shop.ctl().with("SINCH_KEY_SECRET=").terminal(t, "doctor")
	asked.expect(t, "Secret of the access key: ")
	asked.enter(t, shop.eu.KeySecret())
	screen, code := asked.end(t)
	assert.Zero(t, code, screen)
	assert.Contains(t, screen, "\x1b[32mok\x1b[0m: region: the app is in eu")
	shop.assertNothingSecret(t, result{stdout: screen})
}
