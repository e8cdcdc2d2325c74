package conversation

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/sinchgo/conversation/internal/auth"
	"github.com/sinchgo/conversation/internal/redact"
	"github.com/sinchgo/conversation/internal/transport"
)

// Observer is notified of each call of a [Client], to trace, measure or log it. Pass it to [WithObserver]. Calls run
// concurrently, so its methods do too.
//
// Each method of a service that makes one request to the API, retries aside, is one call. Its CallStarted and CallEnded
// are called once each, in its goroutine, also if it is rejected before anything is sent, is cancelled or panics. A
// method that makes several requests is not a call itself; these are: each page of a list, each message of
// [MessagesService.SendMany], each batch and each lookup of [BatchesService.SendAll], each step of
// [ContactsService.Upsert]. What such a method rejects before its first call is not seen.
//
// The fetch of an access token by [WithOAuth2] is a call named "Token". It is one call for all that wait for the token.
// Its context has the values of the call that began it, but neither its deadline nor its cancellation, so it may end
// after that call.
//
// A panic of an observer is treated like one of [Middleware]: it reaches the caller of the method, and in SendMany
// becomes the error of the message. An observer must not panic: if CallEnded does, the result of the call is lost.
type Observer interface {
	// CallStarted is called before a call is made. The returned context, derived from ctx, is that of the call: the
	// wait for the access token, each attempt, its middleware and its log records have it. Nil means ctx.
	CallStarted(ctx context.Context, call CallInfo) context.Context
	// CallEnded is called with the context that CallStarted of this observer returned.
	CallEnded(ctx context.Context, call CallInfo, result CallResult)
}

// AttemptObserver is an [Observer] that is notified of each attempt of a call too. [WithObserver] finds its methods by
// itself. They are called once each for every request to the API or to the token endpoint, between CallStarted and
// CallEnded.
type AttemptObserver interface {
	Observer
	// AttemptStarted is called before a request. The returned context, derived from ctx, is that of the request and of
	// its log record. Nil means ctx.
	AttemptStarted(ctx context.Context, call CallInfo) context.Context
	// AttemptEnded is called after the response was read, with the context that AttemptStarted of this observer
	// returned. The Attempts of the result are the number of the attempt, from 1, and Waited is 0.
	AttemptEnded(ctx context.Context, call CallInfo, result CallResult)
}

// MessageObserver is an [Observer] that is notified of the ids of messages too, and may add to their metadata.
// [WithObserver] finds its methods by itself. They are called for each Messages.Send that is not rejected before it,
// between CallStarted and CallEnded, with the context of the call, which is that of the last observer.
type MessageObserver interface {
	Observer
	// MessageMetadata is called once with the message_metadata of the request, before it is encoded. It returns the
	// metadata to send. What exceeds the limit of 1,024 characters is not sent: the metadata is left as it was. The
	// request of the caller is not changed.
	MessageMetadata(ctx context.Context, call CallInfo, metadata string) string
	// MessageAccepted is called with the id of a message that the API has accepted.
	MessageAccepted(ctx context.Context, call CallInfo, messageID string)
}

// CallInfo describes a call. It holds no ids and no other data of the call, and has few different values.
type CallInfo struct {
	Operation  string // as in errors, such as "Messages.Send"; "Do" for [Client.Do], "Token" for the fetch of an access token
	Method     string // HTTP method
	Route      string // path with placeholders, such as "/v1/projects/{project_id}/messages:send"; "(free)" for Client.Do
	Idempotent bool   // retried after any temporary failure; sends, creates and merges are not
}

// CallResult describes the end of a call.
type CallResult struct {
	Err        error         // as the caller gets it, but for panics; its fields may hold personal data, its text does not
	Outcome    Outcome       // that of Err: see OutcomeOf
	StatusCode int           // HTTP status of the response to the last attempt; 0 without a response
	Attempts   int           // requests sent; 0 if the call failed before the first
	RequestID  string        // id of that response, masked as in the log; "" without one
	Duration   time.Duration // of the whole call, with all waits
	Waited     time.Duration // time between attempts, such as for Retry-After; without waits for a token or for WithRateLimit
}

// WithObserver adds an observer of all calls. Of several observers, CallStarted is called in the order of the options,
// and each gets the context of the one before. CallEnded is called in reverse order. The same holds for the attempts of
// an [AttemptObserver].
func WithObserver(observer Observer) Option {
	return func(c *config) error {
		if observer == nil {
			return optionError("WithObserver", "has a nil observer: leave the option out")
		}
		c.observers = append(c.observers, observer)
		if attempts, ok := observer.(AttemptObserver); ok {
			c.attempts = append(c.attempts, ofAttempts{attempts})
		}
		if messages, ok := observer.(MessageObserver); ok {
			c.messageObservers = append(c.messageObservers, messages)
		}
		return nil
	}
}

// CallFromContext returns the call that a request belongs to, from the request's context. It is for [Middleware] and
// for the transport of [WithHTTPClient], which sees token requests too. It works without an observer.
func CallFromContext(ctx context.Context) (CallInfo, bool) {
	attempt, _ := transport.AttemptOf(ctx)
	call, ok := attempt.Call.(*CallInfo)
	if !ok {
		return CallInfo{}, false
	}
	return *call, true
}

// AttemptFromContext returns the number of a request within its call, from 1, where [CallFromContext] returns the call.
func AttemptFromContext(ctx context.Context) (int, bool) {
	attempt, ok := transport.AttemptOf(ctx)
	return attempt.Number, ok
}

// opToken is the name of the call that fetches an access token.
const opToken = "Token"

// errPanicked is what observers get for a call that panicked: the value of the panic may hold personal data.
var errPanicked = errors.New("the call panicked or ended its goroutine")

// observers are the observers of a client, in order.
type observers []Observer

// ofAttempts is an observer of attempts in place of calls.
type ofAttempts struct{ observer AttemptObserver }

func (o ofAttempts) CallStarted(ctx context.Context, call CallInfo) context.Context {
	return o.observer.AttemptStarted(ctx, call)
}

func (o ofAttempts) CallEnded(ctx context.Context, call CallInfo, result CallResult) {
	o.observer.AttemptEnded(ctx, call, result)
}

// watch makes a call between CallStarted and CallEnded of each observer. CallEnded is called even if run or another
// observer panics. result is called after run.
func (all observers) watch(ctx context.Context, call CallInfo, run func(context.Context), result func() CallResult) {
	if len(all) == 0 {
		run(ctx)
		return
	}
	own := all[0].CallStarted(ctx, call)
	if own == nil {
		own = ctx
	}
	defer func() { all[0].CallEnded(own, call, result()) }()
	all[1:].watch(own, call, run, result)
}

func (op operation) info() CallInfo {
	return CallInfo{Operation: op.name, Method: op.method, Route: op.route, Idempotent: op.class != classNotIdempotent}
}

// result returns what observers get at the end of a call.
func (state *callState) result(err error) CallResult {
	result := state.attemptResult(err, state.began)
	result.Waited = state.waited
	return result
}

// attemptResult returns what observers get at the end of an attempt.
func (state *callState) attemptResult(err error, began time.Time) CallResult {
	return CallResult{
		Err: err, Outcome: OutcomeOf(err), StatusCode: state.statusCode(), RequestID: state.requestID(),
		Attempts: state.attempts, Duration: time.Since(began),
	}
}

func (state *callState) statusCode() int {
	if state.reply == nil {
		return 0
	}
	return state.reply.Status
}

// requestID returns the request id of the last reply as it may be printed.
func (state *callState) requestID() string {
	if state.reply == nil || state.reply.RequestID() == "" {
		return ""
	}
	id := redact.Hide(state.reply.RequestID(), state.token.Hidden) // without the allocations of state.hidden
	return redact.ID(redact.Hide(id, func() []string { return secretsIn(state.call.in) }))
}

// fetchToken fetches an access token and shows the call to the observers.
func (c *Client) fetchToken(ctx context.Context, fetcher *auth.Fetcher, call CallInfo) (fetched auth.Fetched, failed *auth.Failure) {
	began := time.Now()
	var report auth.Report
	failed = &auth.Failure{Err: errPanicked}
	c.observers.watch(ctx, call, func(ctx context.Context) {
		fetched, failed = fetcher.Fetch(ctx)
		report = fetcher.Report
	}, func() CallResult {
		result := tokenResult(report, failed, began)
		result.Waited = report.Waited
		return result
	})
	return fetched, failed
}

// requestToken makes a single token request and shows it to the observers of attempts.
func (c *Client) requestToken(
	ctx context.Context, fetcher *auth.Fetcher, call CallInfo, request func(context.Context) (auth.Fetched, *auth.Failure),
) (fetched auth.Fetched, failed *auth.Failure) {
	began := time.Now()
	failed = &auth.Failure{Err: errPanicked}
	c.attempts.watch(ctx, call, func(ctx context.Context) {
		fetched, failed = request(ctx)
	}, func() CallResult {
		return tokenResult(fetcher.Report, failed, began)
	})
	return fetched, failed
}

// tokenResult returns what observers get at the end of a token call or of one of its attempts.
func tokenResult(report auth.Report, failed *auth.Failure, began time.Time) CallResult {
	var err error
	if failed != nil {
		own := newAuthError(opToken, failed)
		own.Attempts = report.Attempts
		err = own
	}
	return CallResult{
		Err: err, Outcome: OutcomeOf(err), StatusCode: report.StatusCode, RequestID: report.RequestID,
		Attempts: report.Attempts, Duration: time.Since(began),
	}
}

// logAttempt logs one request and its result. ctx is that of the attempt.
func (c *Client) logAttempt(ctx context.Context, state *callState) {
	if c.logger.Enabled(ctx, slog.LevelDebug) {
		c.logger.LogAttrs(ctx, slog.LevelDebug, "conversation: request", state.attrs(state.took, state.last)...)
	}
}

// logRetry logs that a call is about to be retried.
func (c *Client) logRetry(ctx context.Context, state *callState, delay time.Duration) {
	if c.logger.Enabled(ctx, slog.LevelWarn) {
		c.logger.LogAttrs(ctx, slog.LevelWarn, "conversation: retrying",
			append(state.attrs(state.took, state.last), slog.Duration("delay", delay))...)
	}
}

// logUnknown logs that a call that must not be retried has an unknown outcome.
func (c *Client) logUnknown(ctx context.Context, state *callState, err error) {
	if state.info.Idempotent || OutcomeOf(err) != OutcomeUnknown || !c.logger.Enabled(ctx, slog.LevelError) {
		return
	}
	c.logger.LogAttrs(ctx, slog.LevelError, "conversation: the outcome is unknown", state.attrs(time.Since(state.began), err)...)
}

// logMistyped logs which fields of the reply have an unexpected type. Their values may be personal data.
func (c *Client) logMistyped(ctx context.Context, state *callState) {
	if len(state.mistyped) == 0 {
		return
	}
	c.logger.LogAttrs(ctx, slog.LevelWarn, "conversation: the reply has fields of an unexpected type",
		append(state.attrs(state.took, state.last), slog.Any("fields", state.mistyped))...)
}

// attrs returns the attributes of a log record of a call. took and err are those of the last request or of the call.
func (state *callState) attrs(took time.Duration, err error) []slog.Attr {
	attrs := []slog.Attr{
		slog.String("operation", state.info.Operation),
		slog.String("method", state.info.Method),
		slog.String("route", state.info.Route),
		slog.Int("attempt", state.attempts),
		slog.Duration("duration", took),
		slog.String("outcome", OutcomeOf(err).String()),
	}
	if status := state.statusCode(); status != 0 {
		attrs = append(attrs, slog.Int("status_code", status))
	}
	if id := state.requestID(); id != "" {
		attrs = append(attrs, slog.String("request_id", id))
	}
	if err != nil {
		attrs = append(attrs, slog.String("error", err.Error()))
	}
	return attrs
}
