package conversationtest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/sinchgo/conversation"
)

// channelMessage is what the fake shows in place of a channel's own format: it is short and always the same.
type channelMessage struct {
	Type         string           `json:"type"`
	Text         string           `json:"text,omitempty"`
	Title        string           `json:"title,omitempty"`
	Description  string           `json:"description,omitempty"`
	URL          string           `json:"url,omitempty"`
	ThumbnailURL string           `json:"thumbnail_url,omitempty"`
	Choices      []channelChoice  `json:"choices,omitempty"`
	Sections     []channelSection `json:"sections,omitempty"`
	TemplateID   string           `json:"template_id,omitempty"`
	Version      string           `json:"version,omitempty"`
	LanguageCode string           `json:"language_code,omitempty"`
	Parameters   map[string]any   `json:"parameters,omitempty"`
	Content      json.RawMessage  `json:"content,omitempty"` // Of a kind that the SDK does not know, as it came.
}

type channelChoice struct {
	Text         string `json:"text,omitempty"`
	PostbackData string `json:"postback_data,omitempty"`
}

type channelSection struct {
	Title string          `json:"title,omitempty"`
	Items []channelChoice `json:"items,omitempty"`
}

// newChannelMessage takes a message of exactly one kind, and its JSON.
func newChannelMessage(message *conversation.AppMessage, present map[string]json.RawMessage) channelMessage {
	switch {
	case message.TextMessage != nil:
		return channelMessage{Type: "text", Text: message.TextMessage.Text}
	case message.MediaMessage != nil:
		return channelMessage{
			Type: "media", URL: message.MediaMessage.URL, ThumbnailURL: message.MediaMessage.ThumbnailURL,
		}
	case message.CardMessage != nil:
		return cardOf(message.CardMessage)
	case message.ListMessage != nil:
		return listOf(message.ListMessage)
	case message.TemplateMessage != nil && message.TemplateMessage.OmniTemplate != nil:
		return templateOf(message.TemplateMessage.OmniTemplate)
	default:
		return contentOf(present)
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

func listOf(list *conversation.ListMessage) channelMessage {
	made := channelMessage{Type: "list", Title: list.Title, Description: list.Description}
	for _, section := range list.Sections {
		made.Sections = append(made.Sections, channelSection{Title: section.Title, Items: choicesOf(section.Items)})
	}
	return made
}

func templateOf(template *conversation.OmniTemplate) channelMessage {
	return channelMessage{
		Type:         "template",
		TemplateID:   template.TemplateID,
		Version:      template.Version,
		LanguageCode: template.LanguageCode,
		Parameters:   template.Parameters,
	}
}

func contentOf(present map[string]json.RawMessage) channelMessage {
	for _, kind := range messageKinds {
		if value, ok := present[kind]; ok && string(value) != "null" {
			return channelMessage{Type: strings.TrimSuffix(kind, "_message"), Content: value}
		}
	}
	return channelMessage{}
}

func choicesOf(choices []conversation.Choice) []channelChoice {
	var made []channelChoice
	for _, choice := range choices {
		item := channelChoice{PostbackData: choice.PostbackData}
		if choice.TextMessage != nil {
			item.Text = choice.TextMessage.Text
		}
		made = append(made, item)
	}
	return made
}

// on gives the message as a channel shows it: SMS has nothing but text, the others have everything.
func (m channelMessage) on(channel conversation.Channel) channelMessage {
	if channel != conversation.ChannelSMS || m.Type == "template" || m.Content != nil {
		return m
	}
	lines := []string{m.Text, m.Title, m.Description, m.URL}
	number := 0
	for _, section := range append([]channelSection{{Items: m.Choices}}, m.Sections...) {
		lines = append(lines, section.Title)
		for _, item := range section.Items {
			number++
			lines = append(lines, fmt.Sprintf("%d. %s", number, item.Text))
		}
	}
	return channelMessage{Type: "text", Text: joinFilled(lines)}
}

// joinFilled leaves out empty lines.
func joinFilled(lines []string) string {
	var filled []string
	for _, line := range lines {
		if line != "" {
			filled = append(filled, line)
		}
	}
	return strings.Join(filled, "\n")
}

// encode writes the message as people read it, with & as it is.
func (m channelMessage) encode() string {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(m); err != nil { // All of it came from JSON.
		return err.Error()
	}
	return strings.TrimSpace(text.String())
}
