package conversationtest_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/sinchgo/conversation/conversationtest"
)

// special returns a rule about a message that a single channel has.
func special(channel, kind, good, bad, field string) rule {
	body := func(message string) string {
		return `{"text_message": {"text": "hi"}, "channel_specific_message": {"` + channel + `": {"message_type": "` + kind + `", "message": ` + message + `}}}`
	}
	return saying(body(good), body(bad), ".channel_specific_message."+channel+".message"+field)
}

func TestARuleOfKakaoTalkIsKept(t *testing.T) {
	t.Parallel()
	offer := func(rest string) string { return `{"image": {"image_url": "https://x.test/a.png"}, ` + rest + `}` }
	button := func(name string) string {
		return `{"type": "BK", "name": "` + name + `"}`
	}
	buttons := `"buttons": [` + button("Buy") + `]`
	coupon := func(fields string) string {
		return offer(buttons + `, "coupon": {"type": "FREE_COUPON", ` + fields + `}`)
	}
	price := func(title string) string {
		return offer(buttons + `, "commerce": {"type": "REGULAR_PRICE_COMMERCE", "title": "` + title + `", "regular_price": 5}`)
	}
	x := func(count int) string { return strings.Repeat("x", count) }
	const link = `, "link_mo": "https://x.test"`
	commerce := func(good, bad, field string) rule { return special("KAKAOTALK", "COMMERCE", good, bad, field) }
	carousel := func(good, bad, field string) rule {
		return special("KAKAOTALK", "CAROUSEL_COMMERCE", `{"carousel": `+good+`}`, `{"carousel": `+bad+`}`, ".carousel"+field)
	}
	offers := func(count int, head string) string { return `{"list": ` + many(offer(buttons), count) + head + `}` }
	head := func(header, content string) string {
		return offers(2, `, "head": {"header": "`+header+`", "content": "`+content+`", "image_url": "https://x.test/a.png"}`)
	}
	checkRules(t, map[string]rule{
		"a button":               commerce(offer(buttons), offer(`"buttons": []`), ".buttons"),
		"two buttons":            commerce(offer(`"buttons": `+many(button("Buy"), 2)), offer(`"buttons": `+many(button("Buy"), 3)), ".buttons"),
		"the name of a button":   commerce(offer(`"buttons": [`+button(x(8))+`]`), offer(`"buttons": [`+button(x(9))+`]`), ".buttons[0].name"),
		"the title of a product": commerce(price(x(30)), price(x(31)), ".commerce.title"),
		"more content":           commerce(offer(buttons+`, "additional_content": "`+x(34)+`"`), offer(buttons+`, "additional_content": "`+x(35)+`"`), ".additional_content"),
		"the title of a coupon":  commerce(coupon(`"title": "`+x(7)+`"`+link), coupon(`"title": "`+x(8)+`"`+link), ".coupon.title"),
		"the text of a coupon":   commerce(coupon(`"title": "a", "description": "`+x(12)+`"`+link), coupon(`"title": "a", "description": "`+x(13)+`"`+link), ".coupon.description"),
		"a link of a coupon":     commerce(coupon(`"title": "a", "scheme_ios": "x"`), coupon(`"title": "a", "link_pc": "https://x.test"`), ".coupon"),
		"two offers":             carousel(offers(2, ``), offers(1, ``), ".list"),
		"ten offers":             carousel(offers(10, ``), offers(11, ``), ".list"),
		"the header of a head":   carousel(head(x(20), "a"), head(x(21), "a"), ".head.header"),
		"the content of a head":  carousel(head("a", x(50)), head("a", x(51)), ".head.content"),
		"a kind that is known":   special("KAKAOTALK", "COMMERCE", offer(buttons), `{}`, ".image"),
	})
}

func TestARuleOfLINEIsKept(t *testing.T) {
	t.Parallel()
	x := func(count int) string { return strings.Repeat("x", count) }
	item := func(content string) string { return `{"item_key": "k", "content": "` + content + `"}` }
	button := func(url string) string { return `{"button_key": "k", "url": "` + url + `"}` }
	line := func(good, bad, field string) rule {
		return special("LINE", "NOTIFICATION_MESSAGE_TEMPLATE",
			`{"template_key": "T", "body": {`+good+`}}`, `{"template_key": "T", "body": {`+bad+`}}`, ".body."+field)
	}
	checkRules(t, map[string]rule{
		"the emphasized item": line(`"emphasized_item": `+item(x(15)), `"emphasized_item": `+item(x(16)), "emphasized_item.content"),
		"an item":             line(`"items": [`+item(x(300))+`]`, `"items": [`+item(x(301))+`]`, "items[0].content"),
		"15 items":            line(`"items": `+many(item("a"), 15), `"items": `+many(item("a"), 16), "items"),
		"two buttons":         line(`"buttons": `+many(button("https://x.test"), 2), `"buttons": `+many(button("https://x.test"), 3), "buttons"),
		"the URL of a button": line(`"buttons": [`+button("https://x.test/"+x(985))+`]`, `"buttons": [`+button("https://x.test/"+x(986))+`]`, "buttons[0].url"),
	})
}

func TestARuleOfAnOrderIsKept(t *testing.T) {
	t.Parallel()
	order := func(ahead time.Duration) string {
		return `{"payment": {"type": "br", "reference_id": "7", "type_of_goods": "digital-goods", "total_amount_value": 5, "order": {
			"subtotal_value": 5, "tax_value": 0, "expiration_time": "` + strconv.FormatInt(time.Now().Add(ahead).Unix(), 10) + `",
			"items": [{"retailer_id": "1", "name": "Tea", "amount_value": 5, "quantity": 1}]}}}`
	}
	checkRules(t, map[string]rule{
		"the end of an order": special("WHATSAPP", "ORDER_DETAILS", order(24*time.Hour), order(4*time.Minute), ".payment.order.expiration_time"),
	})
}

func TestARuleOfOtherRequestsIsKept(t *testing.T) {
	t.Parallel()
	contact := func(fields string) string { return `{"channel_identities": [` + phoneIdentity + `]` + fields + `}` }
	app := func(credentials string) string {
		return `{"display_name": "Shop", "channel_credentials": [` + credentials + `]}`
	}
	const en, tea = `, "language": "EN"`, `{"language_code": "en", "text_message": {"text": "Tea"}}`
	const bearer, token = `{"channel": "SMS", "static_bearer": {"claimed_identity": "plan", "token": "t"}}`, `{"channel": "SMS", "static_token": {"token": "t"}}`
	transcode := func(channels string) string {
		return `{"app_id": "APP", "app_message": {"text_message": {"text": "hi"}}, "channels": ` + channels + `}`
	}
	event := func(event string) string {
		return `{"app_id": "APP", "recipient": {"identified_by": {"channel_identities": [` + phoneIdentity + `]}}, "event": ` + event + `}`
	}
	hook := func(fields string) string { return `{"app_id": "APP", "target": "https://x.test/"` + fields + `}` }
	const credentials = `, "client_credentials": {"client_id": "i", "client_secret": "s", "endpoint": "https://x.test"}`
	checkRules(t, map[string]rule{
		"the language of a contact":     {http.MethodPost, "contacts", contact(en), contact(``), "language"},
		"a language that is known":      {http.MethodPost, "contacts", contact(en), contact(`, "language": "en"`), "language"},
		"a language, not a name":        {http.MethodPost, "contacts", contact(`, "language": "PT_BR"`), contact(`, "language": "PORTUGUESE"`), "language"},
		"the language of an update":     {http.MethodPatch, "contacts/C", `{"language": "SV"}`, `{"language": "SWEDISH"}`, "language"},
		"an identity of a contact":      {http.MethodPost, "contacts", contact(en), `{"channel_identities": [], "language": "EN"}`, "channel_identities"},
		"the number of a contact":       {http.MethodPost, "contacts", contact(en), strings.Replace(contact(en), "15551230000", "0555 12", 1), "channel_identities[0].identity"},
		"the priority of a contact":     {http.MethodPost, "contacts", contact(en + `, "channel_priority": ["SMS"]`), contact(en + `, "channel_priority": ["FAX"]`), "channel_priority[0]"},
		"the credentials of an app":     {http.MethodPost, "apps", app(bearer), `{"display_name": "Shop"}`, "channel_credentials"},
		"the name of an app":            {http.MethodPost, "apps", app(bearer), `{"display_name": "", "channel_credentials": []}`, "display_name"},
		"credentials of the channel":    {http.MethodPost, "apps", app(bearer), app(token), "channel_credentials[0]"},
		"one credential":                {http.MethodPost, "apps", app(bearer), app(`{"channel": "SMS"}`), "channel_credentials[0]"},
		"the token of a credential":     {http.MethodPost, "apps", app(bearer), app(`{"channel": "SMS", "static_bearer": {"claimed_identity": "plan"}}`), "channel_credentials[0].static_bearer.token"},
		"the mode of an app":            {http.MethodPatch, "apps/NONE", `{"processing_mode": "DISPATCH"}`, `{"processing_mode": "BOTH"}`, "processing_mode"},
		"a trigger that is known":       {http.MethodPost, "webhooks", hook(`, "triggers": ["MESSAGE_INBOUND"]`), hook(`, "triggers": ["MESSAGE_SENT"]`), "triggers[0]"},
		"a target type that is known":   {http.MethodPost, "webhooks", hook(`, "target_type": "HTTP"`), hook(`, "target_type": "SMTP"`), "target_type"},
		"the target of a webhook":       {http.MethodPost, "webhooks", hook(``), `{"app_id": "APP", "target": "x.test"}`, "target"},
		"the credentials of a webhook":  {http.MethodPost, "webhooks", hook(credentials), hook(strings.Replace(credentials, `"client_id": "i", `, ``, 1)), "client_credentials.client_id"},
		"one event":                     {http.MethodPost, "events:send", event(`{"composing_event": {}}`), event(`{"composing_event": {}, "composing_end_event": {}}`), "event"},
		"an event that is known":        {http.MethodPost, "events:send", event(`{"composing_event": {}}`), event(`{"typing_event": {}}`), "event"},
		"a channel to transcode for":    {http.MethodPost, "messages:transcode", transcode(`["SMS"]`), transcode(`[]`), "channels"},
		"a list of an app or a contact": {http.MethodGet, "conversations", "?app_id=APP", "", "app_id"},
		"events of a conversation":      {http.MethodGet, "events", "?contact_id=C", "", "conversation_id"},
		"a page of contacts":            {http.MethodGet, "contacts", "?page_size=20", "?page_size=21", "page_size"},
		"the source of messages":        {http.MethodGet, "messages", "?messages_source=DISPATCH_SOURCE", "?messages_source=ALL", "messages_source"},
		"messages of a conversation":    {http.MethodGet, "messages", "?conversation_id=V", "?conversation_id=V&messages_source=DISPATCH_SOURCE", "conversation_id"},
		"messages of a contact":         {http.MethodGet, "messages", "?contact_id=C&messages_source=CONVERSATION_SOURCE", "?contact_id=C&messages_source=DISPATCH_SOURCE", "contact_id"},
		"last messages of one kind": {
			http.MethodPost, "messages:fetch-last-message", `{"messages_source": "CONVERSATION_SOURCE", "contact_ids": ["C"]}`,
			`{"messages_source": "CONVERSATION_SOURCE", "contact_ids": ["C"], "channel_identities": ["15551230000"]}`, "contact_ids",
		},
		"last messages of contacts": {
			http.MethodPost, "messages:fetch-last-message", `{"messages_source": "CONVERSATION_SOURCE", "contact_ids": ["C"]}`,
			`{"messages_source": "DISPATCH_SOURCE", "contact_ids": ["C"]}`, "contact_ids",
		},
		"one content of an injected message": {
			http.MethodPost, "conversations/V:inject-message", inject(`{"text_message": {"text": "hi"}}`),
			inject(`{"text_message": {"text": "hi"}, "fallback_message": {"raw_message": "x"}}`), "contact_message",
		},
	})
	w := newWire(t, conversationtest.Config{})
	w.templates(http.MethodPost, "", `{"default_translation": "en", "translations": [`+tea+`]}`).decode(new(any))
	for field, body := range map[string]string{
		"default_translation": `{"translations": [` + tea + `]}`,
		"translations":        `{"default_translation": "en"}`,
	} {
		w.templates(http.MethodPost, "", body).fails(http.StatusBadRequest, "INVALID_ARGUMENT", field+": ")
	}
}

// inject returns the body of an injected message of a contact.
func inject(message string) string {
	return `{"accept_time": "` + justNow() + `", "channel_identity": ` + phoneIdentity + `, "contact_id": "C", "direction": "TO_APP", "contact_message": ` + message + `}`
}
