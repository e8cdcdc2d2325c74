package command

import (
	"slices"
	"strings"

	"github.com/sinchgo/conversation"
)

// parseTriggers returns the triggers with some names, in any case.
func parseTriggers(names []string) ([]conversation.WebhookTrigger, error) {
	var triggers []conversation.WebhookTrigger
	for _, name := range names {
		trigger := conversation.WebhookTrigger(strings.ToUpper(strings.TrimSpace(name)))
		if !slices.Contains(knownTriggers, trigger) {
			return nil, usageError("--trigger has an unknown trigger: use one of %s", triggerNames())
		}
		triggers = append(triggers, trigger)
	}
	return triggers, nil
}

func triggerNames() string {
	names := make([]string, len(knownTriggers))
	for i, trigger := range knownTriggers {
		names[i] = string(trigger)
	}
	return strings.Join(names, ", ")
}

// knownTriggers are the triggers that [webhook.Event.Trigger] returns.
var knownTriggers = []conversation.WebhookTrigger{
	conversation.TriggerMessageInbound, conversation.TriggerMessageDelivery, conversation.TriggerMessageSubmit,
	conversation.TriggerMessageInboundSmartConversationRedaction, conversation.TriggerEventInbound, conversation.TriggerEventDelivery,
	conversation.TriggerConversationStart, conversation.TriggerConversationStop, conversation.TriggerConversationDelete,
	conversation.TriggerContactCreate, conversation.TriggerContactUpdate, conversation.TriggerContactDelete,
	conversation.TriggerContactMerge, conversation.TriggerContactIdentitiesDuplication, conversation.TriggerOptIn,
	conversation.TriggerOptOut, conversation.TriggerCapability, conversation.TriggerChannelEvent,
	conversation.TriggerSmartConversations, conversation.TriggerRecordNotification, conversation.TriggerBatchStatusUpdate,
	conversation.TriggerUnsupported, conversation.TriggerUnspecified,
}
