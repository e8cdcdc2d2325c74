package doctor_test

import (
	"time"

	"github.com/sinchgo/conversation"
)

func (w *world) queue(size int64) {
	w.eu.SetQueueStats(appID, conversation.QueueStats{OutboundLimit: 1000, OutboundSize: size})
}

func (w *world) state(channel conversation.Channel, status conversation.ChannelIntegrationStatus, description string) {
	w.eu.SetChannelState(appID, channel, conversation.ChannelIntegrationState{Status: status, Description: description})
}

var appWorlds = []brokenWorld{
	{
		"DISPATCH mode without retention", func(w *world) {
			w.update(&conversation.UpdateAppRequest{ProcessingMode: new(conversation.ProcessingModeDispatch)})
		},
		[]want{warning("app.mode", "DISPATCH without retention: Messages.Get and List cannot read messages back")},
	}, {
		"no processing mode", func(w *world) { w.replies("Apps.Get", appReply(`"display_name":"Shop"`)) },
		[]want{warning("app.mode", "probably the default, DISPATCH, without retention")},
	}, {
		"an unknown processing mode", func(w *world) { w.replies("Apps.Get", appReply(`"processing_mode":"MAGIC"`)) },
		[]want{warning("app.mode", "MAGIC is not known")},
	}, {
		"a full queue", func(w *world) { w.queue(1000) },
		[]want{failure("app.queue", "1000 of 1000 messages wait in the outbound queue: sends are answered with 429")},
	}, {
		"a queue that is almost full", func(w *world) { w.queue(800) },
		[]want{warning("app.queue", "800 of 1000 messages wait")},
	}, {
		"no channels", func(w *world) {
			w.update(&conversation.UpdateAppRequest{ChannelCredentials: []conversation.ChannelCredential{}})
		},
		[]want{failure("channels", "the app has no channels")},
	}, {
		"a channel that fails", func(w *world) {
			w.state(conversation.ChannelSMS, conversation.ChannelIntegrationFailing, "the plan of +1 555 123 0000 and "+phone+"\nis \x1b[31mclosed")
		},
		[]want{failure("channels", `SMS is FAILING: the plan of ******* and ******* is \x1b[31mclosed`)},
	}, {
		"a channel that fails, and is not needed", func(w *world) {
			w.opts.Channels = []conversation.Channel{conversation.ChannelRCS}
			w.state(conversation.ChannelSMS, conversation.ChannelIntegrationFailing, "")
		},
		[]want{warning("channels", "SMS is FAILING")},
	}, {
		"a channel that is pending", func(w *world) { w.state(conversation.ChannelRCS, conversation.ChannelIntegrationPending, "in review") },
		[]want{warning("channels", "RCS is PENDING: in review")},
	}, {
		"a channel that is needed and missing", func(w *world) {
			w.opts.Channels = []conversation.Channel{conversation.ChannelSMS, conversation.ChannelWhatsApp}
		},
		[]want{failure("channels", "the app does not have WHATSAPP: messages to it are accepted with 200 and then fail with CHANNEL_CONFIGURATION_MISSING")},
	},
}

func (w *world) clock(ahead time.Duration) {
	w.opts.Clock = func() time.Time { return time.Now().Add(ahead) }
}

var clockWorlds = []brokenWorld{
	{
		"a clock that is ahead", func(w *world) { w.clock(40 * time.Second) },
		[]want{warning("clock", "ahead of the API's: synchronize the clock")},
	}, {
		"a clock that is far ahead", func(w *world) { w.clock(time.Hour) },
		[]want{failure("clock", "ahead of the API's: a receiver on this machine takes callbacks for older")},
	}, {
		"a clock that is far behind", func(w *world) { w.clock(-6 * time.Minute) },
		[]want{failure("clock", "behind the API's: a receiver on this machine rejects callbacks")},
	},
}

var combinedWorlds = []brokenWorld{
	{
		"a wrong region and a wrong clock", func(w *world) {
			w.address = conversation.WithRegion(conversation.RegionUS)
			w.clock(time.Hour)
		},
		[]want{failure("region", "is in eu"), failure("clock", "ahead of the API's")},
	}, {
		"a swapped key and a receiver that does not verify", func(w *world) {
			w.useKey(keySecret, keyID)
			w.answer(200)
		},
		[]want{failure("credentials", "are swapped"), failure("callback", "does not verify them")},
	}, {
		"a full queue and a channel that fails", func(w *world) {
			w.queue(5000)
			w.state(conversation.ChannelSMS, conversation.ChannelIntegrationFailing, "")
		},
		[]want{failure("app.queue", "5000 of 1000"), failure("channels", "SMS is FAILING")},
	}, {
		"two channels that fail", func(w *world) {
			w.state(conversation.ChannelSMS, conversation.ChannelIntegrationFailing, "")
			w.state(conversation.ChannelRCS, conversation.ChannelIntegrationFailing, "")
		},
		[]want{failure("channels", "SMS is FAILING"), failure("channels", "RCS is FAILING")},
	}, {
		"a webhook that is dismissed and lacks a trigger", func(w *world) {
			w.webhook(&conversation.UpdateWebhookRequest{
				TargetType: new(conversation.TargetTypeDismiss), Triggers: []conversation.WebhookTrigger{conversation.TriggerMessageInbound},
			})
		},
		[]want{failure("webhook.type", "for MESSAGE_INBOUND"), failure("webhook.triggers", "no webhook has MESSAGE_DELIVERY")},
	}, {
		"DISPATCH mode and no webhooks", func(w *world) {
			w.update(&conversation.UpdateAppRequest{ProcessingMode: new(conversation.ProcessingModeDispatch)})
			w.noWebhooks()
		},
		[]want{failure("webhooks", "the app has no webhooks"), warning("app.mode", "DISPATCH")},
	}, {
		"a trigger that is missing and a receiver that is gone", func(w *world) {
			w.webhook(&conversation.UpdateWebhookRequest{Triggers: []conversation.WebhookTrigger{conversation.TriggerMessageInbound}})
			w.opts.CallbackURL = ""
			w.answer(404)
		},
		[]want{failure("webhook.triggers", "MESSAGE_DELIVERY"), failure("webhook.target", "answers with 404")},
	}, {
		"a webhook with another secret, and a receiver with a third", func(w *world) {
			w.webhook(&conversation.UpdateWebhookRequest{Secret: new(otherSecret)})
			w.receiver(receiver(w.t, "hush-third-secret"))
		},
		[]want{failure("webhook.secret", "another secret than the program"), failure("callback", "its secret differs")},
	}, {
		"a wrong app and a receiver that is down", func(w *world) {
			w.opts.AppID = projectID
			w.internet.serve("shop.example", nil)
		},
		[]want{failure("app", "the app id is the id of the project"), failure("callback", "the DNS does not know the host name shop.example")},
	},
}
