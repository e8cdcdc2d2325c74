package conversationtest

import (
	"fmt"
	"slices"

	"github.com/sinchgo/conversation"
)

// storedTemplate is a template with the JSON of its translations, which may have fields that the SDK does not know.
type storedTemplate struct {
	conversation.V2TemplateResponse
	Translations []object `json:"translations,omitempty"`
}

func (t *storedTemplate) position() position {
	return position{micros: t.CreateTime.UnixMicro(), id: t.ID}
}

func (*storedTemplate) filters() []filter { return []filter{{}} }

// readTemplate decodes and checks a template, except for its version.
func readTemplate(body []byte) (*storedTemplate, error) {
	var request conversation.V2Template
	read := new(storedTemplate)
	if err := readObject(body, &request, read); err != nil {
		return nil, err
	}
	var problems, languages []string
	for i, translation := range request.Translations {
		field := fmt.Sprintf("translations[%d]", i)
		problems = append(problems, required(field+".language_code", translation.LanguageCode)...)
		problems = append(problems, oneKind(field, "message", read.Translations[i], messageKinds)...)
		languages = append(languages, translation.LanguageCode)
	}
	switch {
	case read.DefaultTranslation == "" && len(languages) > 0:
		read.DefaultTranslation = languages[0]
	case read.DefaultTranslation != "" && !slices.Contains(languages, read.DefaultTranslation):
		problems = append(problems, "default_translation: no translation has this language_code")
	}
	return read, invalid(problems)
}

// dated sets the times of the template and its translations. The create_time of an older version is kept.
func (t *storedTemplate) dated(older *storedTemplate, now conversation.Time) *storedTemplate {
	t.CreateTime, t.UpdateTime = now, now
	if older != nil {
		t.CreateTime = older.CreateTime
	}
	for _, translation := range t.Translations {
		translation["create_time"], translation["update_time"] = encoded(now), encoded(now)
		if before := older.translation(translation); before != nil {
			translation["create_time"] = before["create_time"]
		}
	}
	return t
}

// translation returns the translation of the same language and version, or nil.
func (t *storedTemplate) translation(like object) object {
	if t == nil {
		return nil
	}
	at := slices.IndexFunc(t.Translations, func(own object) bool {
		return text(own, "language_code") == text(like, "language_code") && text(own, "version") == text(like, "version")
	})
	if at < 0 {
		return nil
	}
	return t.Translations[at]
}
