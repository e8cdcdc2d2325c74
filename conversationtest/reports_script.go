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

	// ScriptFail sends QUEUED_ON_CHANNEL, then FAILED with the reason CHANNEL_FAILURE. A message that has further channels
	// fails too.
	ScriptFail

	// ScriptFallback fails on the first channel and delivers on the second: QUEUED_ON_CHANNEL, then SWITCHING_CHANNEL, then
	// QUEUED_ON_CHANNEL and DELIVERED on the next channel. A message that has only one channel fails, as with ScriptFail.
	ScriptFallback
)

var scriptNames = []string{"ScriptNone", "ScriptDeliver", "ScriptRead", "ScriptFail", "ScriptFallback"}

func (s Script) known() bool { return s >= 0 && int(s) < len(scriptNames) }

// String returns the name of the constant.
func (s Script) String() string {
	if !s.known() {
		return fmt.Sprintf("Script(%d)", int(s))
	}
	return scriptNames[s]
}

// steps returns the statuses of the reports about a message, which may have further channels.
func (s Script) steps(hasFallback bool) []conversation.DeliveryStatus {
	const queued, delivered = conversation.DeliveryStatusQueuedOnChannel, conversation.DeliveryStatusDelivered
	switch {
	case s == ScriptNone:
		return nil
	case s == ScriptDeliver:
		return []conversation.DeliveryStatus{queued, delivered}
	case s == ScriptRead:
		return []conversation.DeliveryStatus{queued, delivered, conversation.DeliveryStatusRead}
	case s == ScriptFallback && hasFallback:
		return []conversation.DeliveryStatus{queued, conversation.DeliveryStatusSwitchingChannel, queued, delivered}
	default:
		return []conversation.DeliveryStatus{queued, conversation.DeliveryStatusFailed}
	}
}

// playScript schedules the reports of the script about a message, each after the delay. The rest is dropped if the message
// is deleted. The send was behind its time, as for process.
func (p *project) playScript(sent *storedMessage, behind time.Duration) {
	script := p.scripts.decide(sent.message.ChannelIdentity, happenedScript{messageID: sent.message.ID})
	var delay time.Duration
	for _, status := range script.Script.steps(len(sent.fallbacks) > 0) {
		delay += script.Delay
		p.callbacks.scripts.AddNext(behind, delay, func(context.Context, time.Duration) {
			_ = p.report(sent.message.ID, status, script.reasonOf(status), p.now()) // The message may be deleted.
		})
	}
}
