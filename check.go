package conversation

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/sinchgo/conversation/internal/wire"
)

// The functions here refuse requests that lack what the API requires. Fields are named by their JSON paths.

func refuse(op operation, field, reason string) error {
	return &ArgumentError{Operation: op.name, Field: field, Reason: reason}
}

func nilContext(op operation) error {
	return refuse(op, "ctx", "is nil: pass context.Background()")
}

func nilRequest(op operation) error {
	return refuse(op, "req", "is nil: pass a request")
}

const isRequired = "is empty: it is required"

func isBlank(text string) bool { return strings.TrimSpace(text) == "" }

// checkFilled refuses the first of the fields, given as names and values in turn, that is empty.
func checkFilled(op operation, fields ...string) error {
	for pair := range slices.Chunk(fields, 2) {
		if isBlank(pair[1]) {
			return refuse(op, pair[0], isRequired)
		}
	}
	return nil
}

func checkSendMessage(op operation, req *SendMessageRequest) error {
	if req == nil {
		return nilRequest(op)
	}
	if req.TTL < 0 {
		return refuse(op, "ttl", "is below zero: use seconds, or 0 for the default")
	}
	return cmp.Or(
		checkFilled(op, "app_id", req.AppID),
		checkRecipient(op, req.Recipient),
		checkAppMessage(op, "message", &req.Message),
	)
}

func checkSendEvent(op operation, req *SendEventRequest) error {
	if req == nil {
		return nilRequest(op)
	}
	return cmp.Or(
		checkAppEvent(op, "event", req.Event),
		checkFilled(op, "app_id", req.AppID),
		checkRecipient(op, req.Recipient),
	)
}

// checkAppEvent wants exactly one event.
func checkAppEvent(op operation, field string, event AppEvent) error {
	return checkOneKind(op, field, "set one event, such as ComposingEvent", namesSet(
		kind{"composing_event", &event.ComposingEvent},
		kind{"composing_end_event", &event.ComposingEndEvent},
		kind{"comment_reply_event", &event.CommentReplyEvent},
		kind{"agent_joined_event", &event.AgentJoinedEvent},
		kind{"agent_left_event", &event.AgentLeftEvent},
		kind{"generic_event", &event.GenericEvent},
	))
}

func checkTranscode(op operation, req *TranscodeRequest) error {
	if req == nil {
		return nilRequest(op)
	}
	if len(req.Channels) == 0 {
		return refuse(op, "channels", "is empty: name the channels to show the message for")
	}
	return cmp.Or(checkFilled(op, "app_id", req.AppID), checkAppMessage(op, "app_message", &req.AppMessage))
}

func checkCapabilityQuery(op operation, req *CapabilityQueryRequest) error {
	if req == nil {
		return nilRequest(op)
	}
	return cmp.Or(checkFilled(op, "app_id", req.AppID), checkRecipient(op, req.Recipient))
}

func checkChannelProfile(op operation, req *GetChannelProfileRequest) error {
	if req == nil {
		return nilRequest(op)
	}
	return cmp.Or(
		checkFilled(op, "app_id", req.AppID, "channel", string(req.Channel)),
		checkRecipient(op, req.Recipient),
	)
}

func checkCreateContact(op operation, req *CreateContactRequest) error {
	if req == nil {
		return nilRequest(op)
	}
	return checkIdentities(op, "channel_identities", req.ChannelIdentities)
}

func checkMergeContacts(op operation, req *MergeContactsRequest) error {
	if req == nil {
		return nilRequest(op)
	}
	if problem := wire.SegmentProblem(req.DestinationID); problem != "" {
		return refuse(op, "destination_id", problem)
	}
	if req.DestinationID == req.SourceID {
		return refuse(op, "source_id", "is the same as destination_id: name two contacts")
	}
	return checkFilled(op, "source_id", req.SourceID)
}

func checkCreateConversation(op operation, req *CreateConversationRequest) error {
	if req == nil {
		return nilRequest(op)
	}
	return checkFilled(op, "app_id", req.AppID, "contact_id", req.ContactID)
}

func checkCreateApp(op operation, req *CreateAppRequest) error {
	if req == nil {
		return nilRequest(op)
	}
	return checkFilled(op, "display_name", req.DisplayName)
}

func checkCreateWebhook(op operation, appID string, req *CreateWebhookRequest) error {
	if req == nil {
		return nilRequest(op)
	}
	if problem := wire.SegmentProblem(appID); problem != "" {
		return refuse(op, "app_id", problem)
	}
	if req.AppID != "" && req.AppID != appID {
		return refuse(op, "app_id", "differs from the app that the call names: leave it empty")
	}
	if len(req.Triggers) == 0 {
		return refuse(op, "triggers", "is empty: name the events to send, with the Trigger constants")
	}
	return checkFilled(op, "target", req.Target)
}

// checkRecipient wants exactly one of the two forms, filled in.
func checkRecipient(op operation, to Recipient) error {
	switch {
	case to.ContactID == "" && to.IdentifiedBy == nil:
		return refuse(op, "recipient", "names nobody: set contact_id or identified_by, with ToContact or ToChannel")
	case to.ContactID != "" && to.IdentifiedBy != nil:
		return refuse(op, "recipient", "has both contact_id and identified_by: keep one")
	case to.ContactID != "":
		return checkFilled(op, "recipient.contact_id", to.ContactID)
	default:
		return checkIdentities(op, "recipient.identified_by.channel_identities", to.IdentifiedBy.ChannelIdentities)
	}
}

// checkIdentities wants at least one identity, each with a channel and an address.
func checkIdentities(op operation, field string, identities []ChannelIdentity) error {
	if len(identities) == 0 {
		return refuse(op, field, "is empty: add at least one identity")
	}
	for i, identity := range identities {
		switch {
		case isBlank(string(identity.Channel)):
			return refuse(op, fmt.Sprintf("%s[%d].channel", field, i), isRequired)
		case isBlank(identity.Identity):
			return refuse(op, fmt.Sprintf("%s[%d].identity", field, i), isRequired)
		}
	}
	return nil
}
