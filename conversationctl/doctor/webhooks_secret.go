package doctor

import (
	"crypto/subtle"
	"slices"
	"strings"

	"github.com/sinchgo/conversation"
)

// secrets checks the secrets of webhooks. The API may mask them or leave them out.
func (e *examination) secrets(webhooks []conversation.Webhook) []Finding {
	shown := slices.ContainsFunc(webhooks, func(w conversation.Webhook) bool { return !isHidden(w.Secret) })
	var findings []Finding
	signed := 0
	for _, w := range webhooks {
		if finding, bad := e.secret(w, shown); bad {
			findings = append(findings, finding)
		} else {
			signed++
		}
	}
	switch {
	case signed == 0 || len(findings) > 0:
	case e.opts.WebhookSecret != "" && shown:
		findings = append(findings, ok(checkSecret, "the webhooks have the secret of the program"))
	case e.opts.WebhookSecret != "":
		findings = append(findings, ok(checkSecret, "the webhooks have a secret, which the API masks, so that it cannot be compared"))
	default:
		findings = append(findings, ok(checkSecret, "the webhooks have a secret, or client_credentials"))
	}
	return findings
}

// secret returns the finding for a webhook whose secret is missing or wrong. Shown reports whether the API returns secrets.
func (e *examination) secret(w conversation.Webhook, shown bool) (finding Finding, bad bool) {
	const fix = "set the secret of the webhook (conversationctl webhooks update, Webhooks.Update) and of the program (webhook.WithSecret, --secret-env) to the same random string"
	subject := "the webhook " + shownID(w.ID)
	own := e.opts.WebhookSecret
	switch {
	case w.Secret == "" && w.ClientCredentials != nil && own == "":
		return Finding{}, false // callbacks carry a token instead
	case w.Secret == "" && own == "":
		return warning(checkSecret, subject+" has no secret: callbacks are not signed, so anybody can send some", fix), true
	case w.Secret == "" && shown:
		return failure(checkSecret, subject+" has no secret: the program rejects its callbacks, which are not signed", fix), true
	case w.Secret == "":
		return warning(checkSecret, subject+" has no secret, unless the API keeps it back: then the program rejects its callbacks, which are not signed",
			"check that the program accepts a callback, or "+fix), true
	case own == "" || isHidden(w.Secret), equal(w.Secret, own):
		return Finding{}, false
	case equal(strings.TrimSpace(w.Secret), strings.TrimSpace(own)):
		return failure(checkSecret, subject+" has another secret than the program: they differ in white space at their ends", fix), true
	}
	return failure(checkSecret, subject+" has another secret than the program, which rejects its callbacks", fix), true
}

// isHidden reports whether a secret is missing or masked.
func isHidden(secret string) bool { return strings.Trim(secret, "*") == "" }

func equal(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }
