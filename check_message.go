package conversation

// Limits of messages on the live platform.
const (
	maxChoices      = 10 // of a card or a choice message
	maxCards        = 10
	maxOuterChoices = 3 // of a carousel
)

// appMessage requires exactly one message kind. Messages for single channels, and the agent, may be set beside it.
//
// Paths of fields are built only for parts that are set, so that a plain message costs none.
func (c *checker) appMessage(field string, message *AppMessage) {
	c.oneKind(field, "set one message kind, with Text, Media, Card, Choices, Carousel, ListMenu, Location or Template", namesSet(
		kind{"text_message", &message.TextMessage},
		kind{"media_message", &message.MediaMessage},
		kind{"card_message", &message.CardMessage},
		kind{"list_message", &message.ListMessage},
		kind{"template_message", &message.TemplateMessage},
		kind{"choice_message", &message.ChoiceMessage},
		kind{"carousel_message", &message.CarouselMessage},
		kind{"location_message", &message.LocationMessage},
		kind{"contact_info_message", &message.ContactInfoMessage},
	))
	c.menus(field, message.CardMessage, message.CarouselMessage, message.ChoiceMessage, message.ListMessage)
	if message.TemplateMessage != nil && message.TemplateMessage.OmniTemplate != nil {
		c.template(field+".template_message.omni_template", message.TemplateMessage.OmniTemplate)
	}
	for channel, override := range message.ExplicitChannelOmniMessage {
		c.override(field+".explicit_channel_omni_message."+string(channel), &override)
	}
	for channel, specific := range message.ChannelSpecificMessage {
		c.channelMessage(field+".channel_specific_message."+string(channel), &specific)
	}
}

func (c *checker) override(field string, override *OmniMessageOverride) {
	c.oneKind(field, "set one message kind, such as TextMessage", namesSet(
		kind{"text_message", &override.TextMessage},
		kind{"media_message", &override.MediaMessage},
		kind{"card_message", &override.CardMessage},
		kind{"list_message", &override.ListMessage},
		kind{"template_reference", &override.TemplateReference},
		kind{"choice_message", &override.ChoiceMessage},
		kind{"carousel_message", &override.CarouselMessage},
		kind{"location_message", &override.LocationMessage},
		kind{"contact_info_message", &override.ContactInfoMessage},
	))
	c.menus(field, override.CardMessage, override.CarouselMessage, override.ChoiceMessage, override.ListMessage)
	if override.TemplateReference != nil {
		c.template(field+".template_reference", override.TemplateReference)
	}
}

// menus checks the message kinds that hold buttons or menu items.
func (c *checker) menus(field string, card *CardMessage, carousel *CarouselMessage, choice *ChoiceMessage, list *ListMessage) {
	if card != nil {
		c.buttons(field+".card_message.choices", card.Choices, maxChoices)
	}
	if carousel != nil {
		c.carousel(field+".carousel_message", carousel)
	}
	if choice != nil {
		c.buttons(field+".choice_message.choices", choice.Choices, maxChoices)
	}
	if list != nil {
		c.list(field+".list_message", list)
	}
}

func (c *checker) carousel(field string, carousel *CarouselMessage) {
	cards := field + ".cards"
	c.count(cards, len(carousel.Cards), maxCards)
	for i := range carousel.Cards {
		c.buttons(element(cards, i)+".choices", carousel.Cards[i].Choices, maxChoices)
	}
	c.buttons(field+".choices", carousel.Choices, maxOuterChoices)
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
	}
}

func (c *checker) list(field string, list *ListMessage) {
	for i, section := range list.Sections {
		items := element(field+".sections", i) + ".items"
		for j, item := range section.Items {
			c.menuItem(element(items, j), item)
		}
	}
}

// menuItem requires a text message, an item or a product. An item that was read has a text message and a postback too,
// which must not differ from those of the item, since only the item is sent.
func (c *checker) menuItem(field string, choice Choice) {
	if item := choice.Item; item != nil {
		if choice.TextMessage != nil && choice.TextMessage.Text != item.Title {
			c.reject(field+".text_message", "differs from choice.title, which is what is sent: change both, or leave it out")
		}
		if choice.PostbackData != "" && choice.PostbackData != item.PostbackData {
			c.reject(field+".postback_data", "differs from choice.postback_data, which is what is sent: change both, or leave it out")
		}
		choice.TextMessage = nil
	}
	if choice.Product != nil && choice.PostbackData != "" {
		c.reject(field+".postback_data", "is not sent with a product: leave it out")
	}
	c.oneKind(field, "use MenuItem or TextChoice, or set Product", namesSet(choiceKinds(&choice)...))
	if choice.TextMessage == nil && choice.Item == nil && choice.Product == nil {
		c.reject(field, "is a button: use MenuItem or TextChoice, or set Product")
	}
}

// template requires the id of an omni-channel template, and the version that the live platform requires.
func (c *checker) template(field string, template *OmniTemplate) {
	c.required(field+".template_id", template.TemplateID)
	if c.platform && isBlank(template.Version) {
		c.reject(field+".version", `is required: set it, or "latest", with the second argument of Template`)
	}
}

// appEvent requires exactly one event.
func (c *checker) appEvent(field string, event AppEvent) {
	c.oneKind(field, "set one event, such as ComposingEvent", namesSet(
		kind{"composing_event", &event.ComposingEvent},
		kind{"composing_end_event", &event.ComposingEndEvent},
		kind{"comment_reply_event", &event.CommentReplyEvent},
		kind{"agent_joined_event", &event.AgentJoinedEvent},
		kind{"agent_left_event", &event.AgentLeftEvent},
		kind{"generic_event", &event.GenericEvent},
	))
}

// message returns the message that a translation holds.
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
