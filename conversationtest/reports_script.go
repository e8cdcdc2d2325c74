package conversationtest

import (
	"context"
	"fmt"
	"time"

	"github.com/sinchgo/conversation"
)

// Script sets the delivery reports that the server sends for every message that it accepts.
type Script int

const (
	// ScriptNone sends no report: the test calls Deliver, Read and Fail.
	ScriptNone Script = iota

	// ScriptDeliver sends QUEUED_ON_CHANNEL, then DELIVERED.
	ScriptDeliver

	// ScriptRead sends QUEUED_ON_CHANNEL, then DELIVERED, then READ.
	ScriptRead

	// ScriptFail sends QUEUED_ON_CHANNEL, then FAILED with the reason CHANNEL_FAILURE.
	ScriptFail
)

func (s Script) steps() []conversation.DeliveryStatus {
	switch s {
	case ScriptNone:
		return nil
	case ScriptDeliver:
		return []conversation.DeliveryStatus{conversation.DeliveryStatusQueuedOnChannel, conversation.DeliveryStatusDelivered}
	case ScriptRead:
		return append(ScriptDeliver.steps(), conversation.DeliveryStatusRead)
	case ScriptFail:
		return []conversation.DeliveryStatus{conversation.DeliveryStatusQueuedOnChannel, conversation.DeliveryStatusFailed}
	default:
		panic(fmt.Sprintf("conversationtest: Config.Script: %d is not a Script", s))
	}
}

// playScript schedules the reports of the script about a message, each after the delay. The rest is dropped if the message
// is deleted.
func (p *project) playScript(messageID string) {
	var delay time.Duration
	for _, status := range p.script {
		delay += p.scriptDelay
		p.callbacks.scripts.Add(delay, func(context.Context) {
			p.report(messageID, status, scriptReason(status), p.now())
		})
	}
}

func scriptReason(status conversation.DeliveryStatus) *conversation.Reason {
	if status != conversation.DeliveryStatusFailed {
		return nil
	}
	return withDefaults(conversation.Reason{
		Code: conversation.ReasonChannelFailure, Description: "Config.Script is ScriptFail",
	})
}
