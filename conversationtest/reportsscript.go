package conversationtest

import (
	"context"
	"fmt"
	"time"
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

func (s Script) steps() []deliveryStatus {
	switch s {
	case ScriptNone:
		return nil
	case ScriptDeliver:
		return []deliveryStatus{queuedOnChannel, delivered}
	case ScriptRead:
		return []deliveryStatus{queuedOnChannel, delivered, read}
	case ScriptFail:
		return []deliveryStatus{queuedOnChannel, failed}
	default:
		panic(fmt.Sprintf("conversationtest: %d is no script", s))
	}
}

// playScript has the script's reports about a message made, each after the delay. A message that is deleted has no more.
func (p *project) playScript(messageID string) {
	var delay time.Duration
	for _, status := range p.script {
		delay += p.scriptDelay
		p.callbacks.scripts.add(delay, func(context.Context) {
			p.report(messageID, status, scriptReason(status), p.now())
		})
	}
}

func scriptReason(status deliveryStatus) *Reason {
	if status != failed {
		return nil
	}
	return Reason{Code: "CHANNEL_FAILURE", Description: "Config.Script lets every message fail"}.withDefaults()
}
