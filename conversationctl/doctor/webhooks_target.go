package doctor

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"

	"github.com/sinchgo/conversation"
)

// targets sends an unsigned request to the target of each webhook, at the same time.
func (e *examination) targets(ctx context.Context, webhooks []conversation.Webhook) []Finding {
	if e.opts.SkipTargets {
		return nil
	}
	var checks []func() []Finding
	for _, w := range webhooks {
		isHTTP := w.TargetType == conversation.TargetTypeHTTP || w.TargetType == ""
		if isHTTP && w.Target != e.opts.CallbackURL {
			checks = append(checks, func() []Finding { return []Finding{e.target(ctx, w)} })
		}
	}
	return concurrently(checks...)
}

func (e *examination) target(ctx context.Context, w conversation.Webhook) Finding {
	address, err := url.Parse(w.Target)
	if err != nil || address.Hostname() == "" {
		return failure(checkTarget, "the target of the webhook "+shownID(w.ID)+" is not an absolute URL", "set it to the https address of the receiver")
	}
	subject := fmt.Sprintf("the target of the webhook %s at %s", shownID(w.ID), origin(address))
	if isLocal(address.Hostname()) && !e.isLocalAPI() {
		return failure(checkTarget, subject+" is an address of this machine or network, which Sinch cannot reach",
			"use a public address, such as that of a tunnel to this machine")
	}
	answer := e.post(ctx, w.Target, []byte("{}"), nil)
	if _, unknown := errors.AsType[*net.DNSError](answer.err); unknown && e.isLocalAPI() {
		return warning(checkTarget, subject+" cannot be reached from here", "use the address of a receiver, unless the API on this machine knows the name")
	}
	if what, fix := answer.problem(); what != "" {
		return failure(checkTarget, subject+" "+what, fix)
	}
	return e.judged(subject, address, w, answer)
}

// judged returns the finding for a target that answers an unsigned request with 2xx or 4xx.
func (e *examination) judged(subject string, address *url.URL, w conversation.Webhook, answer reply) Finding {
	const fixVerify = "verify the signature of callbacks, as webhook.Receiver does"
	switch {
	case answer.accepted() && w.Secret != "":
		return warning(checkTarget, fmt.Sprintf("%s accepts an unsigned request, with %d", subject, answer.status), fixVerify)
	case answer.accepted():
	case answer.status == http.StatusUnauthorized, answer.status == http.StatusForbidden:
		if w.Secret == "" && w.ClientCredentials == nil && e.opts.WebhookSecret == "" {
			return warning(checkTarget, fmt.Sprintf("%s rejects an unsigned request with %d, and the webhook has no secret, so that its callbacks are unsigned", subject, answer.status),
				"set the secret of the webhook to that of the receiver (conversationctl webhooks update, Webhooks.Update)")
		}
	case answer.status == http.StatusBadRequest, answer.status == http.StatusUnsupportedMediaType, answer.status == http.StatusUnprocessableEntity:
	default:
		return warning(checkTarget, fmt.Sprintf("%s answers with %d", subject, answer.status), "answer callbacks with 2xx, and unsigned requests with 401")
	}
	if address.Scheme == "http" && !isLocal(address.Hostname()) {
		return warning(checkTarget, subject+" uses http: callbacks, with the messages of people, are sent unencrypted", "use an https address")
	}
	return ok(checkTarget, fmt.Sprintf("%s answers an unsigned request with %d", subject, answer.status))
}

// isLocalAPI reports whether the API itself is on this machine, such as a fake, which reaches local targets.
func (e *examination) isLocalAPI() bool {
	address, err := url.Parse(e.client.BaseURL())
	return err == nil && isLocal(address.Hostname())
}

// isLocal reports whether only this machine or its network can reach a host.
func isLocal(host string) bool {
	if ip, err := netip.ParseAddr(host); err == nil {
		return ip.IsLoopback() || ip.IsPrivate() || ip.IsLinkLocalUnicast() || ip.IsUnspecified()
	}
	name := strings.ToLower(strings.TrimSuffix(host, "."))
	for _, domain := range []string{"localhost", "local", "internal", "localdomain", "invalid"} {
		if name == domain || strings.HasSuffix(name, "."+domain) {
			return true
		}
	}
	return !strings.Contains(name, ".") // a name that only a local DNS can complete
}
