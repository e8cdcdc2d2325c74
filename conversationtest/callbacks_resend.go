package conversationtest

import (
	"crypto/rand"
	"fmt"
	"net/http"
	"time"
)

// Signature is how a callback is signed that is delivered again.
type Signature int

// The signatures of [Server.ResendCallback].
const (
	SignatureValid   Signature = iota // with the secret of the webhook, a new nonce and the time now
	SignatureWrong                    // with another secret
	SignatureMissing                  // not signed
	SignatureOld                      // as of 25 hours ago: a webhook.Receiver accepts 24 hours, unless it is configured otherwise
)

// signatureAge is the age of SignatureOld.
const signatureAge = 25 * time.Hour

var signatureNames = []string{"valid", "wrong", "missing", "old"}

// String returns the name of the signature.
func (s Signature) String() string {
	if !s.known() {
		return fmt.Sprintf("Signature(%d)", int(s))
	}
	return signatureNames[s]
}

func (s Signature) known() bool { return s >= 0 && int(s) < len(signatureNames) }

// ResendCallback delivers one of [Server.Callbacks] again, with the same body, to test what a handler does with a
// duplicate or a forgery:
//
//	srv.ResendCallback(srv.Callbacks()[0], conversationtest.SignatureWrong)
//
// It is a new callback, which follows those that wait for the same webhook, and has the target and the secret that the
// webhook had at first. Only with SignatureValid it is retried. ResendCallback panics if the callback is not from this
// package, and for a wrong or old signature if the webhook has no secret.
func (s *Server) ResendCallback(callback Callback, signature Signature) {
	if problem := callback.resendProblem(signature); problem != "" {
		panic("conversationtest: ResendCallback: " + problem)
	}
	s.current().callbacks.resend(callback, signature)
}

// resendProblem describes why a callback cannot be delivered again with a signature. It is empty if it can.
func (c *Callback) resendProblem(signature Signature) string {
	switch {
	case !signature.known():
		return fmt.Sprintf("signature: %s is unknown: use SignatureValid", signature)
	case c.to == nil:
		return "callback: it was never delivered: use one of Server.Callbacks"
	case c.to.Secret == "" && (signature == SignatureWrong || signature == SignatureOld):
		return fmt.Sprintf("signature: without a secret, callbacks are not signed, so none is %s: use valid or missing, "+
			"or set the secret of the webhook, or of the app for a callback URL", signature)
	default:
		return ""
	}
}

// resend schedules a callback again, and returns the new one.
func (c *callbacks) resend(original Callback, signature Signature) Callback {
	attempts := 1
	if signature == SignatureValid {
		attempts = c.config.MaxAttempts
	}
	again := &Callback{
		WebhookID: original.WebhookID,
		Trigger:   original.Trigger,
		Target:    original.Target,
		Body:      original.Body,
		Resent:    original.number,
		Signature: signature,
		to:        original.to,
	}
	header := c.headers(func() http.Header { return c.resentHeader(again) })
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.start(again, header, attempts, 0)
}

// resentHeader returns the headers of an attempt of a callback that is delivered again.
func (c *callbacks) resentHeader(again *Callback) http.Header {
	switch now := c.clock.Now(); again.Signature {
	case SignatureWrong:
		return newHeader(again.Body, rand.Text(), now)
	case SignatureMissing:
		return newHeader(again.Body, "", now)
	case SignatureOld:
		return newHeader(again.Body, again.to.Secret, now.Add(-signatureAge))
	default:
		return newHeader(again.Body, again.to.Secret, now)
	}
}
