package conversation

import (
	"context"
	"net/http"
	"time"
)

var (
	opConversationsInjectMessage = operation{"Conversations.InjectMessage", http.MethodPost, "/v1/projects/{project_id}/conversations/{conversation_id}:inject-message", classNotIdempotent}
	opConversationsInjectEvent   = operation{"Conversations.InjectEvent", http.MethodPost, "/v1/projects/{project_id}/conversations/{conversation_id}:inject-event", classNotIdempotent}
)

// InjectMessage adds a message to a conversation that was exchanged elsewhere, such as before the app was created. The
// message is not sent to anyone.
//
//	POST /v1/projects/{project_id}/conversations/{conversation_id}:inject-message
//
// InjectMessage is not idempotent. Returns [*ArgumentError] if the request names another conversation, lacks the accept
// time, channel identity, contact or direction, or does not have exactly one message.
func (s *ConversationsService) InjectMessage(ctx context.Context, conversationID string, req *InjectMessageRequest, opts ...RequestOption) error {
	if err := checkInjectMessage(s.client.checker(opConversationsInjectMessage), conversationID, req); err != nil {
		return s.client.rejected(ctx, opConversationsInjectMessage, err, opts)
	}
	body := s.client.injectMessageBody(req)
	return s.client.do(ctx, &call{operation: opConversationsInjectMessage, ids: ids{conversationID}, in: body}, opts)
}

// InjectEvent adds an event to a conversation that was exchanged elsewhere. The event is not sent to anyone.
//
//	POST /v1/projects/{project_id}/conversations/{conversation_id}:inject-event
//
// InjectEvent is not idempotent. Returns [*ArgumentError] if the request names another conversation, lacks the accept
// time, or does not have exactly one event.
func (s *ConversationsService) InjectEvent(ctx context.Context, conversationID string, req *InjectConversationEventRequest, opts ...RequestOption) (*InjectEventResponse, error) {
	if err := checkInjectEvent(s.client.checker(opConversationsInjectEvent), conversationID, req); err != nil {
		return nil, s.client.rejected(ctx, opConversationsInjectEvent, err, opts)
	}
	return send[InjectEventResponse](ctx, s.client, &call{operation: opConversationsInjectEvent, ids: ids{conversationID}, in: req}, opts)
}

func checkInjectMessage(check checker, conversationID string, req *InjectMessageRequest) error {
	if req == nil {
		return nilRequest(check.op)
	}
	check.sameConversation(conversationID, req.ConversationID)
	check.required("contact_id", req.ContactID)
	check.required("direction", string(req.Direction))
	check.required("channel_identity.channel", string(req.ChannelIdentity.Channel))
	check.required("channel_identity.identity", req.ChannelIdentity.Identity)
	if check.hasNumberProblem(req.ChannelIdentity.Channel, req.ChannelIdentity.Identity) {
		check.numberProblem("channel_identity.identity", req.ChannelIdentity.Identity)
	}
	check.injectedTime("accept_time", req.AcceptTime)
	check.length("metadata", req.Metadata, maxMetadata)
	check.oneKind("req", "set AppMessage or ContactMessage", namesSet(
		kind{"app_message", &req.AppMessage},
		kind{"contact_message", &req.ContactMessage},
	))
	if req.AppMessage != nil {
		check.appMessage("app_message", req.AppMessage)
	}
	if req.ContactMessage != nil {
		check.contactMessage("contact_message", req.ContactMessage)
	}
	return check.problem
}

func checkInjectEvent(check checker, conversationID string, req *InjectConversationEventRequest) error {
	if req == nil {
		return nilRequest(check.op)
	}
	check.sameConversation(conversationID, req.ConversationID)
	check.injectedTime("accept_time", req.AcceptTime)
	check.appEvent("app_event", req.AppEvent)
	return check.problem
}

func (c *checker) sameConversation(ofCall, ofRequest string) {
	if ofRequest != "" && ofRequest != ofCall {
		c.reject("conversation_id", "differs from the conversationID argument: leave it empty")
	}
}

// Injected messages and events lie in the past, not too far back. The clocks of this machine and of the platform may
// differ.
const (
	maxInjectedAge = 30 * 24 * time.Hour
	clockSkew      = 5 * time.Minute
)

// injectedTime requires a time, and limits it to the recent past.
func (c *checker) injectedTime(field string, moment Time) {
	if moment.IsZero() {
		c.reject(field, "is required: set it to when it happened")
	}
	if !c.limits {
		return
	}
	switch age := time.Since(moment.Time); {
	case age < -clockSkew:
		c.exceeds(field, "is in the future: the platform accepts past times only")
	case age > maxInjectedAge+clockSkew:
		c.exceeds(field, "is more than 30 days ago: the platform accepts nothing older")
	}
}

// contactMessage requires exactly one message kind. A quote may be set beside it.
func (c *checker) contactMessage(field string, message *ContactMessage) {
	c.oneKind(field, "set one message kind, such as TextMessage", namesSet(
		kind{"text_message", &message.TextMessage},
		kind{"media_message", &message.MediaMessage},
		kind{"media_card_message", &message.MediaCardMessage},
		kind{"location_message", &message.LocationMessage},
		kind{"choice_response_message", &message.ChoiceResponseMessage},
		kind{"product_response_message", &message.ProductResponseMessage},
		kind{"fallback_message", &message.FallbackMessage},
		kind{"channel_specific_message", &message.ChannelSpecificMessage},
	))
	switch {
	case message.TextMessage != nil:
		c.text(field, "text_message.text", message.TextMessage.Text)
	case message.MediaMessage != nil:
		c.media(field+".media_message", message.MediaMessage)
	case message.MediaCardMessage != nil:
		c.webURL(field+".media_card_message.url", message.MediaCardMessage.URL)
	case message.LocationMessage != nil:
		c.coordinates(field+".location_message.coordinates", message.LocationMessage.Coordinates)
	}
}
