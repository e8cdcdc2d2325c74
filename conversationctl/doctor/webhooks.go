package doctor

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/sinchgo/conversation"
)

// webhooks checks the webhooks of the app.
func (e *examination) webhooks(ctx context.Context, app *conversation.App) []Finding {
	if app == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, 2*patience)
	defer cancel()
	list, err := e.client.Webhooks.List(ctx, app.ID)
	switch {
	case err != nil:
		return []Finding{e.failedCall(checkWebhooks, err)}
	case len(list.Webhooks) == 0 && len(e.opts.Triggers) == 0:
		return []Finding{ok(checkWebhooks, "the app has none, and needs none")}
	case len(list.Webhooks) == 0:
		return []Finding{failure(checkWebhooks, "the app has no webhooks: no callback is sent",
			"create a webhook with the triggers "+joined(e.opts.Triggers)+" in the Sinch dashboard, or with conversationctl webhooks create (Webhooks.Create)")}
	}
	active := slices.DeleteFunc(slices.Clone(list.Webhooks), isDismissed)
	dismissed := slices.DeleteFunc(slices.Clone(list.Webhooks), func(w conversation.Webhook) bool { return !isDismissed(w) })
	return slices.Concat(
		[]Finding{ok(checkWebhooks, fmt.Sprintf("the app has %d of at most 5 webhooks", len(list.Webhooks)))},
		e.types(active, dismissed),
		e.triggers(active, dismissed),
		e.secrets(active),
		e.targets(ctx, active),
	)
}

func isDismissed(w conversation.Webhook) bool { return w.TargetType == conversation.TargetTypeDismiss }

// types checks the target types of webhooks.
func (e *examination) types(active, dismissed []conversation.Webhook) []Finding {
	var findings []Finding
	for _, w := range dismissed {
		message := "the webhook " + shownID(w.ID) + " has the target_type DISMISS: no callback is sent"
		fix := "set its target_type to HTTP in the Sinch dashboard, or with conversationctl webhooks update (Webhooks.Update)"
		lost := e.neededOf(w, active)
		if len(lost) == 0 {
			findings = append(findings, warning(checkType, message, fix+", or delete it"))
			continue
		}
		findings = append(findings, failure(checkType, message+" for "+joined(lost), fix))
	}
	for _, w := range active {
		if w.TargetType == "" {
			findings = append(findings, warning(checkType, "the webhook "+shownID(w.ID)+" has no target_type, and the platform's default is DISMISS: no callback may be sent",
				"set its target_type to HTTP in the Sinch dashboard, or with conversationctl webhooks update (Webhooks.Update)"))
		}
	}
	return findings
}

// neededOf returns the needed triggers of a webhook that no active one has.
func (e *examination) neededOf(w conversation.Webhook, active []conversation.Webhook) []conversation.WebhookTrigger {
	var needed []conversation.WebhookTrigger
	for _, trigger := range e.opts.Triggers {
		if slices.Contains(w.Triggers, trigger) && countOf(active, trigger) == 0 {
			needed = append(needed, trigger)
		}
	}
	return needed
}

// triggers checks that each needed trigger has one webhook. Those that only a dismissed webhook has are left to types.
func (e *examination) triggers(active, dismissed []conversation.Webhook) []Finding {
	var missing, served, twice []conversation.WebhookTrigger
	for _, trigger := range e.opts.Triggers {
		switch n := countOf(active, trigger); {
		case n == 0 && countOf(dismissed, trigger) == 0:
			missing = append(missing, trigger)
		case n == 1:
			served = append(served, trigger)
		case n > 1:
			twice = append(twice, trigger)
		}
	}
	var findings []Finding
	if missing != nil {
		findings = append(findings, failure(checkTriggers, "no webhook has "+joined(missing)+": these callbacks are not sent",
			"add "+joined(missing)+" to the triggers of a webhook in the Sinch dashboard, or with conversationctl webhooks update (Webhooks.Update)"))
	}
	if twice != nil {
		findings = append(findings, warning(checkTriggers, "several webhooks have "+joined(twice)+": each of them is sent these callbacks",
			"remove the triggers from all but one of them, unless the targets are different programs"))
	}
	if served != nil {
		findings = append(findings, ok(checkTriggers, "each has a webhook: "+joined(served)))
	}
	return findings
}

func countOf(webhooks []conversation.Webhook, trigger conversation.WebhookTrigger) int {
	n := 0
	for _, w := range webhooks {
		if slices.Contains(w.Triggers, trigger) {
			n++
		}
	}
	return n
}

func joined(triggers []conversation.WebhookTrigger) string {
	names := make([]string, len(triggers))
	for i, trigger := range triggers {
		names[i] = said(string(trigger))
	}
	return strings.Join(names, ", ")
}
