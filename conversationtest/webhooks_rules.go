package conversationtest

import (
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/sinchgo/conversation"
)

const (
	maxWebhooks    = 5
	maxTargetRunes = 742
)

// targetTypes are the target types of openapi.yaml and of the platform.
var targetTypes = []conversation.TargetType{conversation.TargetTypeHTTP, conversation.TargetTypeGRPC, conversation.TargetTypeDismiss}

// check returns the problems of a webhook, apart from the others of its app.
func (w *storedWebhook) check() []string {
	problems := slices.Concat(required("app_id", w.AppID), checkTarget(w.Target))
	if !slices.Contains(targetTypes, w.TargetType) {
		problems = append(problems, "target_type: it must be HTTP, GRPC or DISMISS")
	}
	if w.ClientCredentials != nil {
		problems = append(problems, checkURL("client_credentials.endpoint", w.ClientCredentials.Endpoint)...)
	}
	return problems
}

func checkTarget(target string) []string {
	if target == "" {
		return required("target", target)
	}
	if utf8.RuneCountInString(target) > maxTargetRunes {
		return []string{"target: it is longer than 742 characters"}
	}
	if problems := checkURL("target", target); len(problems) > 0 {
		return problems
	}
	parsed, _ := url.Parse(target) // checkURL has parsed it.
	if host := strings.ToLower(parsed.Hostname()); strings.HasSuffix(host, ".conversation.api.sinch.com") {
		return []string{"target: it must not be a host of this API"}
	}
	return nil
}

// checkURL returns the problem of a field that must be an absolute http or https URL.
func checkURL(field, address string) []string {
	parsed, err := url.Parse(address)
	if err != nil || parsed.Hostname() == "" || parsed.Scheme != "http" && parsed.Scheme != "https" {
		return []string{field + ": it must be an absolute http or https URL"}
	}
	return nil
}

// checkAmong returns an error for a webhook that conflicts with the others of its app. The caller holds the mutex.
func (p *project) checkAmong(webhook *storedWebhook) error {
	others := slices.DeleteFunc(p.webhooks.all(filter{"app_id", webhook.AppID}), func(other *storedWebhook) bool {
		return other.ID == webhook.ID
	})
	for _, other := range others {
		if other.Target == webhook.Target {
			return invalidArgument("target: the webhook %q of the app has it already", other.ID)
		}
	}
	if len(others) >= maxWebhooks {
		return invalidArgument("app_id: the app has %d webhooks already, and no more are allowed", maxWebhooks)
	}
	return nil
}
