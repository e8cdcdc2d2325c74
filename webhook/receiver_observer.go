package webhook

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"slices"
	"time"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/internal/redact"
	"github.com/sinchgo/conversation/internal/wire"
)

// Operations of [CallbackInfo].
const (
	operationServe   = "Receiver.ServeHTTP"
	operationForward = "Receiver.Forward"
	operationHandle  = "Receiver.Handle"
)

// Observer sees every callback of a [Receiver], rejected ones too, for traces and metrics: see [WithObserver]. It is the
// counterpart of conversation.Observer for what is received. Its methods are called concurrently, and must not block.
//
// Neither [CallbackInfo] nor [CallbackResult] has anything of the callback in it but its trigger: no ids, addresses or text.
type Observer interface {
	// CallbackStarted is called before anything of the request is read. The context that it returns is that of everything
	// that follows: the functions of [On], [OnAny], [Receiver.Forward] and [WithAppSecrets], the [Deduper] and the log. Nil
	// means ctx.
	CallbackStarted(ctx context.Context, info CallbackInfo) context.Context
	// CallbackEnded is called once for each CallbackStarted, before the response is written, with the context that
	// CallbackStarted of this observer returned.
	CallbackEnded(ctx context.Context, info CallbackInfo, result CallbackResult)
}

// EventObserver is an [Observer] that gets the events too. [WithObserver] finds its method by itself.
type EventObserver interface {
	Observer
	// CallbackParsed is called with each event, once its callback was verified and parsed, and before the [Deduper]: so for
	// duplicates too. It must not change the event. The context that it returns is that of the function; nil means ctx. It is not called
	// for [Receiver.Forward], but for [Receiver.Handle] afterwards. The event has ids, addresses and text: what
	// becomes of them is up to the observer.
	CallbackParsed(ctx context.Context, info CallbackInfo, event Event) context.Context
}

// CallbackInfo describes a callback to an [Observer].
type CallbackInfo struct {
	// Operation is the method that received it: "Receiver.ServeHTTP", "Receiver.Forward", or "Receiver.Handle" for one that
	// was forwarded before.
	Operation string
	// Trigger is the trigger of the event. It is empty until the callback was verified, and so if it was rejected before.
	Trigger conversation.WebhookTrigger
}

// CallbackResult is the result of a callback, for an [Observer].
type CallbackResult struct {
	// StatusCode is the status code of the response. After [Receiver.Handle] it is the one that the log has: 200 or 500. It
	// is 0 if a function ended its goroutine with [runtime.Goexit].
	StatusCode int
	// Reason is the reason for the status code. It is empty if the callback was handled.
	Reason CallbackReason
	// Size is the number of bytes of the body that were read. It is 0 if none were, and for [Receiver.Handle].
	Size int
	// Age is the age of the timestamp that the callback was signed with, in whole seconds, below zero if it is in the future.
	// It is 0 without a readable timestamp, and for [Receiver.Handle]. If the callback was rejected, anybody may have set it.
	Age time.Duration
	// Duration is the time between CallbackStarted and CallbackEnded.
	Duration time.Duration
}

// WithObserver adds an observer of callbacks. Of several observers, CallbackStarted is called in the order of the options, and
// each gets the context of the one before. CallbackEnded is called in reverse order. A panic of an observer is logged, and changes nothing about the callback.
func WithObserver(observer Observer) ReceiverOption {
	return receiverOption(func(chosen *settings) error {
		if observer == nil {
			return optionError("WithObserver", "is nil: leave the option out")
		}
		chosen.observers = append(chosen.observers, observer)
		return nil
	})
}

// observe answers a callback with f, between CallbackStarted and CallbackEnded of each observer, and logs the outcome. c is
// nil if there is no request.
func (r *Receiver) observe(ctx context.Context, info CallbackInfo, c *callback, f func(context.Context) answer) (result answer) {
	began := time.Now()
	ctx, own := r.started(ctx, info)
	defer func() { // also if a function ends its goroutine
		if result.status == 0 {
			result = answer{failed: true, reason: fmt.Errorf("%w: it ended its goroutine", errFunctionPanicked)}
		}
		took := time.Since(began)
		r.log(ctx, result, c, took)
		r.ended(own, info, result, c, took)
	}()
	return f(ctx)
}

// started notifies the observers of a new callback. It returns the last context, and the contexts of all observers.
func (r *Receiver) started(ctx context.Context, info CallbackInfo) (last context.Context, own []context.Context) {
	for _, observer := range r.settings.observers {
		ctx = r.observed(ctx, func(ctx context.Context) context.Context { return observer.CallbackStarted(ctx, info) }) //nolint:fatcontext // Each observer has one.
		own = append(own, ctx)
	}
	return ctx, own
}

// parsed passes an event to the observers that accept events.
func (r *Receiver) parsed(ctx context.Context, operation string, event Event) context.Context {
	for _, observer := range r.settings.observers {
		if of, ok := observer.(EventObserver); ok {
			info := CallbackInfo{Operation: operation, Trigger: event.Trigger()}
			ctx = r.observed(ctx, func(ctx context.Context) context.Context { return of.CallbackParsed(ctx, info, event) }) //nolint:fatcontext // Each observer has one.
		}
	}
	return ctx
}

// ended notifies the observers of the answer to a callback, the last one first.
func (r *Receiver) ended(own []context.Context, info CallbackInfo, result answer, c *callback, took time.Duration) {
	if len(own) == 0 {
		return
	}
	switch {
	case result.event != nil:
		info.Trigger = result.event.Trigger()
	case result.trigger != "":
		info.Trigger = result.trigger
	}
	end := CallbackResult{StatusCode: result.status, Reason: reasonOf(result.reason), Duration: took}
	if c != nil {
		end.Size = len(c.body)
		end.Age, _ = r.age(c.header)
	}
	for i, observer := range slices.Backward(r.settings.observers) {
		r.observed(own[i], func(ctx context.Context) context.Context {
			observer.CallbackEnded(ctx, info, end)
			return ctx
		})
	}
}

// triggerOf returns the trigger of a verified body without decoding it. It is "" if the body is not a callback.
func triggerOf(body []byte) conversation.WebhookTrigger {
	payload, err := probePayload(wire.TrimMark(body))
	switch {
	case err != nil:
		return ""
	case payload == nil:
		return conversation.TriggerUnspecified
	default:
		return payload.event().Trigger()
	}
}

// observed calls a method of an observer. If it returns no context or panics, the context stays.
func (r *Receiver) observed(ctx context.Context, f func(context.Context) context.Context) (after context.Context) {
	after = ctx
	defer func() {
		if value := recover(); value != nil {
			r.settings.logger.LogAttrs(ctx, slog.LevelError, "webhook: an observer panicked",
				slog.String("error", redact.OneLine(fmt.Sprint(value))), slog.String("stack", string(debug.Stack())))
		}
	}()
	if returned := f(ctx); returned != nil {
		after = returned
	}
	return after
}
