package conversation

import (
	"encoding/json"
	"fmt"
	"time"
	"unicode/utf8"

	"github.com/sinchgo/conversation/internal/wire"
)

// This file knows how much the live platform takes, and check_limits_message.go how much in a message. openapi.yaml states no
// limits, so none is checked with DialectOpenAPI.

// Limits that more than one request has.
const (
	maxMetadata             = 1024 // characters
	maxConversationMetadata = 2048 // characters, as JSON
	maxCorrelationID        = 128  // characters
)

// Injected things lie in the past, not too far back. The clocks of this machine and of the platform may differ.
const (
	maxInjectedAge = 30 * 24 * time.Hour
	clockSkew      = 5 * time.Minute
)

// limited is a request that the platform limits. What the dialects make of a request embeds it, and so is limited too.
type limited interface{ checkLimits(check *limits) }

// limits checks a request, and keeps what it found first.
type limits struct {
	op  operation
	err error
}

// checkLimits refuses a request that the live platform would refuse for its size.
func (c *Client) checkLimits(op operation, in any) error {
	request, ok := in.(limited)
	if !ok || !c.limitsHold() {
		return nil
	}
	check := &limits{op: op}
	request.checkLimits(check)
	return check.err
}

func (c *Client) limitsHold() bool { return c.dialect == DialectPlatform && !c.noLimitChecks }

func (l *limits) refuse(field, format string, args ...any) {
	if l.err == nil {
		l.err = refuse(l.op, field, fmt.Sprintf(format, args...)+" (WithoutLimitChecks turns this check off)")
	}
}

// text limits the characters of a text.
func (l *limits) text(field, text string, most int) {
	if count := utf8.RuneCountInString(text); count > most {
		l.refuse(field, "has %d characters: the platform takes at most %d", count, most)
	}
}

// json limits the characters of a value as JSON. One that cannot be written is not for limits to find.
func (l *limits) json(field string, value any, most int) {
	if encoded, err := wire.EncodeJSON(value); err == nil {
		l.text(field, string(encoded), most)
	}
}

// count limits the items of a list.
func (l *limits) count(field string, items, most int) {
	if items > most {
		l.refuse(field, "has %d items: the platform takes at most %d", items, most)
	}
}

// number limits a number. Zero means that it is not set.
func (l *limits) number(field string, number int, least, most int64) {
	if number != 0 && (int64(number) < least || int64(number) > most) {
		l.refuse(field, "is %d: the platform takes %d to %d", number, least, most)
	}
}

// injectedTime limits when an injected thing happened.
func (l *limits) injectedTime(field string, moment Time) {
	switch age := time.Since(moment.Time); {
	case age < -clockSkew:
		l.refuse(field, "lies in the future: the platform takes what has happened")
	case age > maxInjectedAge+clockSkew:
		l.refuse(field, "lies more than 30 days back: the platform takes nothing older")
	}
}

// orZero gives what a pointer leads to, or the zero value.
func orZero[T any](pointer *T) T {
	if pointer == nil {
		return *new(T)
	}
	return *pointer
}

func (r *SendMessageRequest) checkLimits(check *limits) {
	check.number("ttl", r.TTL, 3, 315576000000)
	check.text("message_metadata", r.MessageMetadata, maxMetadata)
	check.json("conversation_metadata", json.RawMessage(r.ConversationMetadata), maxConversationMetadata)
	check.text("correlation_id", r.CorrelationID, maxCorrelationID)
	for key, value := range r.ChannelProperties {
		check.text("channel_properties."+string(key), value, 1024)
	}
	check.appMessage("message", &r.Message)
}

func (l listing) checkLimits(check *limits) {
	check.number("page_size", l.pageSize, 1, l.maxPageSize)
}

func (r *UpdateMessageRequest) checkLimits(check *limits) {
	check.text("metadata", r.Metadata, maxMetadata)
}

func (r *TranscodeRequest) checkLimits(check *limits) {
	check.appMessage("app_message", &r.AppMessage)
}

func (r *CreateContactRequest) checkLimits(check *limits) {
	check.text("metadata", r.Metadata, maxMetadata)
}

func (r *UpdateContactRequest) checkLimits(check *limits) {
	check.text("metadata", orZero(r.Metadata), maxMetadata)
}

func (r *CreateConversationRequest) checkLimits(check *limits) {
	check.conversation(r.Metadata, r.MetadataJSON, r.CorrelationID)
}

func (r *UpdateConversationRequest) checkLimits(check *limits) {
	check.conversation(orZero(r.Metadata), r.MetadataJSON, orZero(r.CorrelationID))
}

func (l *limits) conversation(metadata string, metadataJSON map[string]any, correlationID string) {
	l.text("metadata", metadata, maxMetadata)
	l.json("metadata_json", metadataJSON, maxConversationMetadata)
	l.text("correlation_id", correlationID, maxCorrelationID)
}

func (r *InjectMessageRequest) checkLimits(check *limits) {
	check.injectedTime("accept_time", r.AcceptTime)
	check.text("metadata", r.Metadata, maxMetadata)
	if r.AppMessage != nil {
		check.appMessage("app_message", r.AppMessage)
	}
}

func (r *InjectConversationEventRequest) checkLimits(check *limits) {
	check.injectedTime("accept_time", r.AcceptTime)
}

func (r *CreateAppRequest) checkLimits(check *limits) {
	check.app(r.ChannelCredentials, r.RetentionPolicy, r.DispatchRetentionPolicy, r.MessageRetrySettings, r.DeliveryReportBasedFallback)
}

func (r *UpdateAppRequest) checkLimits(check *limits) {
	check.app(r.ChannelCredentials, r.RetentionPolicy, r.DispatchRetentionPolicy, r.MessageRetrySettings, r.DeliveryReportBasedFallback)
}

func (l *limits) app(
	credentials []ChannelCredential, retention *RetentionPolicy, dispatch *DispatchRetentionPolicy, retry *MessageRetrySettings,
	fallback *DeliveryReportBasedFallback,
) {
	for i, credential := range credentials {
		at := fmt.Sprintf("channel_credentials[%d]", i)
		l.text(at+".callback_secret", credential.CallbackSecret, 256)
		l.number(at+".credential_ordinal_number", credential.CredentialOrdinalNumber, 0, 255)
	}
	l.number("retention_policy.ttl_days", orZero(retention).TTLDays, 1, 3650)
	l.number("dispatch_retention_policy.ttl_days", orZero(dispatch).TTLDays, 0, 7)
	l.number("message_retry_settings.retry_duration", orZero(retry).RetryDuration, 30, 3600)
	l.number("delivery_report_based_fallback.delivery_report_waiting_time", orZero(fallback).DeliveryReportWaitingTime, 10, 259200)
}

func (r *CreateWebhookRequest) checkLimits(check *limits) {
	check.webhook(r.Target, r.ClientCredentials)
}

func (r *UpdateWebhookRequest) checkLimits(check *limits) {
	check.webhook(orZero(r.Target), r.ClientCredentials)
}

func (l *limits) webhook(target string, credentials *ClientCredentials) {
	l.text("target", target, 742)
	l.text("client_credentials.scope", orZero(credentials).Scope, 1024)
	l.text("client_credentials.response_type", orZero(credentials).ResponseType, 64)
}

func (r *V2Template) checkLimits(check *limits) {
	for i := range r.Translations {
		message := r.Translations[i].message()
		check.appMessage(fmt.Sprintf("translations[%d]", i), message)
	}
}
