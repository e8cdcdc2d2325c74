package conversationtest

import (
	"cmp"
	"slices"

	"github.com/sinchgo/conversation"
)

func (p *project) createTemplate(c *call) (any, error) {
	template, err := readTemplate(c.body)
	if err != nil {
		return nil, err
	}
	now := p.now()
	template.ID = cmp.Or(template.ID, p.ids.next(now))
	template.Version = 1
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, err := p.templates.find(template.ID); err == nil {
		return nil, invalidArgument("id: another template has it")
	}
	p.templates.put(template.dated(nil, conversation.Time{Time: now}))
	return template, nil
}

// templateList is a conversation.V2ListTemplatesResponse of stored templates.
type templateList struct {
	Templates []*storedTemplate `json:"templates,omitempty"`
}

// listTemplates returns all templates, oldest first.
func (p *project) listTemplates(*call) (any, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return templateList{p.templates.all(filter{})}, nil
}

func (p *project) getTemplate(c *call) (any, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.templates.find(c.params["template_id"])
}

// updateTemplate replaces the whole template. The body must have its current version.
func (p *project) updateTemplate(c *call) (any, error) {
	template, err := readTemplate(c.body)
	if err != nil {
		return nil, err
	}
	now := p.now()
	p.mu.Lock()
	defer p.mu.Unlock()
	stored, err := p.templates.find(c.params["template_id"])
	if err != nil {
		return nil, err
	}
	if template.ID != "" && template.ID != stored.ID {
		return nil, invalidArgument("id: it differs from the template in the path")
	}
	if template.Version != stored.Version {
		return nil, invalidArgument("version: it must be the current one, which is %d", stored.Version)
	}
	template.ID = stored.ID
	template.Version++
	p.templates.put(template.dated(stored, conversation.Time{Time: now}))
	return template, nil
}

func (p *project) deleteTemplate(c *call) (any, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	stored, err := p.templates.find(c.params["template_id"])
	if err != nil {
		return nil, err
	}
	p.templates.remove(stored)
	return struct{}{}, nil
}

// translationList is a conversation.V2ListTranslationsResponse of stored translations.
type translationList struct {
	Translations []object `json:"translations,omitempty"`
}

func (p *project) listTranslations(c *call) (any, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	stored, err := p.templates.find(c.params["template_id"])
	if err != nil {
		return nil, err
	}
	language, version := c.query.Get("language_code"), c.query.Get("translation_version")
	return translationList{slices.DeleteFunc(slices.Clone(stored.Translations), func(translation object) bool {
		return language != "" && text(translation, "language_code") != language ||
			version != "" && text(translation, "version") != version
	})}, nil
}
