package conversation

import (
	"fmt"
	"strings"
)

// checkSendMessage refuses a request that the API could only refuse.
func checkSendMessage(op operation, req *SendMessageRequest) error {
	if req == nil {
		return &ArgumentError{Operation: op.name, Field: "req", Reason: "is nil: pass a *SendMessageRequest"}
	}
	if req.AppID == "" {
		return &ArgumentError{Operation: op.name, Field: "app_id", Reason: "is empty: pass the id of the app that sends"}
	}
	if err := checkRecipient(op, req.Recipient); err != nil {
		return err
	}
	if err := checkAppMessage(op, "message", req.Message); err != nil {
		return err
	}
	if req.TTL < 0 {
		return &ArgumentError{Operation: op.name, Field: "ttl", Reason: "is below zero: use seconds, or 0 for the default"}
	}
	return nil
}

// checkRecipient wants exactly one of the two forms, filled in.
func checkRecipient(op operation, to Recipient) error {
	refuse := func(field, reason string) error {
		return &ArgumentError{Operation: op.name, Field: "recipient" + field, Reason: reason}
	}
	switch {
	case to.ContactID == "" && to.IdentifiedBy == nil:
		return refuse("", "names nobody: set contact_id or identified_by, with ToContact or ToChannel")
	case to.ContactID != "" && to.IdentifiedBy != nil:
		return refuse("", "has both contact_id and identified_by: keep one")
	case to.ContactID != "":
		return nil
	case len(to.IdentifiedBy.ChannelIdentities) == 0:
		return refuse(".identified_by.channel_identities", "is empty: add at least one identity")
	}
	for i, identity := range to.IdentifiedBy.ChannelIdentities {
		at := fmt.Sprintf(".identified_by.channel_identities[%d]", i)
		if identity.Channel == "" {
			return refuse(at+".channel", "is empty: use one of the Channel constants")
		}
		if identity.Identity == "" {
			return refuse(at+".identity", "is empty: pass the address on the channel")
		}
	}
	return nil
}

// checkAppMessage wants exactly one message kind.
func checkAppMessage(op operation, field string, message AppMessage) error {
	var kinds []string
	add := func(set bool, kind string) {
		if set {
			kinds = append(kinds, kind)
		}
	}
	add(message.TextMessage != nil, "text_message")
	add(message.MediaMessage != nil, "media_message")
	add(message.CardMessage != nil, "card_message")
	add(message.ListMessage != nil, "list_message")
	add(message.TemplateMessage != nil, "template_message")
	switch len(kinds) {
	case 0:
		return &ArgumentError{Operation: op.name, Field: field, Reason: "has no content: set one message kind, with Text, Media, Card, ListMenu or Template"}
	case 1:
		return nil
	default:
		return &ArgumentError{Operation: op.name, Field: field, Reason: "has more than one kind (" + strings.Join(kinds, ", ") + "): keep one"}
	}
}
