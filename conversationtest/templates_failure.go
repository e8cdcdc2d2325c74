package conversationtest

import (
	"cmp"
	"encoding/json"
	"fmt"

	"github.com/sinchgo/conversation"
)

// latestVersion is the version of a reference that any version of a template satisfies.
const latestVersion = "latest"

// templateFailure returns why a message with a template fails, or nil. A project without templates has every template, so
// that a test needs none. The caller holds the mutex.
func (p *project) templateFailure(sent *conversation.OmniTemplate) *conversation.Reason {
	if sent == nil || p.templates.first(filter{}) == nil {
		return nil
	}
	template, err := p.templates.find(sent.TemplateID)
	if err != nil {
		return templateReason(conversation.ReasonTemplateNotFound, "The project has templates, but not %q", sent.TemplateID)
	}
	translation := template.sent(sent)
	if translation == nil {
		return templateReason(conversation.ReasonTemplateNonExistingLanguageOrVersion,
			"The template has no translation %q of version %q", cmp.Or(sent.LanguageCode, template.DefaultTranslation), sent.Version)
	}
	var variables []conversation.TemplateVariable
	_ = json.Unmarshal(translation["variables"], &variables) // The request that stored them was checked.
	for _, variable := range variables {
		if _, ok := sent.Parameters[variable.Key]; !ok {
			return templateReason(conversation.ReasonTemplateInsufficientParameters, "The parameter %q is missing", variable.Key)
		}
	}
	return nil
}

// sent returns the translation that a message refers to, or nil. Without a language, it is the default one.
func (t *storedTemplate) sent(by *conversation.OmniTemplate) object {
	language := cmp.Or(by.LanguageCode, t.DefaultTranslation)
	for _, translation := range t.Translations {
		version := text(translation, "version")
		if text(translation, "language_code") == language && (version == "" || by.Version == version || by.Version == "" || by.Version == latestVersion) {
			return translation
		}
	}
	return nil
}

func templateReason(code conversation.ReasonCode, description string, args ...any) *conversation.Reason {
	return withDefaults(conversation.Reason{Code: code, Description: fmt.Sprintf(description, args...)})
}
