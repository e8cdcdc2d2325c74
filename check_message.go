package conversation

import "strings"

// Limits of messages on the live platform.
const (
	maxChoices      = 10 // of a card or a choice message
	maxCards        = 10 // of a carousel
	maxOuterChoices = 3  // of a carousel
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
	c.content(field, message)
	if message.TemplateMessage != nil {
		c.templates(field+".template_message", message.TemplateMessage)
	}
	if message.Agent != nil {
		c.agent(field+".agent", message.Agent)
	}
	if message.ReplyTo != nil {
		c.replyTo(field+".reply_to.message_id", message.ReplyTo.MessageID)
	}
	for channel, content := range message.ExplicitChannelMessage {
		c.text(field+".explicit_channel_message", string(channel), content)
	}
	for channel, override := range message.ExplicitChannelOmniMessage {
		c.override(field+".explicit_channel_omni_message."+string(channel), &override)
	}
	for channel, specific := range message.ChannelSpecificMessage {
		c.channelMessage(field+".channel_specific_message."+string(channel), &specific)
	}
}

// replyTo requires the id of a message. With one that WhatsApp gave it, the platform would leave out the quote and
// report no error.
func (c *checker) replyTo(field, messageID string) {
	c.required(field, messageID)
	if strings.HasPrefix(messageID, "wamid.") {
		c.reject(field, "is an id of WhatsApp: use the ID of the inbound message")
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
	c.content(field, override.message())
	if override.TemplateReference != nil {
		c.template(field+".template_reference", override.TemplateReference)
	}
}

// list requires items, and the title that the live platform does.
func (c *checker) list(field string, list *ListMessage) {
	if c.platform {
		c.text(field, "title", list.Title)
	}
	if list.Media != nil {
		c.media(field+".media", list.Media)
	}
	if len(list.Sections) == 0 {
		c.reject(field+".sections", "is empty: add a section with items")
	}
	for i, section := range list.Sections {
		items := element(field+".sections", i) + ".items"
		if len(section.Items) == 0 {
			c.reject(items, "is empty: add an item, or leave out the section")
		}
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
	if choice.PostbackJSON != nil {
		c.reject(field+".postback_data", "must be a string in a menu: use PostbackData")
	}
	if c.platform && choice.DisplayMode != "" {
		c.reject(field+".display_mode", "is not sent with a menu item: leave it out")
	}
	c.oneKind(field, "use MenuItem or TextChoice, or set Product", namesSet(choiceKinds(&choice)...))
	if choice.TextMessage == nil && choice.Item == nil && choice.Product == nil {
		c.reject(field, "is a button: use MenuItem or TextChoice, or set Product")
	}
	switch {
	case choice.TextMessage != nil:
		c.text(field, "text_message.text", choice.TextMessage.Text)
	case choice.Item != nil:
		c.text(field, "choice.title", choice.Item.Title)
		if choice.Item.Media != nil {
			c.media(field+".choice.media", choice.Item.Media)
		}
	case choice.Product != nil:
		c.text(field, "product.id", choice.Product.ID)
		c.text(field, "product.marketplace", choice.Product.Marketplace)
	}
}

// templates requires a template, for all channels or for some.
func (c *checker) templates(field string, message *TemplateMessage) {
	if message.OmniTemplate == nil && len(message.ChannelTemplate) == 0 {
		c.reject(field, "has no content: set OmniTemplate, with Template, or ChannelTemplate")
	}
	if message.OmniTemplate != nil {
		c.template(field+".omni_template", message.OmniTemplate)
	}
	for channel, template := range message.ChannelTemplate {
		c.text(field+".channel_template."+string(channel), "template_id", template.TemplateID)
	}
}

// template requires the id of an omni-channel template, and the version that the live platform requires.
func (c *checker) template(field string, template *OmniTemplate) {
	c.required(field+".template_id", template.TemplateID)
	if c.platform && isBlank(template.Version) {
		c.reject(field+".version", `is required: set it, or "latest", with the second argument of Template`)
	}
}

func (c *checker) agent(field string, agent *Agent) {
	c.text(field, "display_name", agent.DisplayName)
	c.optionalURL(field+".picture_url", agent.PictureURL)
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
		kind{"read_message_event", &event.ReadMessageEvent},
	))
	if event.CommentReplyEvent != nil {
		c.text(field, "comment_reply_event.text", event.CommentReplyEvent.Text)
	}
	if event.AgentJoinedEvent != nil {
		c.agent(field+".agent_joined_event.agent", &event.AgentJoinedEvent.Agent)
	}
	if event.AgentLeftEvent != nil {
		c.agent(field+".agent_left_event.agent", &event.AgentLeftEvent.Agent)
	}
}

// message returns the message that a channel receives instead, without a template, whose path differs.
func (o *OmniMessageOverride) message() *AppMessage {
	return &AppMessage{
		CardMessage:        o.CardMessage,
		CarouselMessage:    o.CarouselMessage,
		ChoiceMessage:      o.ChoiceMessage,
		ContactInfoMessage: o.ContactInfoMessage,
		ListMessage:        o.ListMessage,
		LocationMessage:    o.LocationMessage,
		MediaMessage:       o.MediaMessage,
		TextMessage:        o.TextMessage,
	}
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
