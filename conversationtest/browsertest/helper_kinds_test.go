package browsertest

import "github.com/sinchgo/conversation"

// kind is a message, and what its phone shows of it.
type kind struct {
	name    string
	channel conversation.Channel
	message string   // JSON.
	shows   []string // Parts of what is to be read.
	has     string   // A selector of what is there besides; empty: nothing.
}

const (
	picture  = `{"url": "https://shop.example/tea.jpg"}`
	buttons  = `[{"text_message": {"text": "Yes"}, "postback_data": "yes"}, {"text_message": {"text": "No"}}]`
	variedly = `[
		{"text_message": {"text": "Yes"}, "postback_data": "yes"},
		{"url_message": {"title": "The shop", "url": "https://shop.example/?a=b&c=d"}},
		{"call_message": {"title": "Call us", "phone_number": "+15550001111"}},
		{"location_message": {"title": "Our place", "coordinates": {"latitude": 55.604, "longitude": 13.001}}}]`
	calendar = `{"calendar_message": {"title": "Add to calendar", "event_title": "Tasting", "event_start": "2030-05-01T10:00:00Z",
		"event_end": "2030-05-01T11:00:00Z", "fallback_url": "https://shop.example/calendar"}}`
	shareLocation = `{"share_location_message": {"title": "Where are you?", "fallback_url": "https://shop.example/where"}}`
	teas          = `{"list_message": {"title": "Teas", "description": "What we have", "message_properties": {"menu": "Choose a tea"}, "sections": [
		{"title": "Green", "items": [{"choice": {"title": "Sencha", "description": "From Japan", "postback_data": "sencha"}}, {"choice": {"title": "Gunpowder"}}]},
		{"title": "Black", "items": [{"choice": {"title": "Assam", "media": ` + picture + `}}]}]}}`
)

func kinds() []kind {
	return append(commonKinds(), channelKinds()...)
}

func commonKinds() []kind {
	return []kind{
		{"text with links", "SMS", text("See https://shop.example/a?b=c, or (https://shop.example/d)."), []string{"See https://shop.example/a?b=c, or"}, `a[href="https://shop.example/d"]`},
		{"text", "TELEGRAM", text("Hej! 5 > 4 & <så> 🚀\nsecond line"), []string{"5 > 4 & <så> 🚀\nsecond line"}, ""},
		{"an image", "WHATSAPP", `{"media_message": ` + picture + `}`, []string{"tea.jpg", "shop.example", "Load image"}, ""},
		{"a video", "RCS", `{"media_message": {"url": "https://shop.example/film.mp4"}}`, []string{"film.mp4", "Load video"}, ""},
		{"an audio", "MESSENGER", `{"media_message": {"url": "https://shop.example/song.mp3"}}`, []string{"song.mp3", "Load audio"}, ""},
		{"a file", "VIBERBM", `{"media_message": {"url": "https://shop.example/x", "filename_override": "Invoice.pdf"}}`, []string{"Invoice.pdf"}, ""},
		{"a card", "RCS", `{"card_message": {"title": "Tea", "description": "Green", "media_message": ` + picture + `, "choices": ` + buttons + `}}`, []string{"Tea", "Green", "tea.jpg", "Yes", "No"}, ""},
		{"a carousel", "RCS", `{"carousel_message": {"cards": [{"title": "Tea", "choices": ` + buttons + `}, {"title": "Coffee", "media_message": ` + picture + `}]}}`, []string{"Tea", "Coffee", "1 of 2"}, "[aria-roledescription=carousel]"},
		{"choices", "RCS", `{"choice_message": {"text_message": {"text": "Tea?"}, "choices": ` + variedly + `}}`, []string{"Tea?", "Yes", "The shop", "Call us", "Our place"}, `a[href="tel:+15550001111"]`},
		{"a calendar choice", "RCS", `{"choice_message": {"text_message": {"text": "Come"}, "choices": [` + calendar + `]}}`, []string{"Add to calendar", "Tasting"}, `a[href="https://shop.example/calendar"]`},
		{"a choice that shares a location", "RCS", `{"choice_message": {"text_message": {"text": "Meet"}, "choices": [` + shareLocation + `]}}`, []string{"Where are you?"}, ""},
		{"a list", "WHATSAPP", teas, []string{"Teas", "What we have", "Choose a tea"}, ""},
		{"a list on RCS", "RCS", teas, []string{"Teas", "What we have", "Choose a tea"}, ""},
		{"a list of products", "WHATSAPP", `{"list_message": {"title": "Shop", "sections": [{"title": "Green", "items": [{"product": {"id": "sencha-100", "marketplace": "FACEBOOK"}}]}], "message_properties": {"catalog_id": "teas"}}}`, []string{"Shop"}, ""},
		{"a location", "WHATSAPP", `{"location_message": {"title": "The shop", "label": "Malmö", "coordinates": {"latitude": -55.604, "longitude": 13.001}}}`, []string{"The shop", "Malmö", "55.60400° S, 13.00100° E"}, `a[href^="https://www.openstreetmap.org/"]`},
		{"a contact", "WHATSAPP", `{"contact_info_message": {"name": {"full_name": "Åsa Svensson", "first_name": "Åsa"}, "phone_numbers": [{"phone_number": "+15550001111", "type": "WORK"}], "email_addresses": [{"email_address": "asa@shop.example", "type": "HOME"}], "urls": [{"url": "https://shop.example/asa"}]}}`, []string{"Åsa Svensson", "15550001111", "asa@shop.example"}, `a[href="https://shop.example/asa"]`},
	}
}

func channelKinds() []kind {
	return []kind{
		{"choices on SMS", "SMS", `{"choice_message": {"text_message": {"text": "Tea?"}, "choices": ` + buttons + `}}`, []string{"Tea?", "Yes", "No"}, ""},
		{"a template of WhatsApp", "WHATSAPP", `{"template_message": {"channel_template": {"WHATSAPP": {"template_id": "parcel", "language_code": "sv", "parameters": {"name": "Åsa"}}}}}`, []string{"parcel", "sv", "Åsa"}, ""},
		{"a flow", "WHATSAPP", `{"text_message": {"text": "Fill in"}, "channel_specific_message": {"WHATSAPP": {"message_type": "FLOWS", "message": {"body": {"text": "Your order"}, "flow_id": "f1", "flow_token": "t", "flow_mode": "draft", "flow_cta": "Order now", "flow_action": "navigate", "flow_action_payload": {"screen": "START"}}}}}`, []string{"WhatsApp flow", "Your order", "Order now", "START"}, ""},
		{"an order", "WHATSAPP", `{"text_message": {"text": "Pay"}, "channel_specific_message": {"WHATSAPP": {"message_type": "ORDER_DETAILS", "message": {"body": {"text": "Your tea"}, "payment": {"type": "br", "reference_id": "R-17", "type_of_goods": "physical-goods", "payment_settings": {"dynamic_pix": {"code": "c", "merchant_name": "Shop", "key": "k", "key_type": "CPF"}}, "total_amount_value": 4950, "order": {"subtotal_value": 4900, "tax_value": 50, "items": [{"retailer_id": "r", "name": "Sencha", "amount_value": 4900, "quantity": 1}]}}}}}}`, []string{"WhatsApp order", "Your tea", "Sencha", "R-17", "49.50"}, ""},
		{"the status of an order", "WHATSAPP", `{"text_message": {"text": "Paid"}, "channel_specific_message": {"WHATSAPP": {"message_type": "ORDER_STATUS", "message": {"body": {"text": "On its way"}, "payment": {"reference_id": "R-18", "order": {"status": "shipped"}}}}}}`, []string{"WhatsApp order status", "On its way", "shipped", "R-18"}, ""},
		{"what only KakaoTalk has", "KAKAOTALK", `{"text_message": {"text": "Buy"}, "channel_specific_message": {"KAKAOTALK": {"message_type": "COMMERCE", "message": {"image": {"image_url": "https://shop.example/k.jpg"}, "commerce": {"type": "REGULAR_PRICE_COMMERCE", "title": "Green tea", "regular_price": 9900}, "buttons": [{"type": "WL", "name": "Buy now", "link_mo": "https://shop.example/mo"}]}}}}`, []string{"Green tea", "9,900", "Buy now"}, ""},
		{"a message in the format of the channel", "TELEGRAM", `{"text_message": {"text": "t"}, "explicit_channel_message": {"TELEGRAM": "{\"method\": \"sendDice\"}"}}`, []string{"sendDice"}, ""},
		{"another message for the channel", "WHATSAPP", `{"text_message": {"text": "elsewhere"}, "explicit_channel_omni_message": {"WHATSAPP": {"choice_message": {"text_message": {"text": "On WhatsApp"}, "choices": ` + buttons + `}}}}`, []string{"On WhatsApp", "Yes"}, ""},
		{"an agent", "RCS", `{"text_message": {"text": "This is Kim"}, "agent": {"display_name": "Kim", "type": "HUMAN", "picture_url": "https://shop.example/kim.jpg"}}`, []string{"Kim", "This is Kim"}, ""},
	}
}
