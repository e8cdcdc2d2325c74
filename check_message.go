package conversation

import (
	"cmp"
	"fmt"
	"strings"
)

// The functions here refuse messages that have not exactly one content, on the outside or in one of their parts.

// checkAppMessage wants exactly one message kind. What single channels get, and the agent, may stand beside it.
//
// The checks of parts take the path of the whole and the name of the part, and join them only if the part is there.
func checkAppMessage(op operation, field string, message *AppMessage) error {
	return cmp.Or(
		checkOneKind(op, field, "set one message kind, with Text, Media, Card, Choices, Carousel, ListMenu, Location or Template",
			namesSet(
				kind{"text_message", &message.TextMessage},
				kind{"media_message", &message.MediaMessage},
				kind{"card_message", &message.CardMessage},
				kind{"list_message", &message.ListMessage},
				kind{"template_message", &message.TemplateMessage},
				kind{"choice_message", &message.ChoiceMessage},
				kind{"carousel_message", &message.CarouselMessage},
				kind{"location_message", &message.LocationMessage},
				kind{"contact_info_message", &message.ContactInfoMessage},
			)),
		checkCard(op, field, "card_message", message.CardMessage),
		checkCarousel(op, field, "carousel_message", message.CarouselMessage),
		checkChoiceMessage(op, field, "choice_message", message.ChoiceMessage),
		checkList(op, field, "list_message", message.ListMessage),
		checkOverrides(op, field, "explicit_channel_omni_message", message.ExplicitChannelOmniMessage),
		checkChannelMessages(op, field, "channel_specific_message", message.ChannelSpecificMessage),
	)
}

// checkOneKind wants exactly one name of what is set.
func checkOneKind(op operation, field, fix string, names []string) error {
	switch len(names) {
	case 0:
		return refuse(op, field, "has no content: "+fix)
	case 1:
		return nil
	default:
		return refuse(op, field, "has more than one kind ("+strings.Join(names, ", ")+"): keep one")
	}
}

func checkOverrides(op operation, whole, name string, overrides map[ChannelSpecificTemplate]OmniMessageOverride) error {
	for channel, override := range overrides {
		at := whole + "." + name + "." + string(channel)
		if err := cmp.Or(
			checkOneKind(op, at, "set one message kind, such as TextMessage", namesSet(
				kind{"text_message", &override.TextMessage},
				kind{"media_message", &override.MediaMessage},
				kind{"card_message", &override.CardMessage},
				kind{"list_message", &override.ListMessage},
				kind{"template_reference", &override.TemplateReference},
				kind{"choice_message", &override.ChoiceMessage},
				kind{"carousel_message", &override.CarouselMessage},
				kind{"location_message", &override.LocationMessage},
				kind{"contact_info_message", &override.ContactInfoMessage},
			)),
			checkCard(op, at, "card_message", override.CardMessage),
			checkCarousel(op, at, "carousel_message", override.CarouselMessage),
			checkChoiceMessage(op, at, "choice_message", override.ChoiceMessage),
			checkList(op, at, "list_message", override.ListMessage),
		); err != nil {
			return err
		}
	}
	return nil
}

func checkCard(op operation, whole, name string, card *CardMessage) error {
	if card == nil {
		return nil
	}
	return checkButtons(op, whole+"."+name+".choices", card.Choices)
}

func checkCarousel(op operation, whole, name string, carousel *CarouselMessage) error {
	if carousel == nil {
		return nil
	}
	for i := range carousel.Cards {
		if err := checkCard(op, whole+"."+name, fmt.Sprintf("cards[%d]", i), &carousel.Cards[i]); err != nil {
			return err
		}
	}
	return checkButtons(op, whole+"."+name+".choices", carousel.Choices)
}

func checkChoiceMessage(op operation, whole, name string, message *ChoiceMessage) error {
	if message == nil {
		return nil
	}
	return checkButtons(op, whole+"."+name+".choices", message.Choices)
}

// checkButtons wants each choice to be one thing, and none to be what only lists have.
func checkButtons(op operation, field string, choices []Choice) error {
	for i, choice := range choices {
		at := fmt.Sprintf("%s[%d]", field, i)
		if choice.Item != nil || choice.Product != nil {
			return refuse(op, at, "is a menu item: use TextChoice, URLChoice or another button, or put it into a list")
		}
		if err := checkOneKind(op, at, "make it with TextChoice, URLChoice or the like", namesSet(choiceKinds(&choice)...)); err != nil {
			return err
		}
	}
	return nil
}

func checkList(op operation, whole, name string, list *ListMessage) error {
	if list == nil {
		return nil
	}
	for i, section := range list.Sections {
		for j, item := range section.Items {
			if err := checkMenuItem(op, fmt.Sprintf("%s.%s.sections[%d].items[%d]", whole, name, i, j), item); err != nil {
				return err
			}
		}
	}
	return nil
}

// checkMenuItem wants a text, an item or a product. An item that was read comes with a text and a postback, which must
// not say anything else, since only the item is sent.
func checkMenuItem(op operation, field string, choice Choice) error {
	if item := choice.Item; item != nil {
		if choice.TextMessage != nil && choice.TextMessage.Text != item.Title {
			return refuse(op, field+".text_message", "differs from choice.title, which is what is sent: change both, or leave it out")
		}
		if choice.PostbackData != "" && choice.PostbackData != item.PostbackData {
			return refuse(op, field+".postback_data", "differs from choice.postback_data, which is what is sent: change both, or leave it out")
		}
		choice.TextMessage = nil
	}
	if choice.Product != nil && choice.PostbackData != "" {
		return refuse(op, field+".postback_data", "is not sent with a product: leave it out")
	}
	if err := checkOneKind(op, field, "make it with TextChoice, or set Item or Product", namesSet(choiceKinds(&choice)...)); err != nil {
		return err
	}
	if choice.TextMessage == nil && choice.Item == nil && choice.Product == nil {
		return refuse(op, field, "is a button: a menu item is made with TextChoice, or has an Item or a Product")
	}
	return nil
}
