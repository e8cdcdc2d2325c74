package otelconversation

import (
	"context"
	"errors"
	"net"
	"net/http"
	"strconv"

	"go.opentelemetry.io/otel/attribute"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"

	"github.com/sinchgo/conversation"
)

// The attributes that the semantic conventions have no name for.
const (
	operationKey = attribute.Key("sinch.conversation.operation")
	outcomeKey   = attribute.Key("sinch.conversation.outcome")
	requestIDKey = attribute.Key("sinch.conversation.request_id")
	attemptsKey  = attribute.Key("sinch.conversation.attempts")
	waitedKey    = attribute.Key("sinch.conversation.waited")
	triggerKey   = attribute.Key("sinch.conversation.trigger")
	reasonKey    = attribute.Key("sinch.conversation.reason")
	sizeKey      = attribute.Key("sinch.conversation.body_size")
	ageKey       = attribute.Key("sinch.conversation.age")
	stateKey     = attribute.Key("sinch.conversation.state")
	attemptKey   = attribute.Key("sinch.conversation.attempt")
)

var (
	messagingSystem  = semconv.MessagingSystemKey.String("sinch_conversation")
	messagingSend    = []attribute.KeyValue{messagingSystem, semconv.MessagingOperationName("send"), semconv.MessagingOperationTypeSend}
	messagingProcess = []attribute.KeyValue{messagingSystem, semconv.MessagingOperationName("process"), semconv.MessagingOperationTypeProcess}
	messagingReceive = []attribute.KeyValue{messagingSystem, semconv.MessagingOperationName("receive"), semconv.MessagingOperationTypeReceive}
)

// isSend reports whether an operation sends messages.
func isSend(operation string) bool {
	return operation == "Messages.Send" || operation == "Batches.Send"
}

// method returns the attribute of a method. Client.Do accepts any string.
func method(name string) attribute.KeyValue {
	switch name {
	case http.MethodGet, http.MethodPost, http.MethodPatch, http.MethodPut, http.MethodDelete, http.MethodHead, http.MethodOptions:
		return semconv.HTTPRequestMethodKey.String(name)
	}
	return semconv.HTTPRequestMethodOther
}

// errorType returns the error.type of the end of a call: the status code of a failure, or a kind of error. It never holds the
// text of the error.
func errorType(err error, statusCode int) string {
	if _, ok := errors.AsType[*conversation.ArgumentError](err); ok {
		return "invalid_argument"
	}
	if _, ok := errors.AsType[*conversation.AuthError](err); ok && statusCode < 400 {
		return "no_token"
	}
	if statusCode >= 300 {
		return strconv.Itoa(statusCode)
	}
	switch {
	case errors.Is(err, context.Canceled):
		return "canceled"
	case isTimeout(err):
		return "timeout"
	}
	if _, ok := errors.AsType[*conversation.TransportError](err); ok {
		return "no_response"
	}
	if _, ok := errors.AsType[*conversation.Error](err); ok {
		return "invalid_response"
	}
	return semconv.ErrorTypeOther.Value.AsString()
}

func isTimeout(err error) bool {
	failed, ok := errors.AsType[net.Error](err)
	return errors.Is(err, context.DeadlineExceeded) || ok && failed.Timeout()
}
