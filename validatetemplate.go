package conversation

import (
	"cmp"
	"fmt"
)

// checkTemplate wants each translation to have a language and exactly one message kind.
func checkTemplate(op operation, req *V2Template) error {
	if req == nil {
		return nilRequest(op)
	}
	for i, translation := range req.Translations {
		at := fmt.Sprintf("translations[%d]", i)
		if err := cmp.Or(
			checkFilled(op, at+".language_code", translation.LanguageCode),
			checkAppMessage(op, at, translation.message()),
		); err != nil {
			return err
		}
	}
	return nil
}

func checkTemplateUpdate(op operation, templateID string, req *V2Template) error {
	if err := checkTemplate(op, req); err != nil {
		return err
	}
	if req.ID != "" && req.ID != templateID {
		return refuse(op, "id", "differs from the template that the call names: leave it empty")
	}
	if req.Version <= 0 {
		return refuse(op, "version", "is not set: an update must carry the current version, as Get gives it")
	}
	return nil
}

// message gives the message that a translation holds.
func (t *V2TemplateTranslation) message() *AppMessage {
	return &AppMessage{
		CardMessage:        t.CardMessage,
		CarouselMessage:    t.CarouselMessage,
		ChoiceMessage:      t.ChoiceMessage,
		ContactInfoMessage: t.ContactInfoMessage,
		ListMessage:        t.ListMessage,
		LocationMessage:    t.LocationMessage,
		MediaMessage:       t.MediaMessage,
		TemplateMessage:    t.TemplateMessage,
		TextMessage:        t.TextMessage,
	}
}
