package conversationtest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/sinchgo/conversation"
)

// channelMessage is the format that the fake has for a message, in place of each channel's format. It is short and the same
// for every channel.
type channelMessage struct {
	Type         string                    `json:"type"`
	Text         string                    `json:"text,omitempty"`
	Title        string                    `json:"title,omitempty"`
	Description  string                    `json:"description,omitempty"`
	URL          string                    `json:"url,omitempty"`
	ThumbnailURL string                    `json:"thumbnail_url,omitempty"`
	Label        string                    `json:"label,omitempty"`
	Coordinates  *conversation.Coordinates `json:"coordinates,omitempty"`
	Name         string                    `json:"name,omitempty"`
	PhoneNumbers []string                  `json:"phone_numbers,omitempty"`
	Cards        []channelMessage          `json:"cards,omitempty"`
	Choices      []channelChoice           `json:"choices,omitempty"`
	Sections     []channelSection          `json:"sections,omitempty"`
	TemplateID   string                    `json:"template_id,omitempty"`
	Version      string                    `json:"version,omitempty"`
	LanguageCode string                    `json:"language_code,omitempty"`
	Parameters   map[string]string         `json:"parameters,omitempty"`

	// ChannelTemplate holds the templates of the channels.
	ChannelTemplate map[conversation.Channel]conversation.ChannelSpecificTemplateReference `json:"channel_template,omitempty"`
}

type channelSection struct {
	Title string          `json:"title,omitempty"`
	Items []channelChoice `json:"items,omitempty"`
}

// newChannelMessage converts a message, which must be of exactly one kind.
func newChannelMessage(message *conversation.AppMessage) channelMessage {
	switch {
	case message.TextMessage != nil:
		return channelMessage{Type: "text", Text: message.TextMessage.Text}
	case message.MediaMessage != nil:
		return channelMessage{
			Type: "media", URL: message.MediaMessage.URL, ThumbnailURL: message.MediaMessage.ThumbnailURL,
		}
	case message.CardMessage != nil:
		return cardOf(message.CardMessage)
	case message.CarouselMessage != nil:
		return carouselOf(message.CarouselMessage)
	case message.ChoiceMessage != nil:
		return choiceMessageOf(message.ChoiceMessage)
	case message.ListMessage != nil:
		return listOf(message.ListMessage)
	case message.LocationMessage != nil:
		place := message.LocationMessage
		return channelMessage{Type: "location", Title: place.Title, Label: place.Label, Coordinates: &place.Coordinates}
	case message.ContactInfoMessage != nil:
		return contactInfoOf(message.ContactInfoMessage)
	case message.TemplateMessage != nil:
		return templateOf(message.TemplateMessage)
	default:
		return channelMessage{}
	}
}

func cardOf(card *conversation.CardMessage) channelMessage {
	made := channelMessage{
		Type: "card", Title: card.Title, Description: card.Description, Choices: choicesOf(card.Choices),
	}
	if card.MediaMessage != nil {
		made.URL, made.ThumbnailURL = card.MediaMessage.URL, card.MediaMessage.ThumbnailURL
	}
	return made
}

func carouselOf(carousel *conversation.CarouselMessage) channelMessage {
	made := channelMessage{Type: "carousel", Choices: choicesOf(carousel.Choices)}
	for i := range carousel.Cards {
		made.Cards = append(made.Cards, cardOf(&carousel.Cards[i]))
	}
	return made
}

func choiceMessageOf(message *conversation.ChoiceMessage) channelMessage {
	made := channelMessage{Type: "choice", Choices: choicesOf(message.Choices)}
	if message.TextMessage != nil {
		made.Text = message.TextMessage.Text
	}
	return made
}

func listOf(list *conversation.ListMessage) channelMessage {
	made := channelMessage{Type: "list", Title: list.Title, Description: list.Description}
	if list.Media != nil {
		made.URL, made.ThumbnailURL = list.Media.URL, list.Media.ThumbnailURL
	}
	for _, section := range list.Sections {
		made.Sections = append(made.Sections, channelSection{Title: section.Title, Items: choicesOf(section.Items)})
	}
	return made
}

func contactInfoOf(info *conversation.ContactInfoMessage) channelMessage {
	made := channelMessage{Type: "contact_info", Name: info.Name.FullName}
	for _, number := range info.PhoneNumbers {
		made.PhoneNumbers = append(made.PhoneNumbers, number.PhoneNumber)
	}
	return made
}

func templateOf(message *conversation.TemplateMessage) channelMessage {
	made := channelMessage{Type: "template", ChannelTemplate: message.ChannelTemplate}
	if template := message.OmniTemplate; template != nil {
		made.TemplateID, made.Version = template.TemplateID, template.Version
		made.LanguageCode, made.Parameters = template.LanguageCode, template.Parameters
	}
	return made
}

// on returns the message as a channel shows it: SMS as plain text, the other channels unchanged.
func (m channelMessage) on(channel conversation.Channel) channelMessage {
	if channel != conversation.ChannelSMS || m.Type == "template" {
		return m
	}
	number := 0
	return channelMessage{Type: "text", Text: joinFilled(m.lines(&number))}
}

// lines returns the lines of the message on SMS. Choices are numbered, starting after number.
func (m channelMessage) lines(number *int) []string {
	lines := []string{m.Text, m.Title, m.Description, m.URL, m.Label, mapLink(m.Coordinates), m.Name}
	lines = append(lines, m.PhoneNumbers...)
	for _, card := range m.Cards {
		lines = append(lines, card.lines(number)...)
	}
	for _, section := range append([]channelSection{{Items: m.Choices}}, m.Sections...) {
		lines = append(lines, section.Title)
		for _, item := range section.Items {
			*number++
			lines = append(lines, fmt.Sprintf("%d. %s", *number, item.line()))
		}
	}
	return lines
}

// mapLink returns a geo URI (RFC 5870).
func mapLink(at *conversation.Coordinates) string {
	if at == nil {
		return ""
	}
	return fmt.Sprintf("geo:%v,%v", at.Latitude, at.Longitude)
}

// joinFilled joins the lines that are not empty.
func joinFilled(lines []string) string {
	var filled []string
	for _, line := range lines {
		if line != "" {
			filled = append(filled, line)
		}
	}
	return strings.Join(filled, "\n")
}

// encodeText encodes a message for readers: it does not escape &.
func encodeText(message any) string {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(message); err != nil { // A message that was decoded from JSON can always be encoded.
		return err.Error()
	}
	return strings.TrimSpace(text.String())
}
