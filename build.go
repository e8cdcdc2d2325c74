package conversation

// Text makes a plain text message.
func Text(text string) AppMessage {
	return AppMessage{TextMessage: &TextMessage{Text: text}}
}

// Media makes a message of a file that the channel fetches from url.
func Media(url string) AppMessage {
	return AppMessage{MediaMessage: &MediaMessage{URL: url}}
}

// Card makes a message with a title, a description and buttons, at most 10. For an image on it, set
// CardMessage.MediaMessage of the result.
func Card(title, description string, choices ...Choice) AppMessage {
	return AppMessage{CardMessage: &CardMessage{Title: title, Description: description, Choices: choices}}
}

// Choices makes a text with buttons, at most 10.
func Choices(text string, choices ...Choice) AppMessage {
	return AppMessage{ChoiceMessage: &ChoiceMessage{TextMessage: &TextMessage{Text: text}, Choices: choices}}
}

// Carousel makes a row of cards to swipe through, at most 10.
func Carousel(cards ...CardMessage) AppMessage {
	return AppMessage{CarouselMessage: &CarouselMessage{Cards: cards}}
}

// Location makes a message with a place to show on a map, in degrees, north and east above zero.
func Location(title string, latitude, longitude float64) AppMessage {
	return AppMessage{LocationMessage: place(title, latitude, longitude)}
}

// ListMenu makes a menu of items in sections.
func ListMenu(title string, sections ...ListSection) AppMessage {
	return AppMessage{ListMessage: &ListMessage{Title: title, Sections: sections}}
}

// Template makes a message from a stored omni-channel template: its id, the language of the translation to use (the
// template's default when empty) and the values of its placeholders. To choose a version, set
// TemplateMessage.OmniTemplate.Version of the result.
func Template(id, language string, params map[string]any) AppMessage {
	return AppMessage{TemplateMessage: &TemplateMessage{
		OmniTemplate: &OmniTemplate{TemplateID: id, LanguageCode: language, Parameters: params},
	}}
}

// TextChoice makes a button or menu item that shows text. The postback comes back with the recipient's choice; it may
// be empty.
func TextChoice(text, postback string) Choice {
	return Choice{TextMessage: &TextMessage{Text: text}, PostbackData: postback}
}

// URLChoice makes a button that opens a web page.
func URLChoice(title, url string) Choice {
	return Choice{URLMessage: &URLMessage{Title: title, URL: url}}
}

// CallChoice makes a button that calls a phone number.
func CallChoice(title, phoneNumber string) Choice {
	return Choice{CallMessage: &CallMessage{Title: title, PhoneNumber: phoneNumber}}
}

// LocationChoice makes a button that shows a place on a map, in degrees, north and east above zero.
func LocationChoice(title string, latitude, longitude float64) Choice {
	return Choice{LocationMessage: place(title, latitude, longitude)}
}

// ShareLocationChoice makes a button by which the recipient shares a location; the URL opens on channels without that.
func ShareLocationChoice(title, fallbackURL string) Choice {
	return Choice{ShareLocationMessage: &ShareLocationMessage{Title: title, FallbackURL: fallbackURL}}
}

func place(title string, latitude, longitude float64) *LocationMessage {
	return &LocationMessage{Title: title, Coordinates: Coordinates{Latitude: latitude, Longitude: longitude}}
}

// ToContact addresses a contact by its id.
func ToContact(contactID string) Recipient {
	return Recipient{ContactID: contactID}
}

// ToChannel addresses a person by one channel identity, such as a phone number.
func ToChannel(channel Channel, identity string) Recipient {
	return ToChannels(ChannelIdentity{Channel: channel, Identity: identity})
}

// ToChannels addresses a person by several channel identities. Which of them is used is decided by
// SendMessageRequest.ChannelPriorityOrder, else by the app's own order.
func ToChannels(identities ...ChannelIdentity) Recipient {
	return Recipient{IdentifiedBy: &IdentifiedBy{ChannelIdentities: identities}}
}
