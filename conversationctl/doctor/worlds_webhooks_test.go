package doctor_test

import (
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"syscall"
	"time"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/webhook"
)

var webhookWorlds = []brokenWorld{
	{
		"no webhooks", func(w *world) { w.noWebhooks() },
		[]want{failure("webhooks", "the app has no webhooks: no callback is sent: create a webhook with the triggers MESSAGE_INBOUND, MESSAGE_DELIVERY")},
	}, {
		"a webhook that is dismissed", func(w *world) {
			w.webhook(&conversation.UpdateWebhookRequest{TargetType: new(conversation.TargetTypeDismiss)})
		},
		[]want{failure("webhook.type", "has the target_type DISMISS: no callback is sent for MESSAGE_INBOUND, MESSAGE_DELIVERY")},
	}, {
		"a webhook that is dismissed, and not needed", func(w *world) {
			w.eu.AddWebhook("https://old.example", webhookSecret, conversation.TriggerMessageInbound)
			w.dismiss("https://old.example")
		},
		[]want{warning("webhook.type", "DISMISS")},
	}, {
		"a webhook without a target type", func(w *world) { w.replies("Webhooks.List", webhookReply(`"secret":"`+webhookSecret+`"`)) },
		[]want{warning("webhook.type", "the platform's default is DISMISS")},
	}, {
		"a target that is not a URL", func(w *world) {
			w.replies("Webhooks.List", strings.Replace(webhookReply(`"target_type":"HTTP","secret":"`+webhookSecret+`"`), target, "shop", 1))
		},
		[]want{failure("webhook.target", "is not an absolute URL")},
	}, {
		"a trigger without a webhook", func(w *world) {
			w.webhook(&conversation.UpdateWebhookRequest{Triggers: []conversation.WebhookTrigger{conversation.TriggerMessageInbound}})
		},
		[]want{failure("webhook.triggers", "no webhook has MESSAGE_DELIVERY: these callbacks are not sent")},
	}, {
		"a trigger that the program needs besides", func(w *world) {
			w.opts.Triggers = []conversation.WebhookTrigger{conversation.TriggerMessageInbound, conversation.TriggerOptOut}
		},
		[]want{failure("webhook.triggers", "no webhook has OPT_OUT")},
	}, {
		"a trigger with two webhooks", func(w *world) {
			w.eu.AddWebhook("https://shop.example/second", webhookSecret, conversation.TriggerMessageInbound)
		},
		[]want{warning("webhook.triggers", "several webhooks have MESSAGE_INBOUND")},
	}, {
		"a webhook without a secret", func(w *world) {
			w.webhook(&conversation.UpdateWebhookRequest{Secret: new("")})
			w.opts.WebhookSecret, w.opts.CallbackURL = "", ""
			w.answer(200)
		},
		[]want{warning("webhook.secret", "has no secret: callbacks are not signed")},
	}, {
		"a webhook without a secret, and a receiver that wants one", func(w *world) {
			w.webhook(&conversation.UpdateWebhookRequest{Secret: new("")})
			w.opts.WebhookSecret, w.opts.CallbackURL = "", ""
		},
		[]want{warning("webhook.secret", "has no secret"), warning("webhook.target", "and the webhook has no secret")},
	}, {
		"a webhook whose secret the API keeps back", func(w *world) { w.webhook(&conversation.UpdateWebhookRequest{Secret: new("")}) },
		[]want{warning("webhook.secret", "unless the API keeps it back")},
	}, {
		"one of two webhooks without a secret", func(w *world) {
			w.eu.AddWebhook("https://shop.example/second", "", conversation.TriggerOptIn)
		},
		[]want{failure("webhook.secret", "has no secret: the program rejects its callbacks")},
	}, {
		"a webhook with another secret", func(w *world) { w.webhook(&conversation.UpdateWebhookRequest{Secret: new(otherSecret)}) },
		[]want{failure("webhook.secret", "has another secret than the program, which rejects its callbacks")},
	}, {
		"a webhook whose secret ends with white space", func(w *world) { w.webhook(&conversation.UpdateWebhookRequest{Secret: new(webhookSecret + "\n")}) },
		[]want{failure("webhook.secret", "they differ in white space")},
	},
}

// dismiss sets the target type of a webhook to DISMISS.
func (w *world) dismiss(target string) {
	w.t.Helper()
	client := w.eu.NewClient(w.t)
	list, err := client.Webhooks.List(w.t.Context(), appID)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, hook := range list.Webhooks {
		if hook.Target == target {
			_, err = client.Webhooks.Update(w.t.Context(), hook.ID, &conversation.UpdateWebhookRequest{TargetType: new(conversation.TargetTypeDismiss)})
		}
	}
	if err != nil {
		w.t.Fatal(err)
	}
}

// target sets the target of the webhook, and leaves out the callback URL.
func (w *world) target(address string) {
	w.opts.CallbackURL = ""
	w.webhook(&conversation.UpdateWebhookRequest{Target: &address})
}

// broken sets how the receiver fails.
func (w *world) broken(err error) {
	w.opts.CallbackURL = ""
	w.internet.serve("shop.example", broken{err})
}

var targetWorlds = []brokenWorld{
	{
		"a target that the DNS does not know", func(w *world) { w.target("https://gone.example") },
		[]want{failure("webhook.target", "the DNS does not know the host name gone.example")},
	}, {
		"a target behind a closed port", func(w *world) {
			w.broken(&net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)})
		},
		[]want{failure("webhook.target", "refuses the connection")},
	}, {
		"a target that does not answer", func(w *world) {
			w.opts.CallbackURL = ""
			w.opts.HTTPClient.Timeout = 10 * time.Millisecond
			w.internet.serve("shop.example", silent{})
		},
		[]want{failure("webhook.target", "at https://shop.example does not answer in time")},
	}, {
		"a target that closes the connection", func(w *world) { w.broken(io.EOF) },
		[]want{failure("webhook.target", "closes the connection without an answer")},
	}, {
		"a target with http", func(w *world) { w.target("http://shop.example/sinch") },
		[]want{warning("webhook.target", "uses http")},
	}, {
		"a target on localhost", func(w *world) { w.target("http://localhost:3000/sinch") },
		[]want{failure("webhook.target", "which Sinch cannot reach")},
	}, {
		"a target in a private network", func(w *world) { w.target("https://192.168.1.20/sinch") },
		[]want{failure("webhook.target", "which Sinch cannot reach")},
	}, {
		"a target with a name of the local network", func(w *world) { w.target("https://receiver.internal/sinch") },
		[]want{failure("webhook.target", "which Sinch cannot reach")},
	}, {
		"a target that redirects", func(w *world) {
			w.opts.CallbackURL = ""
			w.receiver(http.RedirectHandler("https://www.shop.example/sinch", http.StatusMovedPermanently))
		},
		[]want{failure("webhook.target", "redirects with 301 to https://www.shop.example")},
	}, {
		"a target that does not exist", func(w *world) {
			w.opts.CallbackURL = ""
			w.receiver(http.NotFoundHandler())
		},
		[]want{failure("webhook.target", "answers with 404: there is no receiver at its path")},
	}, {
		"a target that accepts only GET", func(w *world) {
			w.opts.CallbackURL = ""
			w.answer(http.StatusMethodNotAllowed)
		},
		[]want{failure("webhook.target", "does not accept POST")},
	}, {
		"a target that fails", func(w *world) {
			w.opts.CallbackURL = ""
			w.answer(http.StatusBadGateway)
		},
		[]want{failure("webhook.target", "answers with 502")},
	}, {
		"a target that accepts what is not signed", func(w *world) {
			w.opts.CallbackURL = ""
			w.answer(http.StatusOK)
		},
		[]want{warning("webhook.target", "accepts an unsigned request, with 200")},
	}, {
		"a target that throttles", func(w *world) {
			w.opts.CallbackURL = ""
			w.answer(http.StatusTooManyRequests)
		},
		[]want{warning("webhook.target", "answers with 429")},
	},
}

// onlyBody is a receiver that verifies the secret but not the body, such as one behind something that changes it.
func onlySecret(next http.Handler) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, req *http.Request) {
		body, _ := io.ReadAll(req.Body)
		original := strings.Replace(string(body), "DELIVERED", "QUEUED_ON_CHANNEL", 1)
		req.ContentLength = int64(len(original))
		req.Body = io.NopCloser(strings.NewReader(original))
		next.ServeHTTP(rw, req)
	})
}

// late is a receiver with a clock that is behind.
func late(next http.Handler, behind time.Duration) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, req *http.Request) {
		rw.Header().Set("Date", time.Now().Add(-behind).UTC().Format(http.TimeFormat))
		next.ServeHTTP(rw, req)
	})
}

// only answers with a status unless the request is to the target of the webhook.
func (w *world) callbackStatus(status int) {
	verifies := receiver(w.t, webhookSecret)
	w.receiver(http.HandlerFunc(func(rw http.ResponseWriter, req *http.Request) {
		if req.URL.Path != "/callback" {
			verifies.ServeHTTP(rw, req)
			return
		}
		rw.WriteHeader(status)
	}))
}

var callbackWorlds = []brokenWorld{
	{
		"a receiver with another secret", func(w *world) { w.receiver(receiver(w.t, otherSecret)) },
		[]want{failure("callback", "rejects a correctly signed callback with 401: its secret differs")},
	}, {
		"a receiver that does not verify", func(w *world) { w.callbackStatus(http.StatusOK) },
		[]want{failure("callback", "accepts callbacks with a wrong signature: it does not verify them")},
	}, {
		"a receiver that does not verify the body", func(w *world) { w.receiver(onlySecret(receiver(w.t, webhookSecret))) },
		[]want{failure("callback", "accepts a callback whose body was changed after it was signed")},
	}, {
		"a receiver whose clock is behind", func(w *world) {
			behind := webhook.WithClock(func() time.Time { return time.Now().Add(-10 * time.Minute) })
			w.receiver(late(receiver(w.t, webhookSecret, behind), 10*time.Minute))
		},
		[]want{failure("callback", "its clock is wrong by 10m0s")},
	}, {
		"a receiver that is mounted elsewhere", func(w *world) { w.callbackStatus(http.StatusNotFound) },
		[]want{failure("callback", "answers with 404")},
	}, {
		"a receiver that fails", func(w *world) { w.callbackStatus(http.StatusInternalServerError) },
		[]want{failure("callback", "answers with 500")},
	}, {
		"a receiver that does not know delivery reports", func(w *world) { w.callbackStatus(http.StatusBadRequest) },
		[]want{failure("callback", "answers a correctly signed callback with 400")},
	}, {
		"a receiver that fails when the signature is wrong", func(w *world) {
			verifies := receiver(w.t, webhookSecret)
			w.receiver(http.HandlerFunc(func(rw http.ResponseWriter, req *http.Request) {
				if req.URL.Path == "/callback" {
					rw = failing{rw}
				}
				verifies.ServeHTTP(rw, req)
			}))
		},
		[]want{warning("callback", "answers with 500 when the signature is wrong")},
	}, {
		"a receiver that is down", func(w *world) { w.opts.CallbackURL = "https://gone.example" },
		[]want{failure("callback", "the DNS does not know the host name gone.example")},
	}, {
		"a callback URL without a secret", func(w *world) { w.opts.WebhookSecret = " " },
		[]want{failure("callback", "there is no secret to sign callbacks with")},
	}, {
		"a callback URL that is not one", func(w *world) { w.opts.CallbackURL = "shop.example/callback" },
		[]want{failure("callback", "is not an absolute URL")},
	},
}

// failing answers with 500 in place of 401.
type failing struct{ http.ResponseWriter }

// WriteHeader implements [http.ResponseWriter].
func (f failing) WriteHeader(status int) {
	if status == http.StatusUnauthorized {
		status = http.StatusInternalServerError
	}
	f.ResponseWriter.WriteHeader(status)
}
