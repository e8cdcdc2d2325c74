package conversation

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/sinchgo/conversation/internal/wire"
)

// This file rejects parts of a message that say nothing, places that are not on the map, and addresses that are not on the
// web, in both dialects. Paths are built only for parts that are set.

const isEmpty = "is empty: fill it in, or leave out the part that it belongs to"

// text rejects a string that the recipient would see as nothing.
func (c *checker) text(field, name, value string) {
	if isBlank(value) {
		c.reject(field+"."+name, isEmpty)
	}
}

// content checks the kind of message that is set. The paths of a template differ, so it is checked elsewhere.
func (c *checker) content(field string, message *AppMessage) {
	if message.TextMessage != nil {
		c.text(field, "text_message.text", message.TextMessage.Text)
	}
	if message.MediaMessage != nil {
		c.media(field+".media_message", message.MediaMessage)
	}
	if message.CardMessage != nil {
		c.card(field+".card_message", message.CardMessage)
	}
	if message.CarouselMessage != nil {
		c.carousel(field+".carousel_message", message.CarouselMessage)
	}
	if message.ChoiceMessage != nil {
		c.choices(field+".choice_message", message.ChoiceMessage)
	}
	if message.ListMessage != nil {
		c.list(field+".list_message", message.ListMessage)
	}
	if message.LocationMessage != nil {
		c.location(field+".location_message", message.LocationMessage)
	}
	if message.ContactInfoMessage != nil {
		c.contactInfo(field+".contact_info_message", message.ContactInfoMessage)
	}
}

func (c *checker) media(field string, media *MediaMessage) {
	c.webURL(field+".url", media.URL)
	c.optionalURL(field+".thumbnail_url", media.ThumbnailURL)
}

func (c *checker) card(field string, card *CardMessage) {
	if isBlank(card.Title) && isBlank(card.Description) && card.MediaMessage == nil && len(card.Choices) == 0 {
		c.reject(field, "has no content: set a title, a description, media or choices")
	}
	if card.MediaMessage != nil {
		c.media(field+".media_message", card.MediaMessage)
	}
	c.buttons(field+".choices", card.Choices, maxChoices)
}

func (c *checker) carousel(field string, carousel *CarouselMessage) {
	cards := field + ".cards"
	if len(carousel.Cards) == 0 {
		c.reject(cards, "is empty: add a card")
	}
	c.count(cards, len(carousel.Cards), maxCards)
	for i := range carousel.Cards {
		c.card(element(cards, i), &carousel.Cards[i])
	}
	c.buttons(field+".choices", carousel.Choices, maxOuterChoices)
	for i := range carousel.Choices {
		if carousel.Choices[i].DisplayMode != "" {
			c.reject(element(field+".choices", i)+".display_mode", "is rejected for the choices of a carousel: leave it out")
		}
	}
}

func (c *checker) choices(field string, message *ChoiceMessage) {
	if message.TextMessage != nil {
		c.text(field, "text_message.text", message.TextMessage.Text)
	}
	if len(message.Choices) == 0 {
		c.reject(field+".choices", "is empty: add a button, or use Text")
	}
	c.buttons(field+".choices", message.Choices, maxChoices)
}

// buttons requires each choice to be one thing that is not for lists only.
func (c *checker) buttons(field string, choices []Choice, most int) {
	c.count(field, len(choices), most)
	for i := range choices {
		choice, at := &choices[i], element(field, i)
		if choice.Item != nil || choice.Product != nil {
			c.reject(at, "is a menu item: use TextChoice, URLChoice or another button, or put it into a list")
		}
		c.oneKind(at, "use TextChoice, URLChoice or another button", namesSet(choiceKinds(choice)...))
		c.button(at, choice)
		if choice.PostbackJSON != nil {
			c.postbackJSON(at+".postback_data", choice)
		}
	}
}

// postbackJSON requires JSON that does not differ from the text beside it. In openapi.yaml, postback data is a string.
func (c *checker) postbackJSON(field string, choice *Choice) {
	value := choice.PostbackJSON
	problem := wire.TextProblem(string(value))
	switch {
	case problem != "":
		c.reject(field, problem)
	case !json.Valid(value):
		c.reject(field, "is not JSON: set PostbackJSON to an encoded value, or PostbackData to a string")
	case choice.PostbackData != "" && choice.PostbackData != wire.StringOrJSON(value):
		c.reject(field, "differs in PostbackData and PostbackJSON: set one of them")
	case !c.platform && bytes.TrimSpace(value)[0] != '"':
		c.reject(field, "must be a string in openapi.yaml: use PostbackData, or DialectPlatform")
	}
}

func (c *checker) button(field string, choice *Choice) {
	switch {
	case choice.TextMessage != nil:
		c.text(field, "text_message.text", choice.TextMessage.Text)
	case choice.CallMessage != nil:
		c.text(field, "call_message.title", choice.CallMessage.Title)
		c.text(field, "call_message.phone_number", choice.CallMessage.PhoneNumber)
	case choice.URLMessage != nil:
		c.text(field, "url_message.title", choice.URLMessage.Title)
		c.webURL(field+".url_message.url", choice.URLMessage.URL)
	case choice.LocationMessage != nil:
		c.location(field+".location_message", choice.LocationMessage)
	case choice.ShareLocationMessage != nil:
		c.text(field, "share_location_message.title", choice.ShareLocationMessage.Title)
		c.webURL(field+".share_location_message.fallback_url", choice.ShareLocationMessage.FallbackURL)
	case choice.CalendarMessage != nil:
		c.calendar(field+".calendar_message", choice.CalendarMessage)
	}
}

func (c *checker) calendar(field string, calendar *CalendarMessage) {
	c.text(field, "title", calendar.Title)
	c.text(field, "event_title", calendar.EventTitle)
	c.webURL(field+".fallback_url", calendar.FallbackURL)
	if calendar.EventStart.IsZero() {
		c.reject(field+".event_start", "is required: set it with NewTime")
	}
	if calendar.EventEnd.IsZero() {
		c.reject(field+".event_end", "is required: set it with NewTime")
	}
}

// location requires a title, as the live platform does, and coordinates on the map.
func (c *checker) location(field string, place *LocationMessage) {
	c.text(field, "title", place.Title)
	c.coordinates(field+".coordinates", place.Coordinates)
}

func (c *checker) coordinates(field string, at Coordinates) {
	c.degrees(field+".latitude", at.Latitude, 90)
	c.degrees(field+".longitude", at.Longitude, 180)
}

// degrees rejects NaN too, which is neither below nor above a limit.
func (c *checker) degrees(field string, value, most float64) {
	if !(value >= -most && value <= most) {
		c.reject(field, fmt.Sprintf("is %v: use degrees from -%v to %v", value, most, most))
	}
}

// contactInfo requires what the live platform does: the full name, and phone numbers.
func (c *checker) contactInfo(field string, info *ContactInfoMessage) {
	c.text(field, "name.full_name", info.Name.FullName)
	if info.PhoneNumbers == nil {
		c.reject(field+".phone_numbers", isRequired)
	}
	for i, number := range info.PhoneNumbers {
		c.text(element(field+".phone_numbers", i), "phone_number", number.PhoneNumber)
	}
	for i, email := range info.EmailAddresses {
		c.text(element(field+".email_addresses", i), "email_address", email.EmailAddress)
	}
	for i, page := range info.URLs {
		c.webURL(element(field+".urls", i)+".url", page.URL)
	}
}
