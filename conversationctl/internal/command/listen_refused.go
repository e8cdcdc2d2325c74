package command

import (
	"context"

	"github.com/sinchgo/conversation/conversationctl/internal/console"
	"github.com/sinchgo/conversation/webhook"
)

// refusals reports callbacks that a receiver rejects, without anything of what they hold.
type refusals struct{ *program }

func (refusals) CallbackStarted(context.Context, webhook.CallbackInfo) context.Context { return nil }

func (r refusals) CallbackEnded(_ context.Context, _ webhook.CallbackInfo, result webhook.CallbackResult) {
	switch result.Reason {
	case "", webhook.ReasonHandledBefore, webhook.ReasonFunctionFailed: // The last one was reported where it failed.
		return
	}
	r.refused(result.StatusCode, string(result.Reason), refusalHints[result.Reason])
}

// refusalHints are the likely causes of a rejection, with the fix.
var refusalHints = map[webhook.CallbackReason]string{
	webhook.ReasonNotSigned:        "the webhook has no secret: set one, or leave --secret-env out",
	webhook.ReasonBadSignature:     "the secret is not that of the webhook, or a proxy changed the body",
	webhook.ReasonUnknownAlgorithm: "callbacks of Sinch are signed with HmacSHA256",
	webhook.ReasonMalformed:        "a proxy changed the signature headers, or Sinch did not send it",
	webhook.ReasonTooOld:           "it was signed more than 24 hours ago, or the clock of this machine is fast",
	webhook.ReasonTooNew:           "the clock of this machine is slow",
	webhook.ReasonNotPost:          "callbacks are posted",
	webhook.ReasonTooLarge:         "callbacks have at most 1 MiB",
}

// refused reports a request that was rejected.
func (p *program) refused(status int, reason, hint string) {
	if hint != "" {
		reason += ": " + hint
	}
	p.Note("%s with %d: %s", p.PaintErr(console.Red, "refused"), status, reason)
}
