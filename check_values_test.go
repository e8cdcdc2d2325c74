package conversation_test

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

// rejection is a call that is rejected for a field.
type rejection struct {
	operation, field string
	call             func(ctx context.Context, c *conversation.Client) error
}

func TestURLsAreAbsoluteHTTP(t *testing.T) {
	t.Parallel()
	for url, shown := range map[string]string{
		"menu.pdf":                            `"menu.pdf"`,
		"/home/ada/menu.pdf":                  `"/home/ada/menu.pdf"`,
		`C:\menu.pdf`:                         `"C:\\menu.pdf"`,
		"file:///menu.pdf":                    `"file:///menu.pdf"`,
		"www.example.com/menu.pdf":            `"www.example.com/menu.pdf"`,
		"//example.com/menu.pdf":              `"//example.com/menu.pdf"`,
		"https:///menu.pdf":                   `"https:///menu.pdf"`,
		"https://:443/":                       `"https://:443/"`,
		"ftp://user:hush@example.com/a?t=key": `"***@example.com/a"`,
		"https://example.com/a.png\n":         `"https://example.com/a.png\n"`,
		"\x20https://example.com":             `" https://example.com"`,
		"data:image/png;base64,iVBORw0KGgo=":  `"data:image/png;base64,iVBORw0KGgo="`,
		"tel:+46700000001":                    `"tel:+*******"`,
	} {
		requireMessageRefused(t, conversation.Media(url), "message.media_message.url", "is "+shown+": use an absolute http or https URL")
	}
	requireMessageRefused(t, conversation.Media("x"+strings.Repeat("/long", 100)), "message.media_message.url", `/lon..."`)

	for _, url := range []string{"https://example.com", "http://example.com:8080/a b?c#d", "HTTPS://EXAMPLE.COM/", "https://user@[::1]/", "https://exämple.com/ü"} {
		client, _ := newTestClient(t, answerWith(200, anyReply))
		req := textMessage()
		req.Message = conversation.Media(url)
		require.NoError(t, fails(client.Messages.Send(t.Context(), req)), url)
	}
}

func TestEveryURLOfARequestIsChecked(t *testing.T) {
	t.Parallel()
	const local = "a.png"
	media := &conversation.MediaMessage{URL: "https://x.test/a.png", ThumbnailURL: local}
	specific := func(message conversation.ChannelSpecificMessage) conversation.AppMessage {
		made := conversation.Text("hi")
		made.ChannelSpecificMessage = map[conversation.Channel]conversation.ChannelSpecificMessage{"X": message}
		return made
	}
	item := conversation.MenuItem("T", "", "")
	item.Item.Media = media
	for field, message := range map[string]conversation.AppMessage{
		"media_message.thumbnail_url":                                   {MediaMessage: media},
		"card_message.media_message.url":                                conversation.MediaCard("T", "", local),
		"carousel_message.cards[0].media_message.url":                   conversation.Carousel(*conversation.MediaCard("T", "", local).CardMessage),
		"list_message.media.thumbnail_url":                              {ListMessage: &conversation.ListMessage{Title: "T", Media: media}},
		"list_message.sections[0].items[0].choice.media.thumbnail_url":  conversation.ListMenu("T", conversation.ListSection{Items: []conversation.Choice{item}}),
		"choice_message.choices[0].url_message.url":                     conversation.Choices("T", conversation.URLChoice("T", local)),
		"choice_message.choices[0].share_location_message.fallback_url": conversation.Choices("T", conversation.ShareLocationChoice("T", local)),
		"agent.picture_url":                                             {TextMessage: &conversation.TextMessage{Text: "hi"}, Agent: &conversation.Agent{DisplayName: "Ada", PictureURL: local}},
		"contact_info_message.urls[0].url": {ContactInfoMessage: &conversation.ContactInfoMessage{
			Name: conversation.NameInfo{FullName: "Ada"}, PhoneNumbers: []conversation.PhoneNumberInfo{}, URLs: []conversation.URLInfo{{URL: local}},
		}},
		"channel_specific_message.X.message.header.image.link": specific(conversation.ChannelSpecificMessage{Flows: &conversation.WhatsAppFlowMessage{
			Message: conversation.WhatsAppFlow{Header: &conversation.WhatsAppInteractiveHeader{
				Image: &conversation.WhatsAppInteractiveImageHeader{Image: conversation.WhatsAppInteractiveHeaderMedia{Link: local}},
			}},
		}}),
		"channel_specific_message.X.message.buttons[0].link_mo": specific(conversation.ChannelSpecificMessage{Commerce: &conversation.KakaoTalkCommerceMessage{
			Message: conversation.KakaoTalkCommerce{Buttons: []conversation.KakaoTalkButton{{WebLink: &conversation.KakaoTalkWebLinkButton{Name: "N", LinkMo: local}}}},
		}}),
	} {
		requireMessageRefused(t, message, "message."+field, `is "a.png"`)
	}

	hook := func(credentials *conversation.ClientCredentials) *conversation.CreateWebhookRequest {
		return &conversation.CreateWebhookRequest{Target: "https://x.test", Triggers: []conversation.WebhookTrigger{"T"}, ClientCredentials: credentials}
	}
	for _, tt := range []rejection{
		{"Messages.Send", "callback_url", func(ctx context.Context, c *conversation.Client) error {
			req := textMessage()
			req.CallbackURL = local
			return fails(c.Messages.Send(ctx, req))
		}},
		{"Events.Send", "callback_url", func(ctx context.Context, c *conversation.Client) error {
			return fails(c.Events.Send(ctx, &conversation.SendEventRequest{
				AppID: "A", Recipient: conversation.ToContact("C"), CallbackURL: local, Event: conversation.AppEvent{ComposingEvent: &conversation.ComposingEvent{}},
			}))
		}},
		{"Webhooks.Create", "target", func(ctx context.Context, c *conversation.Client) error {
			req := hook(nil)
			req.Target = local
			return fails(c.Webhooks.Create(ctx, "A", req))
		}},
		{"Webhooks.Create", "client_credentials.endpoint", func(ctx context.Context, c *conversation.Client) error {
			return fails(c.Webhooks.Create(ctx, "A", hook(&conversation.ClientCredentials{Endpoint: local})))
		}},
		{"Webhooks.Update", "target", func(ctx context.Context, c *conversation.Client) error {
			return fails(c.Webhooks.Update(ctx, "W", &conversation.UpdateWebhookRequest{Target: new(local)}))
		}},
	} {
		client, server := newTestClient(t, answerWith(200, anyReply))
		requireRefused(t, tt.call(t.Context(), client), tt.operation, tt.field)
		assert.Empty(t, server.requests())
	}
}

func TestAPlaceholderOfATemplateMayBeAURL(t *testing.T) {
	t.Parallel()
	create := func(url string) error {
		client, _ := newTestClient(t, answerWith(200, anyReply))
		return fails(client.Templates.Create(t.Context(), &conversation.V2Template{Translations: []conversation.V2TemplateTranslation{
			{LanguageCode: "en", MediaMessage: &conversation.MediaMessage{URL: url}},
		}}))
	}
	require.NoError(t, create("${image}"))
	require.NoError(t, create("https://x.test/${image}"))
	requireRefused(t, create("image"), "Templates.Create", "translations[0].media_message.url")
	requireMessageRefused(t, conversation.Media("${image}"), "message.media_message.url", "http")
}

func TestATargetThatIsNotHTTPMayBeAnotherAddress(t *testing.T) {
	t.Parallel()
	client, _ := newTestClient(t, answerWith(200, anyReply))
	require.NoError(t, fails(client.Webhooks.Create(t.Context(), "A", &conversation.CreateWebhookRequest{
		Target: "hooks.example.com:443", TargetType: "GRPC", Triggers: []conversation.WebhookTrigger{"T"},
	})))
}

func TestThePlatformTakesPhoneNumbersOnChannelsThatHaveThem(t *testing.T) {
	t.Parallel()
	platform := conversation.WithDialect(conversation.DialectPlatform)
	send := func(channel conversation.Channel, identity string, opts ...conversation.Option) error {
		client, _ := newTestClient(t, answerWith(200, anyReply), opts...)
		req := textMessage()
		req.Recipient = conversation.ToChannel(channel, identity)
		return fails(client.Messages.Send(t.Context(), req))
	}
	const field = "recipient.identified_by.channel_identities[0].identity"
	phones := []conversation.Channel{"SMS", "MMS", "RCS", "WHATSAPP", "VIBERBM"}
	for identity, shape := range map[string]string{
		"+1 555 123 0000":                 "+* *** *** ****",
		"+1-555-123-0000":                 "+*-***-***-****",
		"0555123456":                      "**********",
		"0015551230000":                   "*************",
		"Ada":                             "***",
		"++15551230000":                   "++***********",
		"123456":                          "******",
		"1234567890123456":                "****************",
		"1555123000\u0660":                "***********",
		strings.Repeat("1", 40) + "tail!": strings.Repeat("*", 30) + "...",
	} {
		for _, channel := range phones {
			err := send(channel, identity, platform)
			requireRefused(t, err, "Messages.Send", field)
			require.ErrorContains(t, err, `("`+shape+`")`)
			require.ErrorContains(t, err, "conversation.E164")
			require.ErrorContains(t, err, "WithoutLimitChecks")
			hides(t, err.Error(), identity)
			require.NoError(t, send(channel, identity, platform, conversation.WithoutLimitChecks()))
			require.NoError(t, send(channel, identity, conversation.WithDialect(conversation.DialectOpenAPI)))
		}
		for _, channel := range []conversation.Channel{"VIBER", "MESSENGER", "TELEGRAM", "LINE", "PIGEON"} {
			require.NoError(t, send(channel, identity, platform), "the ids of this channel are opaque")
		}
	}
	for _, identity := range []string{"15551230000", "+15551230000", "1234567", "+123456789012345"} {
		for _, channel := range phones {
			require.NoError(t, send(channel, identity, platform))
		}
	}
}

func TestPhoneNumbersAreCheckedWhereverIdentitiesAreSent(t *testing.T) {
	t.Parallel()
	type client = *conversation.Client
	bad := []conversation.ChannelIdentity{{Channel: "MESSENGER", Identity: "Ada"}, {Channel: "RCS", Identity: "0555 1234567"}}
	to := conversation.ToChannels(bad...)
	const listed, inRecipient = "channel_identities[1].identity", "recipient.identified_by.channel_identities[1].identity"
	for _, tt := range []rejection{
		{"Events.Send", inRecipient, func(ctx context.Context, c client) error {
			return fails(c.Events.Send(ctx, &conversation.SendEventRequest{AppID: "A", Recipient: to, Event: conversation.AppEvent{ComposingEvent: &conversation.ComposingEvent{}}}))
		}},
		{"Capability.Query", inRecipient, func(ctx context.Context, c client) error {
			return fails(c.Capability.Query(ctx, &conversation.CapabilityQueryRequest{AppID: "A", Recipient: to}))
		}},
		{"Contacts.ChannelProfile", inRecipient, func(ctx context.Context, c client) error {
			return fails(c.Contacts.ChannelProfile(ctx, &conversation.GetChannelProfileRequest{AppID: "A", Channel: "VIBER", Recipient: to}))
		}},
		{"Contacts.Create", listed, func(ctx context.Context, c client) error {
			return fails(c.Contacts.Create(ctx, &conversation.CreateContactRequest{ChannelIdentities: bad}))
		}},
		{"Contacts.Update", listed, func(ctx context.Context, c client) error {
			return fails(c.Contacts.Update(ctx, "C", &conversation.UpdateContactRequest{ChannelIdentities: bad}))
		}},
		{"Conversations.InjectMessage", "channel_identity.identity", func(ctx context.Context, c client) error {
			req := injectedMessage()
			req.ChannelIdentity = bad[1]
			return c.Conversations.InjectMessage(ctx, "V", req)
		}},
		{"Messages.LastMessages", "channel_identities[1]", func(ctx context.Context, c client) error {
			return fails(c.Messages.LastMessages(ctx, &conversation.LastMessagesRequest{Channel: "SMS", ChannelIdentities: []string{"46700000001", "+46 70"}}))
		}},
	} {
		client, server := newTestClient(t, answerWith(200, anyReply), conversation.WithDialect(conversation.DialectPlatform))
		err := tt.call(t.Context(), client)
		requireRefused(t, err, tt.operation, tt.field)
		hides(t, err.Error(), "0555", "46 70")
		assert.Empty(t, server.requests())
	}
}
