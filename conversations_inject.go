package conversation

import "cmp"

// checkInjectMessage wants who said exactly one thing, when and where. The contents of a contact are taken as they are.
func checkInjectMessage(op operation, conversationID string, req *InjectMessageRequest) error {
	if req == nil {
		return nilRequest(op)
	}
	if err := cmp.Or(
		checkSameConversation(op, conversationID, req.ConversationID),
		checkFilled(op,
			"contact_id", req.ContactID,
			"direction", string(req.Direction),
			"channel_identity.channel", string(req.ChannelIdentity.Channel),
			"channel_identity.identity", req.ChannelIdentity.Identity,
		),
		checkAcceptTime(op, req.AcceptTime),
		checkOneKind(op, "req", "set AppMessage or ContactMessage", namesSet(
			kind{"app_message", &req.AppMessage},
			kind{"contact_message", &req.ContactMessage},
		)),
	); err != nil {
		return err
	}
	if req.AppMessage != nil {
		return checkAppMessage(op, "app_message", req.AppMessage)
	}
	return checkContactMessage(op, "contact_message", req.ContactMessage)
}

func checkInjectEvent(op operation, conversationID string, req *InjectConversationEventRequest) error {
	if req == nil {
		return nilRequest(op)
	}
	return cmp.Or(
		checkSameConversation(op, conversationID, req.ConversationID),
		checkAcceptTime(op, req.AcceptTime),
		checkAppEvent(op, "app_event", req.AppEvent),
	)
}

func checkSameConversation(op operation, ofCall, ofRequest string) error {
	if ofRequest != "" && ofRequest != ofCall {
		return refuse(op, "conversation_id", "differs from the conversation that the call names: leave it empty")
	}
	return nil
}

func checkAcceptTime(op operation, moment Time) error {
	if moment.IsZero() {
		return refuse(op, "accept_time", "is not set: say when it happened")
	}
	return nil
}

// checkContactMessage wants exactly one message kind. A quote may stand beside it.
func checkContactMessage(op operation, field string, message *ContactMessage) error {
	return checkOneKind(op, field, "set one message kind, such as TextMessage", namesSet(
		kind{"text_message", &message.TextMessage},
		kind{"media_message", &message.MediaMessage},
		kind{"media_card_message", &message.MediaCardMessage},
		kind{"location_message", &message.LocationMessage},
		kind{"choice_response_message", &message.ChoiceResponseMessage},
		kind{"product_response_message", &message.ProductResponseMessage},
		kind{"fallback_message", &message.FallbackMessage},
		kind{"channel_specific_message", &message.ChannelSpecificMessage},
	))
}
