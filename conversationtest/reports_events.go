package conversationtest

import (
	"context"
	"slices"
	"time"

	"github.com/sinchgo/conversation"
)

// playEventScript schedules the reports of the script about an event, each after the delay. Nobody reads an event, and
// it has no further channel.
func (p *project) playEventScript(sent *storedEvent, metadata string) {
	script := p.scripts.decide(&sent.ChannelIdentity, happenedScript{eventID: sent.ID})
	steps := slices.DeleteFunc(script.Script.steps(false), func(status conversation.DeliveryStatus) bool {
		return status == conversation.DeliveryStatusRead
	})
	var delay time.Duration
	for _, status := range steps {
		delay += script.Delay
		p.callbacks.scripts.Add(delay, func(context.Context) {
			p.reportEvent(sent, metadata, status, script.reasonOf(status), p.now())
		})
	}
}

// reportEvent sends a delivery report about an event.
func (p *project) reportEvent(
	sent *storedEvent, metadata string, status conversation.DeliveryStatus, reason *conversation.Reason, now time.Time,
) {
	p.mu.Lock()
	defer p.mu.Unlock()
	described := newFeedEvent(sent.appID, &sent.ConversationEvent)
	described.Time, described.Status, described.Reason = now, status, reason
	p.publisher.publish(feedReport, described, 0)
	report := &conversation.EventDeliveryReport{
		EventID:        sent.ID,
		Status:         status,
		ContactID:      sent.ContactID,
		Reason:         reason,
		Metadata:       metadata,
		ProcessingMode: sent.ProcessingMode,
	}
	if sent.ChannelIdentity.Identity != "" {
		report.ChannelIdentity = &sent.ChannelIdentity
	}
	p.emitAbout(sent.ID, conversation.TriggerEventDelivery, sent.appID, now, event{EventDelivery: report})
}
