package command

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/sinchgo/conversation"
)

const (
	contactFile = `{"language":"EN","channel_identities":[{"channel":"SMS","identity":"+12025550125"}]}`
	webhookFile = `{"target":"https://example.com/other","triggers":["MESSAGE_DELIVERY"],"secret":"another-secret"}`
	toContact   = `"recipient":{"contact_id":"CONTACT"}`
	batchFile   = `{"message":{"text_message":{"text":"Hi"}},"recipient_and_params":[
		{"recipient":{"identified_by":{"channel_identities":[{"channel":"SMS","identity":"+12025550123"}]}}}]}`
)

// verbs are all verbs of all resources. Upper-case words are replaced with the ids of what is stored.
var verbs = []struct {
	args, stdin string
	operation   string
	shows       string
}{
	{"apps list", "", "Apps.List", "APP"},
	{"apps get APP", "", "Apps.Get", `"id": "APP"`},
	{
		"apps create --file -", `{"display_name":"Second","channel_credentials":[{"channel":"SMS","static_bearer":{"claimed_identity":"plan","token":"t"}}]}`,
		"Apps.Create", `"display_name": "Second"`,
	},
	{"apps update APP --file -", `{"display_name":"Renamed"}`, "Apps.Update", `"display_name": "Renamed"`},
	{"apps delete APP --yes", "", "Apps.Delete", "deleted APP\n"},

	{"webhooks list", "", "Webhooks.List", "https://example.com/sinch  MESSAGE_INBOUND"},
	{"webhooks get WEBHOOK", "", "Webhooks.Get", `"id": "WEBHOOK"`},
	{"webhooks create --file -", webhookFile, "Webhooks.Create", `"target": "https://example.com/other"`},
	{"webhooks update WEBHOOK --file -", `{"triggers":["MESSAGE_DELIVERY"]}`, "Webhooks.Update", `"MESSAGE_DELIVERY"`},
	{"webhooks delete WEBHOOK --yes", "", "Webhooks.Delete", "deleted WEBHOOK\n"},

	{"contacts list", "", "Contacts.List", "SMS:+12025550123"},
	{"contacts get CONTACT", "", "Contacts.Get", `"id": "CONTACT"`},
	{"contacts create --file -", contactFile, "Contacts.Create", `"identity": "+12025550125"`},
	{"contacts update CONTACT --file -", `{"display_name":"Ada"}`, "Contacts.Update", `"display_name": "Ada"`},
	{"contacts merge CONTACT OTHER --yes", "", "Contacts.Merge", `"id": "CONTACT"`},
	{"contacts delete CONTACT --yes", "", "Contacts.Delete", "deleted CONTACT\n"},

	{"conversations list", "", "Conversations.List", "CONVERSATION"},
	{"conversations get CONVERSATION", "", "Conversations.Get", `"id": "CONVERSATION"`},
	{"conversations create --file -", `{"contact_id":"OTHER"}`, "Conversations.Create", `"contact_id": "OTHER"`},
	{"conversations update CONVERSATION --file -", `{"metadata":"vip"}`, "Conversations.Update", `"metadata": "vip"`},
	{"conversations stop CONVERSATION --yes", "", "Conversations.Stop", "stopped CONVERSATION\n"},
	{"conversations delete CONVERSATION --yes", "", "Conversations.Delete", "deleted CONVERSATION\n"},

	{"messages list --source SOURCE", "", "Messages.List", storedText},
	{"messages get MESSAGE --source SOURCE", "", "Messages.Get", `"id": "MESSAGE"`},
	{"messages create --file -", `{` + toContact + `,"message":{"text_message":{"text":"Hi"}}}`, "Messages.Send", `"message_id": "`},
	{"messages update MESSAGE --source SOURCE --file -", `{"metadata":"seen"}`, "Messages.Update", `"metadata": "seen"`},
	{"messages delete MESSAGE --source SOURCE --yes", "", "Messages.Delete", "deleted MESSAGE\n"},

	{"events list --contact CONTACT", "", "Events.List", "[composing_event]"},
	{"events get EVENT", "", "Events.Get", `"id": "EVENT"`},
	{"events create --file -", `{` + toContact + `,"event":{"composing_event":{}}}`, "Events.Send", `"event_id": "`},
	{"events delete EVENT --yes", "", "Events.Delete", "deleted EVENT\n"},

	{"templates list", "", "Templates.List", "TEMPLATE"},
	{"templates get TEMPLATE", "", "Templates.Get", `"id": "TEMPLATE"`},
	{
		"templates create --file -", `{"default_translation":"sv","translations":[{"language_code":"sv","text_message":{"text":"Hej"}}]}`,
		"Templates.Create", `"text": "Hej"`,
	},
	{
		"templates update TEMPLATE --file -",
		`{"version":1,"default_translation":"en","translations":[{"language_code":"en","text_message":{"text":"Hello"}}]}`,
		"Templates.Update", `"text": "Hello"`,
	},
	{"templates delete TEMPLATE --yes", "", "Templates.Delete", "deleted TEMPLATE\n"},

	{"consents create --file -", `{"consent_records":[{"identification":"+12025550126","consent_type":"OPT_OUT_ALL"}]}`, "Batches.InsertConsents", `{`},
	{"consents list --list opt_out_all", "", "Consents.Identities", "12025550126"},
	{"consents get +12025550126", "", "Consents.AuditRecords", `"operation"`},

	{"batches list --metadata campaign=spring", "", "Batches.FindByMetadata", "BATCH"},
	{"batches get BATCH", "", "Batches.Get", `"batch_id": "BATCH"`},
	{"batches create --file -", batchFile, "Batches.Send", `"batch_id": "`},
	{"batches delete BATCH --yes", "", "Batches.Cancel", "cancelled BATCH\n"},
	{"batches cancel BATCH --yes", "", "Batches.Cancel", "cancelled BATCH\n"},
}

// ids returns text with the ids of what is stored in place of upper-case words.
func (s stored) ids(text string, source conversation.MessageSource) string {
	return strings.NewReplacer(
		"APP", s.AppID(), "WEBHOOK", s.webhook, "CONTACT", s.contact, "OTHER", s.other, "CONVERSATION", s.conversation,
		"MESSAGE_DELIVERY", "MESSAGE_DELIVERY", "MESSAGE_INBOUND", "MESSAGE_INBOUND", "MESSAGE", s.message, "EVENT", s.event, "TEMPLATE", s.template, "BATCH", s.batch,
		"SOURCE", string(source),
	).Replace(text)
}

func TestEveryVerbOfEveryResource(t *testing.T) {
	t.Parallel()
	for mode, source := range map[conversation.ProcessingMode]conversation.MessageSource{
		conversation.ProcessingModeConversation: conversation.MessageSourceConversation,
		conversation.ProcessingModeDispatch:     conversation.MessageSourceDispatch,
	} {
		t.Run(string(mode), func(t *testing.T) {
			t.Parallel()
			consents := newStored(t, mode)
			for _, tt := range verbs {
				t.Run(tt.args, func(t *testing.T) {
					if mode == conversation.ProcessingModeDispatch && strings.HasPrefix(tt.args, "events ") && tt.operation != "Events.Send" {
						return // Events are not stored in DISPATCH mode.
					}
					s := consents
					if !strings.HasPrefix(tt.args, "consents") {
						s = newStored(t, mode)
					}

					got := s.run(t, s.ids(tt.stdin, source), strings.Fields(s.ids(tt.args+" --verbose", source))...)

					assert.Zero(t, got.code, got.stderr)
					assert.Contains(t, got.stdout, s.ids(tt.shows, source))
					assert.Positive(t, calls(s.Server, tt.operation))
					assert.Contains(t, got.stderr, tt.operation, "the log of --verbose")
				})
			}
		})
	}
}

func TestEachResourceHasItsVerbsInTheHelp(t *testing.T) {
	t.Parallel()
	want := map[string]string{}
	for _, tt := range verbs {
		words := strings.Fields(tt.args)
		if words[1] != "cancel" {
			want[words[0]] += "\n  " + words[1] + " "
		}
	}
	for resource, verbs := range want {
		got := ctl{}.run(t, resource)
		assert.Zero(t, got.code)
		for verb := range strings.Lines(strings.TrimPrefix(verbs, "\n")) {
			assert.Contains(t, got.stdout, "\n"+strings.TrimSuffix(verb, "\n"), resource)
		}
		for _, verb := range []string{"list", "get", "create", "update", "delete"} {
			assert.Equal(t, strings.Contains(verbs, "\n  "+verb+" "), strings.Contains(got.stdout, "\n  "+verb+" "), resource+" "+verb)
		}
	}
}

func TestWhatIsUnknownExitsWith1(t *testing.T) {
	t.Parallel()
	s := newStored(t, conversation.ProcessingModeConversation)
	for _, args := range []string{
		"apps get NONE", "webhooks get NONE", "contacts get NONE", "conversations get NONE", "messages get NONE", "events get NONE",
		"templates get NONE", "batches get NONE", "webhooks list --app NONE", "contacts delete NONE -y",
	} {
		got := s.run(t, "", strings.Fields(args)...)
		assert.Equal(t, exitFailed, got.code, args)
		assert.Empty(t, got.stdout, args)
		assert.Contains(t, got.stderr, "HTTP 404", args)
	}
}

func TestInvalidUsageOfResourcesExitsWith2(t *testing.T) {
	t.Parallel()
	s := newStored(t, conversation.ProcessingModeConversation)
	sent := len(s.Requests())
	for _, tt := range []struct{ args, stdin, want string }{
		{"contacts get", "", "requires ID"},
		{"contacts get .", "", "contact_id"},
		{"contacts delete", "", "one or more ids"},
		{"contacts delete " + s.contact + " . -y", "", `"." is not an id`},
		{"contacts merge " + s.contact + " " + s.contact + " -y", "", "source_id"},
		{"contacts list --limit -1", "", "--limit"},
		{"contacts create", "", "--file is missing"},
		{"contacts create --file missing.json", "", "--file"},
		{"contacts create --file -", `{"channel_identities":[]}`, "channel_identities"},
		{"contacts update ID --file -", `{}`, "Contacts.Update"},
		{"events list", "", "conversation_id"},
		{"messages list --source other", "", "CONVERSATION_SOURCE or DISPATCH_SOURCE"},
		{"messages list --since yesterday", "", "24h"},
		{"batches list", "", "--metadata"},
		{"batches list --metadata key", "", "--metadata"},
		{"batches create --file -", `{"message":{"text_message":{"text":"Hi"}}}`, "1 to 1,000"},
		{"webhooks create --app ONE --file -", `{"app_id":"TWO","target":"https://example.com","triggers":["OPT_IN"]}`, "--app differs"},
	} {
		got := s.run(t, tt.stdin, strings.Fields(tt.args)...)
		assert.Equal(t, exitUsage, got.code, "%s: %s", tt.args, got.stderr)
		assert.Empty(t, got.stdout, tt.args)
		assert.Contains(t, got.stderr, tt.want, tt.args)
	}
	got := ctlFor(s.Server).with("SINCH_APP_ID=").run(t, "webhooks", "list")
	assert.Equal(t, exitUsage, got.code)
	assert.Contains(t, got.stderr, "--app")
	assert.Len(t, s.Requests(), sent, "nothing was sent")
}
