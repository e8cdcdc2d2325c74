package pgconversation

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/sinchgo/conversation/outbox"
)

// observe notifies the observers that the attempt has started. It returns the context of the call, and a function that notifies them
// of the end.
func (a *attempt) observe(ctx context.Context) (_ context.Context, ended func()) {
	if len(a.worker.observers) == 0 {
		return ctx, func() {}
	}
	began := time.Now()
	info := outbox.EntryInfo{Operation: "Worker.Work", App: a.job.Args.App, ID: a.id(), Attempt: a.begun.Attempts}
	contexts := []context.Context{ctx}
	for i, observer := range a.worker.observers {
		own := a.started(contexts[i], observer, info)
		if own == nil {
			own = contexts[i]
		}
		contexts = append(contexts, own)
	}
	return contexts[len(contexts)-1], func() {
		result := outbox.EntryResult{State: string(a.state), Attempts: a.begun.Attempts, Err: a.failure, Duration: time.Since(began)}
		if a.heldBack {
			result.Attempts--
		}
		if !a.sent.IsZero() {
			result.Waited = a.sent.Sub(began)
		}
		for i, observer := range slices.Backward(a.worker.observers) {
			a.ended(contexts[i+1], observer, info, result)
		}
	}
}

// started returns nil if the observer panics.
func (a *attempt) started(ctx context.Context, observer outbox.Observer, info outbox.EntryInfo) context.Context {
	defer func() { a.worker.logPanic(ctx, recover()) }()
	return observer.EntryStarted(ctx, info)
}

func (a *attempt) ended(ctx context.Context, observer outbox.Observer, info outbox.EntryInfo, result outbox.EntryResult) {
	defer func() { a.worker.logPanic(ctx, recover()) }()
	observer.EntryEnded(ctx, info, result)
}

// logPanic logs the panic of an observer, if there was one.
func (w *Worker) logPanic(ctx context.Context, value any) {
	if value != nil {
		w.logger.LogAttrs(ctx, slog.LevelError, "pgconversation: an observer panicked", slog.String("error", outbox.Redact(fmt.Sprint(value))))
	}
}

// log logs a failure.
func (w *Worker) log(ctx context.Context, what string, err error) {
	w.logger.LogAttrs(ctx, slog.LevelWarn, "pgconversation: an entry has a problem",
		slog.String("what", what), slog.String("error", outbox.Redact(err.Error())))
}
