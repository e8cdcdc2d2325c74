package webhook_test

import (
	"embed"
	"os"
	"path"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/webhook"
)

// soaking reports whether to test at the long volumes, as `make soak` does.
var soaking = os.Getenv("CONVERSATION_SOAK") != ""

// samplesDir has a body for each trigger, with every field that the official SDKs know.
//
//go:embed testdata/callbacks
var samplesDir embed.FS

// eventTypes has the type of each trigger.
var eventTypes = map[conversation.WebhookTrigger]webhook.Event{
	conversation.TriggerMessageInbound:                           &webhook.MessageInbound{},
	conversation.TriggerMessageInboundSmartConversationRedaction: &webhook.MessageInboundRedaction{},
	conversation.TriggerMessageSubmit:                            &webhook.MessageSubmit{},
	conversation.TriggerMessageDelivery:                          &webhook.MessageDelivery{},
	conversation.TriggerEventInbound:                             &webhook.EventInbound{},
	conversation.TriggerEventDelivery:                            &webhook.EventDelivery{},
	conversation.TriggerConversationStart:                        &webhook.ConversationStart{},
	conversation.TriggerConversationStop:                         &webhook.ConversationStop{},
	conversation.TriggerConversationDelete:                       &webhook.ConversationDelete{},
	conversation.TriggerContactCreate:                            &webhook.ContactCreate{},
	conversation.TriggerContactDelete:                            &webhook.ContactDelete{},
	conversation.TriggerContactMerge:                             &webhook.ContactMerge{},
	conversation.TriggerContactUpdate:                            &webhook.ContactUpdate{},
	conversation.TriggerContactIdentitiesDuplication:             &webhook.ContactIdentitiesDuplication{},
	conversation.TriggerCapability:                               &webhook.Capability{},
	conversation.TriggerOptIn:                                    &webhook.OptIn{},
	conversation.TriggerOptOut:                                   &webhook.OptOut{},
	conversation.TriggerChannelEvent:                             &webhook.ChannelEvent{},
	conversation.TriggerSmartConversations:                       &webhook.SmartConversations{},
	conversation.TriggerRecordNotification:                       &webhook.RecordNotification{},
	conversation.TriggerUnsupported:                              &webhook.Unsupported{},
	conversation.TriggerBatchStatusUpdate:                        &webhook.BatchStatusUpdate{},
}

// samples returns the sample bodies by trigger.
func samples(tb testing.TB) map[conversation.WebhookTrigger][]byte {
	tb.Helper()
	const dir = "testdata/callbacks"
	entries, err := samplesDir.ReadDir(dir)
	require.NoError(tb, err)
	bodies := make(map[conversation.WebhookTrigger][]byte, len(entries))
	for _, entry := range entries {
		body, err := samplesDir.ReadFile(path.Join(dir, entry.Name()))
		require.NoError(tb, err)
		bodies[conversation.WebhookTrigger(strings.TrimSuffix(entry.Name(), ".json"))] = body
	}
	require.Len(tb, bodies, len(eventTypes))
	return bodies
}
