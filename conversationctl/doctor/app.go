package doctor

import (
	"cmp"
	"fmt"

	"github.com/sinchgo/conversation"
)

// app checks the settings of the app. There is no default language among them: the platform has one for each template.
func (*examination) app(app *conversation.App) []Finding {
	if app == nil {
		return nil
	}
	findings := append(mode(app), rates(app.RateLimits))
	if app.QueueStats != nil {
		findings = append(findings, queue(app.QueueStats))
	}
	return findings
}

// mode checks the processing mode of an app, and how long its messages are kept.
func mode(app *conversation.App) []Finding {
	days := 0
	if app.DispatchRetentionPolicy != nil {
		days = app.DispatchRetentionPolicy.TTLDays
	}
	switch {
	case app.ProcessingMode == conversation.ProcessingModeConversation:
		return []Finding{ok(checkMode, "CONVERSATION: messages create contacts and conversations, and are stored"), conversationRetention(app)}
	case app.ProcessingMode != "" && app.ProcessingMode != conversation.ProcessingModeDispatch:
		return []Finding{warning(checkMode, "the processing mode "+said(string(app.ProcessingMode))+" is not known to this version", "update conversationctl")}
	case days == 0:
		return []Finding{warning(checkMode, named(app.ProcessingMode)+" without retention: Messages.Get and List cannot read messages back, "+
			"and correlation_id and conversation_metadata may be missing in the callbacks of replies",
			"set dispatch_retention_policy.ttl_days of the app to 1 to 7 (conversationctl apps update, Apps.Update), or use message_metadata, which delivery reports return")}
	}
	return []Finding{
		ok(checkMode, named(app.ProcessingMode)+": messages create no contacts and conversations"),
		ok(checkRetention, fmt.Sprintf("messages can be read back for %d days, with MessageSourceDispatch", days)),
	}
}

func named(mode conversation.ProcessingMode) string {
	if mode == "" {
		return "the app has no processing mode, so probably the default, DISPATCH,"
	}
	return string(mode)
}

func conversationRetention(app *conversation.App) Finding {
	const defaultDays = 180
	policy := conversation.RetentionPolicy{}
	if app.RetentionPolicy != nil {
		policy = *app.RetentionPolicy
	}
	days := cmp.Or(policy.TTLDays, defaultDays)
	switch policy.RetentionType {
	case conversation.RetentionPersist:
		return ok(checkRetention, "messages are kept until they are deleted")
	case conversation.RetentionConversationExpire:
		return ok(checkRetention, fmt.Sprintf("conversations are kept for %d days after their last message", days))
	}
	return ok(checkRetention, fmt.Sprintf("messages are kept for %d days", days))
}

func rates(limits *conversation.RateLimits) Finding {
	const perSecond = 25
	own := conversation.RateLimits{}
	if limits != nil {
		own = *limits
	}
	return ok(checkRates, fmt.Sprintf("%d messages out, %d in and %d callbacks a second",
		cmp.Or(own.Outbound, perSecond), cmp.Or(own.Inbound, perSecond), cmp.Or(own.Webhooks, perSecond)))
}

func queue(stats *conversation.QueueStats) Finding {
	const defaultLimit, warningPercent = 500_000, 80
	limit := cmp.Or(stats.OutboundLimit, defaultLimit)
	message := fmt.Sprintf("%d of %d messages wait in the outbound queue", stats.OutboundSize, limit)
	const fix = "send more slowly than app.rates, or ask Sinch for a higher rate"
	switch {
	case stats.OutboundSize >= limit:
		return failure(checkQueue, message+": sends are answered with 429 until there is room", fix)
	case stats.OutboundSize*100 >= limit*warningPercent:
		return warning(checkQueue, message+": when it is full, sends are answered with 429", fix)
	}
	return ok(checkQueue, message)
}
