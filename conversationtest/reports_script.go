package conversationtest

import (
	"context"
	"fmt"
	"time"

	"github.com/sinchgo/conversation"
)

// Script is what the fake reports about every message that it accepts.
type Script int

// The scripts.
const (
	// ScriptNone reports nothing: the test calls Deliver, Read and Fail.
	ScriptNone Script = iota

	// ScriptDeliver reports QUEUED_ON_CHANNEL, then DELIVERED.
	ScriptDeliver

	// ScriptRead reports QUEUED_ON_CHANNEL, then DELIVERED, then READ.
	ScriptRead

	// ScriptFail reports QUEUED_ON_CHANNEL, then FAILED with the reason CHANNEL_FAILURE.
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
		panic(fmt.Sprintf("conversationtest: %d is no script", s))
	}
}

// playScript has the script's reports about a message made, each after the delay. A message that is deleted has no more.
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
		Code: conversation.ReasonChannelFailure, Description: "Config.Script lets every message fail",
	})
}
