package conversationtest

import (
	"bytes"
	"cmp"
	"encoding/json"
	"slices"
	"strings"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest/internal/contract"
)

// controlChannels are the channels of a contact.
var controlChannels = []conversation.Channel{
	conversation.ChannelSMS, conversation.ChannelRCS, conversation.ChannelWhatsApp, conversation.ChannelMMS,
	conversation.ChannelMessenger, conversation.ChannelViber, conversation.ChannelViberBM, conversation.ChannelInstagram,
	conversation.ChannelTelegram, conversation.ChannelKakaoTalk, conversation.ChannelKakaoTalkChat, conversation.ChannelLINE,
	conversation.ChannelWeChat, conversation.ChannelAppleBC,
}

// contactEvents are what a contact can do besides sending a message.
var contactEvents = []string{"composing", "composing_end", "opt_in", "opt_out"}

// contactMessageKinds are the fields of a message from a contact, of which exactly one is set.
var contactMessageKinds = slices.DeleteFunc(fieldsOf(new(conversation.ContactMessage)), func(field string) bool {
	return field == "reply_to"
})

// controlInbound is what a contact sends.
type controlInbound struct {
	AppID        string               `json:"app_id"`
	Channel      conversation.Channel `json:"channel"`
	Identity     string               `json:"identity"`
	Name         string               `json:"name"`
	Text         *string              `json:"text"`
	Message      json.RawMessage      `json:"message"`
	MediaURL     *string              `json:"media_url"`
	PostbackData *string              `json:"postback_data"`
	ReplyTo      string               `json:"reply_to"`
	Event        *string              `json:"event"`
}

// controlReceived is the answer to what a contact has sent. Without an id in it, nothing is stored.
type controlReceived struct {
	MessageID      string `json:"message_id,omitempty"`
	EventID        string `json:"event_id,omitempty"`
	ContactID      string `json:"contact_id,omitempty"`
	ConversationID string `json:"conversation_id,omitempty"`
}

func (c *controlCall) receive() (any, error) {
	var body controlInbound
	if err := c.read(&body); err != nil {
		return nil, err
	}
	if err := c.checkSender(&body); err != nil {
		return nil, err
	}
	p, err := c.projectOf(body.AppID)
	if err != nil {
		return nil, err
	}
	appID := cmp.Or(body.AppID, c.server.AppID())
	identity := conversation.ChannelIdentity{Channel: body.Channel, Identity: body.Identity}
	if body.Event != nil {
		p.setProfile(&body)
		received := p.receiveAsked(identity, appID, *body.Event)
		p.nameContact(received.ContactID, body.Name)
		return received, nil
	}
	content, err := c.contentOf(p, &body)
	if err != nil {
		return nil, err
	}
	p.setProfile(&body)
	received := p.receive(identity, appID, content)
	p.nameContact(received.ContactID, body.Name)
	return controlReceived{
		MessageID: received.ID, ContactID: received.ContactID, ConversationID: received.ConversationID,
	}, nil
}

// setProfile sets the name of the channel's profile of the sender.
func (p *project) setProfile(from *controlInbound) {
	if from.Name == "" {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.profiles[profile{from.Channel, from.Identity}] = from.Name
}

// nameContact names a contact that has no name.
func (p *project) nameContact(id, name string) {
	if name == "" {
		return
	}
	now := p.now()
	p.mu.Lock()
	defer p.mu.Unlock()
	if contact, err := p.contacts.find(id); err == nil && contact.DisplayName == unnamed {
		changed := *contact
		changed.DisplayName = name
		p.contacts.put(&changed)
		p.contactUpdated(&changed, now)
	}
}

// receiveAsked receives one of contactEvents.
func (p *project) receiveAsked(identity conversation.ChannelIdentity, appID, event string) controlReceived {
	switch event {
	case "opt_in":
		return controlReceived{ContactID: p.optIn(identity, appID)}
	case "opt_out":
		return controlReceived{ContactID: p.optOut(identity, appID)}
	}
	receive := p.composing
	if event == "composing_end" {
		receive = p.composingEnd
	}
	received := receive(identity, appID)
	return controlReceived{EventID: received.ID, ContactID: received.ContactID, ConversationID: received.ConversationID}
}

// checkSender checks the sender, and that there is exactly one content.
func (c *controlCall) checkSender(body *controlInbound) error {
	switch {
	case body.Channel == "":
		return c.invalid("channel: it is required: use %s", channelNames())
	case !slices.Contains(controlChannels, body.Channel):
		return c.invalid("channel: %q is unknown: use %s", body.Channel, channelNames())
	case strings.TrimSpace(body.Identity) == "":
		return c.invalid("identity: it is required: use a phone number, or what identifies a contact on %s", body.Channel)
	}
	var given []string
	for name, isGiven := range body.contents() {
		if isGiven {
			given = append(given, name)
		}
	}
	slices.Sort(given)
	const contents = "text, message, media_url, postback_data or event"
	switch {
	case len(given) == 0:
		return c.invalid("there is no content: set %s", contents)
	case len(given) > 1:
		return c.invalid("%s: only one content is allowed: set one of %s", strings.Join(given, " and "), contents)
	case body.Event != nil && !slices.Contains(contactEvents, *body.Event):
		return c.invalid("event: %q is unknown: use %s", *body.Event, strings.Join(contactEvents, ", "))
	case body.Event != nil && body.ReplyTo != "":
		return c.invalid("reply_to: an event has none: leave it out")
	}
	return nil
}

// contents returns the names of the contents, and whether they are set.
func (b *controlInbound) contents() map[string]bool {
	if bytes.Equal(b.Message, []byte("null")) {
		b.Message = nil
	}
	return map[string]bool{
		"text": b.Text != nil, "message": b.Message != nil, "media_url": b.MediaURL != nil,
		"postback_data": b.PostbackData != nil, "event": b.Event != nil,
	}
}

func channelNames() string {
	var names []string
	for _, channel := range controlChannels {
		names = append(names, string(channel))
	}
	return strings.Join(names, ", ")
}

// contentOf returns the message of a contact.
func (c *controlCall) contentOf(p *project, body *controlInbound) (*conversation.ContactMessage, error) {
	content := new(conversation.ContactMessage)
	switch {
	case body.Text != nil:
		*content = InboundText(*body.Text)
	case body.MediaURL != nil:
		*content = InboundMedia(*body.MediaURL)
	case body.PostbackData != nil:
		*content = InboundChoice(body.ReplyTo, *body.PostbackData)
	default:
		if err := c.readMessage(body.Message, content); err != nil {
			return nil, err
		}
	}
	if err := c.checkContent(body); err != nil {
		return nil, err
	}
	if body.ReplyTo == "" {
		return content, nil
	}
	if content.ReplyTo != nil {
		return nil, c.invalid("reply_to: message.reply_to is set too: leave out one of them")
	}
	if !p.knows(body.ReplyTo) {
		return nil, c.notFound("reply_to: there is no message %q: GET /_fake/state lists the messages", body.ReplyTo)
	}
	if body.PostbackData == nil {
		content.ReplyTo = &conversation.ReplyTo{MessageID: body.ReplyTo}
	}
	return content, nil
}

func (c *controlCall) checkContent(body *controlInbound) error {
	for name, value := range map[string]*string{
		"text": body.Text, "media_url": body.MediaURL, "postback_data": body.PostbackData,
	} {
		if value != nil && *value == "" {
			return c.invalid("%s: it is empty: set it", name)
		}
	}
	if body.PostbackData != nil && body.ReplyTo == "" {
		return c.invalid("reply_to: it is required with postback_data: use the id of the message that has the button")
	}
	return nil
}

// readMessage decodes a message as in the API.
func (c *controlCall) readMessage(data json.RawMessage, into *conversation.ContactMessage) error {
	var fields object
	if err := json.Unmarshal(data, &fields); err != nil {
		return c.invalid("message: it is not a JSON object: use one with a field of %s", strings.Join(contactMessageKinds, ", "))
	}
	for field := range fields {
		if field != "reply_to" && !slices.Contains(contactMessageKinds, field) {
			return c.invalid("message: field %q is unknown: use %s", field, strings.Join(contactMessageKinds, ", "))
		}
	}
	problems := oneKind("message", "message", fields, contactMessageKinds)
	if problems = append(problems, contract.ContactMessage("message", data)...); len(problems) > 0 {
		return c.invalid("%s", strings.Join(problems, "; "))
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil {
		return c.invalid("message: %s", strings.TrimPrefix(err.Error(), "json: "))
	}
	return nil
}
