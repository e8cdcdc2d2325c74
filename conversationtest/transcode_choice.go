package conversationtest

import (
	"strings"

	"github.com/sinchgo/conversation"
)

// channelChoice is the format that the fake has for a button or menu item, in place of each channel's format.
type channelChoice struct {
	Text         string                    `json:"text,omitempty"`
	Description  string                    `json:"description,omitempty"`
	URL          string                    `json:"url,omitempty"`
	PhoneNumber  string                    `json:"phone_number,omitempty"`
	Coordinates  *conversation.Coordinates `json:"coordinates,omitempty"`
	ProductID    string                    `json:"product_id,omitempty"`
	PostbackData string                    `json:"postback_data,omitempty"`
}

func choicesOf(choices []conversation.Choice) []channelChoice {
	var made []channelChoice
	for i := range choices {
		made = append(made, choiceOf(&choices[i]))
	}
	return made
}

func choiceOf(choice *conversation.Choice) channelChoice {
	made := channelChoice{PostbackData: choice.PostbackData}
	switch {
	case choice.Item != nil:
		made.Text, made.Description = choice.Item.Title, choice.Item.Description
		made.PostbackData = choice.Item.PostbackData
		if choice.Item.Media != nil {
			made.URL = choice.Item.Media.URL
		}
	case choice.Product != nil:
		made.ProductID = choice.Product.ID
	case choice.TextMessage != nil:
		made.Text = choice.TextMessage.Text
	case choice.URLMessage != nil:
		made.Text, made.URL = choice.URLMessage.Title, choice.URLMessage.URL
	case choice.CallMessage != nil:
		made.Text, made.PhoneNumber = choice.CallMessage.Title, choice.CallMessage.PhoneNumber
	case choice.LocationMessage != nil:
		made.Text, made.Coordinates = choice.LocationMessage.Title, &choice.LocationMessage.Coordinates
	case choice.CalendarMessage != nil:
		made.Text, made.URL = choice.CalendarMessage.Title, choice.CalendarMessage.FallbackURL
	case choice.ShareLocationMessage != nil:
		made.Text, made.URL = choice.ShareLocationMessage.Title, choice.ShareLocationMessage.FallbackURL
	}
	return made
}

// line returns the choice as SMS shows it.
func (c channelChoice) line() string {
	parts := []string{c.Text, c.Description, c.URL, c.PhoneNumber, mapLink(c.Coordinates), c.ProductID}
	return strings.ReplaceAll(joinFilled(parts), "\n", " ")
}
