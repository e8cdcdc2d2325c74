package conversationtest

import (
	"encoding/json"
	"maps"
	"slices"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest/internal/contract"
)

// shown returns the content of a message to a contact as its channel shows it: that of contentOn, with an omni template
// replaced by its translation.
func (m *storedMessage) shown() object {
	var message object
	_ = json.Unmarshal(m.content, &message) // It was decoded before.
	var channel conversation.Channel
	if at := m.message.ChannelIdentity; at != nil {
		channel = at.Channel
	}
	content := contentOn(channel, message)
	if translated := m.translated(content, channel); translated != nil {
		return translated
	}
	return content
}

// translated returns the translation of the omni template of a message. It returns nil if the message has none, if the
// channel has its own template instead, and if the template or the translation did not exist when the message was sent.
func (m *storedMessage) translated(content object, channel conversation.Channel) object {
	if !isSet(content, "template_message") {
		return nil
	}
	var reference struct {
		OmniTemplate    *conversation.OmniTemplate `json:"omni_template"`
		ChannelTemplate object                     `json:"channel_template"`
	}
	_ = json.Unmarshal(content["template_message"], &reference) // It was decoded before.
	if reference.OmniTemplate == nil || isSet(reference.ChannelTemplate, string(channel)) {
		return nil
	}
	template := m.templates[reference.OmniTemplate.TemplateID]
	if template == nil {
		return nil
	}
	translation := template.sent(reference.OmniTemplate)
	if translation == nil {
		return nil
	}
	return filledIn(translation, reference.OmniTemplate.Parameters)
}

// translationFields are the fields of a translation that are not its message.
var translationFields = []string{
	"channel_template_overrides", "create_time", "language_code", "update_time", "variables", "version",
}

// filledIn returns the message of a translation with the parameters in place of the placeholders.
func filledIn(translation object, parameters map[string]string) object {
	message := maps.Clone(translation)
	maps.DeleteFunc(message, func(field string, _ json.RawMessage) bool {
		return slices.Contains(translationFields, field) || !isSet(translation, field)
	})
	for kind, content := range message {
		value, err := decodedValue(content)
		if err == nil && len(contract.Placeholders(value)) > 0 {
			message[kind] = encoded(contract.Fill(value, parameters))
		}
	}
	return message
}

// templatesOf returns the templates that a message refers to, by their ids, or nil. The caller holds the mutex.
func (p *project) templatesOf(message *conversation.AppMessage) map[string]*storedTemplate {
	if message == nil {
		return nil
	}
	var references []*conversation.OmniTemplate
	if message.TemplateMessage != nil {
		references = append(references, message.TemplateMessage.OmniTemplate)
	}
	for _, own := range message.ExplicitChannelOmniMessage {
		references = append(references, own.TemplateReference)
	}
	if references == nil {
		return nil
	}
	found := map[string]*storedTemplate{}
	for _, reference := range references {
		if reference == nil {
			continue
		}
		if template, err := p.templates.find(reference.TemplateID); err == nil {
			found[template.ID] = template
		}
	}
	return found
}
