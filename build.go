package conversation

import (
	"strings"
	"unicode"
)

// Text returns a plain text message.
func Text(text string) AppMessage {
	return AppMessage{TextMessage: &TextMessage{Text: text}}
}

// Media returns a message with the file that the channel fetches from url.
func Media(url string) AppMessage {
	return AppMessage{MediaMessage: &MediaMessage{URL: url}}
}

// Card returns a message with a title, a description and at most 10 buttons. [MediaCard] returns one with an image.
func Card(title, description string, choices ...Choice) AppMessage {
	return AppMessage{CardMessage: &CardMessage{Title: title, Description: description, Choices: choices}}
}

// MediaCard returns a card with the image or video that the channel fetches from mediaURL. For a carousel, use CardMessage
// of the result.
func MediaCard(title, description, mediaURL string, choices ...Choice) AppMessage {
	card := Card(title, description, choices...)
	card.CardMessage.MediaMessage = &MediaMessage{URL: mediaURL}
	return card
}

// Choices returns text with at most 10 buttons.
func Choices(text string, choices ...Choice) AppMessage {
	return AppMessage{ChoiceMessage: &ChoiceMessage{TextMessage: &TextMessage{Text: text}, Choices: choices}}
}

// Carousel returns a message with at most 10 cards to swipe through.
func Carousel(cards ...CardMessage) AppMessage {
	return AppMessage{CarouselMessage: &CarouselMessage{Cards: cards}}
}

// Location returns a message with a place on a map, in degrees; north and east are positive.
func Location(title string, latitude, longitude float64) AppMessage {
	return AppMessage{LocationMessage: place(title, latitude, longitude)}
}

// ListMenu returns a message with a menu: items in sections.
func ListMenu(title string, sections ...ListSection) AppMessage {
	return AppMessage{ListMessage: &ListMessage{Title: title, Sections: sections}}
}

// Template returns a message built from a stored omni-channel template. [DialectPlatform] requires a version, which may be
// "latest". The language selects the translation; the template's default is used if it is empty. The params replace the
// placeholders, by name.
func Template(id, version, language string, params map[string]string) AppMessage {
	return AppMessage{TemplateMessage: &TemplateMessage{
		OmniTemplate: &OmniTemplate{TemplateID: id, Version: version, LanguageCode: language, Parameters: params},
	}}
}

// Reply returns the message as an answer that quotes a message of the contact, whose id in the Conversation API is
// toMessageID: [InboundMessage].ID, never the id that WhatsApp has for it.
//
// Only WhatsApp shows the quote, for 96 hours after the quoted message. Later, on other channels, and if no such message is
// known, the platform sends the message without it, and reports no error.
func Reply(message AppMessage, toMessageID string) AppMessage {
	message.ReplyTo = &ReplyTo{MessageID: toMessageID}
	return message
}

// TextChoice returns a button or menu item that shows text. [MenuItem] returns an item with a description. The callback
// of the recipient's choice carries the postback, which may be empty.
func TextChoice(text, postback string) Choice {
	return Choice{TextMessage: &TextMessage{Text: text}, PostbackData: postback}
}

// MenuItem returns an item of a [ListMenu] with a description below its title. The callback of the recipient's choice
// carries the postback, which may be empty. It is not for buttons: use [TextChoice] there.
func MenuItem(title, description, postback string) Choice {
	return Choice{Item: &ChoiceItem{Title: title, Description: description, PostbackData: postback}}
}

// URLChoice returns a button that opens a web page.
func URLChoice(title, url string) Choice {
	return Choice{URLMessage: &URLMessage{Title: title, URL: url}}
}

// CallChoice returns a button that calls a phone number.
func CallChoice(title, phoneNumber string) Choice {
	return Choice{CallMessage: &CallMessage{Title: title, PhoneNumber: phoneNumber}}
}

// LocationChoice returns a button that shows a place on a map, in degrees; north and east are positive.
func LocationChoice(title string, latitude, longitude float64) Choice {
	return Choice{LocationMessage: place(title, latitude, longitude)}
}

// ShareLocationChoice returns a button that asks the recipient to share a location. Channels without such a button open
// the URL.
func ShareLocationChoice(title, fallbackURL string) Choice {
	return Choice{ShareLocationMessage: &ShareLocationMessage{Title: title, FallbackURL: fallbackURL}}
}

func place(title string, latitude, longitude float64) *LocationMessage {
	return &LocationMessage{Title: title, Coordinates: Coordinates{Latitude: latitude, Longitude: longitude}}
}

// ToContact returns the contact with the id as a recipient.
func ToContact(contactID string) Recipient {
	return Recipient{ContactID: contactID}
}

// ToChannel returns a recipient with one channel identity, such as a phone number.
func ToChannel(channel Channel, identity string) Recipient {
	return ToChannels(ChannelIdentity{Channel: channel, Identity: identity})
}

// ToChannels returns a recipient with several channel identities. SendMessageRequest.ChannelPriorityOrder selects the
// one to use; without it, the order of the app does.
func ToChannels(identities ...ChannelIdentity) Recipient {
	return Recipient{IdentifiedBy: &IdentifiedBy{ChannelIdentities: identities}}
}

// E164 returns the digits of a phone number in international format, without a plus sign: what the identity of a
// [ChannelIdentity] is on SMS, MMS, RCS, WhatsApp and Viber Business Messages. White space, dashes, dots and brackets are
// removed, and so is a leading plus sign or 00. Two spellings of one number become the same identity, and so one contact.
//
// E164 adds no country code. A number that begins with a single 0, such as 0555 123 456, is an [*ArgumentError], and so
// is anything that is not 7 to 15 digits then. Other national numbers pass: (555) 123-0000 becomes 5551230000, a number of
// the country code 55. Add the country code before. E164 cannot know whether the number exists. The error does not show it.
func E164(text string) (string, error) {
	number := strings.Map(func(char rune) rune {
		if unicode.IsSpace(char) || unicode.Is(unicode.Pd, char) || strings.ContainsRune(".()[]", char) {
			return -1
		}
		return char
	}, text)
	rest, international := strings.CutPrefix(number, "+")
	if !international {
		rest = strings.TrimPrefix(number, "00")
	}
	if problem := phoneNumberProblem(rest); problem != "" {
		return "", &ArgumentError{Operation: "E164", Field: "text", Reason: problem}
	}
	return rest, nil
}

// phoneNumberProblem describes what keeps digits from being a phone number with its country code. It does not show them.
func phoneNumberProblem(digits string) string {
	const fix = "write the country code, then the number"
	switch {
	case digits == "":
		return "holds no phone number: " + fix
	case strings.Trim(digits, "0123456789") != "":
		return "is not a phone number, which has digits only: " + fix
	case digits[0] == '0':
		return "begins with 0, so it has no country code: " + fix
	case len(digits) < 7 || len(digits) > 15:
		return "is not a phone number, which has 7 to 15 digits: " + fix
	}
	return ""
}
