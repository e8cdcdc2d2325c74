package doctor

import "slices"

// The names of the checks.
const (
	checkCredentials = "credentials"
	checkAPI         = "api"
	checkProject     = "project"
	checkRegion      = "region"
	checkApp         = "app"
	checkMode        = "app.mode"
	checkRetention   = "app.retention"
	checkRates       = "app.rates"
	checkQueue       = "app.queue"
	checkChannels    = "channels"
	checkWebhooks    = "webhooks"
	checkType        = "webhook.type"
	checkTriggers    = "webhook.triggers"
	checkSecret      = "webhook.secret"
	checkTarget      = "webhook.target"
	checkCallback    = "callback"
	checkClock       = "clock"
	checkVersions    = "versions"
	checkSettings    = "settings"
)

func ok(check, message string) Finding {
	return Finding{Level: LevelOK, Check: check, Message: message}
}

func warning(check, message, fix string) Finding {
	return Finding{Level: LevelWarning, Check: check, Message: message, Fix: fix}
}

func failure(check, message, fix string) Finding {
	return Finding{Level: LevelFailure, Check: check, Message: message, Fix: fix}
}

var levels = []Level{LevelFailure, LevelWarning, LevelOK}

// sortFindings puts the worst first, and else keeps the order.
func sortFindings(findings []Finding) {
	slices.SortStableFunc(findings, func(a, b Finding) int {
		return slices.Index(levels, a.Level) - slices.Index(levels, b.Level)
	})
}
