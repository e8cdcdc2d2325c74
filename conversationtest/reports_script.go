package conversationtest

import (
	"context"
	"fmt"
	"time"

	"github.com/sinchgo/conversation"
)

// Script sets the delivery reports that the server sends for every message and event that it accepts. An event is not read.
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

	// ScriptFallback fails on the first channel and delivers on the second: QUEUED_ON_CHANNEL, then SWITCHING_CHANNEL, then
	// QUEUED_ON_CHANNEL and DELIVERED on the next channel. A message that has only one channel fails, as with ScriptFail.
	ScriptFallback
)

// steps returns the statuses of the reports about a message, which may have further channels.
func (s Script) steps(hasFallback bool) []conversation.DeliveryStatus {
	switch {
	case s == ScriptNone:
		return nil
	case s == ScriptDeliver:
		return []conversation.DeliveryStatus{conversation.DeliveryStatusQueuedOnChannel, conversation.DeliveryStatusDelivered}
	case s == ScriptRead:
		return append(ScriptDeliver.steps(hasFallback), conversation.DeliveryStatusRead)
	case s == ScriptFail, s == ScriptFallback && !hasFallback:
		return []conversation.DeliveryStatus{conversation.DeliveryStatusQueuedOnChannel, conversation.DeliveryStatusFailed}
	case s == ScriptFallback:
		return append([]conversation.DeliveryStatus{
			conversation.DeliveryStatusQueuedOnChannel, conversation.DeliveryStatusSwitchingChannel,
		}, ScriptDeliver.steps(hasFallback)...)
	default:
		panic(fmt.Sprintf("conversationtest: Config.Script: %d is not a Script", s))
	}
}

// String returns the name of the constant.
func (s Script) String() string {
	names := []string{"ScriptNone", "ScriptDeliver", "ScriptRead", "ScriptFail", "ScriptFallback"}
	if s < 0 || int(s) >= len(names) {
		return fmt.Sprintf("Script(%d)", int(s))
	}
	return names[s]
}

// playScript schedules the reports of the script about a message, each after the delay. The rest is dropped if the message
// is deleted. The send was behind its time, as for process.
func (p *project) playScript(sent *storedMessage, behind time.Duration) {
	var delay time.Duration
	for _, status := range p.script.steps(len(sent.fallbacks) > 0) {
		delay += p.scriptDelay
		p.callbacks.scripts.AddNext(behind, delay, func(context.Context, time.Duration) {
			_ = p.report(sent.message.ID, status, p.scriptReason(status), p.now()) // The message may be deleted.
		})
	}
}

func (p *project) scriptReason(status conversation.DeliveryStatus) *conversation.Reason {
	if status != conversation.DeliveryStatusFailed && status != conversation.DeliveryStatusSwitchingChannel {
		return nil
	}
	return channelFailure("Config.Script is " + p.script.String())
}
