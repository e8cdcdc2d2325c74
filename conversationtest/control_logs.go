package conversationtest

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/sinchgo/conversation"
)

// defaultWait is how long POST /_fake/wait waits without a timeout.
const defaultWait = 10 * time.Second

type controlSent struct {
	MessageID    string          `json:"message_id"`
	AppID        string          `json:"app_id"`
	AcceptedTime time.Time       `json:"accepted_time"`
	BatchID      string          `json:"batch_id,omitempty"`
	MessageIndex *int            `json:"message_index,omitempty"`
	Body         json.RawMessage `json:"body"`
}

type controlRequest struct {
	Seq        int         `json:"seq"`
	Time       time.Time   `json:"time"`
	Method     string      `json:"method"`
	Path       string      `json:"path"`
	Query      url.Values  `json:"query"`
	Operation  string      `json:"operation"`
	Header     http.Header `json:"header"`
	Body       any         `json:"body"`
	Response   any         `json:"response"`
	Status     int         `json:"status"`
	DurationMS float64     `json:"duration_ms"`
	Violation  *Violation  `json:"violation,omitempty"`
	Fault      string      `json:"fault,omitempty"`
	Outcome    string      `json:"outcome,omitempty"`
	Accepted   bool        `json:"accepted"`
	MessageID  string      `json:"message_id,omitempty"`
}

type controlCallback struct {
	Seq       int                         `json:"seq"`
	WebhookID string                      `json:"webhook_id"`
	Trigger   conversation.WebhookTrigger `json:"trigger"`
	Target    string                      `json:"target"`
	Header    http.Header                 `json:"header"`
	Body      json.RawMessage             `json:"body"`
	Attempts  int                         `json:"attempts"`
	Status    int                         `json:"status"`
	Failure   string                      `json:"failure"`
	Delivered bool                        `json:"delivered"`
	GivenUp   bool                        `json:"given_up"`
	Duplicate bool                        `json:"duplicate"`
	Resent    int                         `json:"resent,omitempty"`
	Signature string                      `json:"signature,omitempty"` // Of one that is delivered again.
	Time      *time.Time                  `json:"time"`                // Null before the first attempt.
	History   []controlAttempt            `json:"history"`
}

type controlAttempt struct {
	Time       time.Time   `json:"time"`
	DurationMS float64     `json:"duration_ms"`
	Header     http.Header `json:"header"`
	Status     int         `json:"status"`
	Failure    string      `json:"failure"`
	Answer     any         `json:"answer"`
	AnswerType string      `json:"answer_type"`
}

func (c *controlCall) sent() (any, error) {
	appID := c.query.Get("app_id")
	if _, err := c.projectOf(appID); err != nil {
		return nil, err
	}
	listed := []controlSent{}
	for _, sent := range c.state.ledger.sentMessages() {
		if appID == "" || sent.Request.AppID == appID {
			listed = append(listed, newControlSent(sent))
		}
	}
	return map[string]any{"sent": listed}, nil
}

func newControlSent(sent SentMessage) controlSent {
	listed := controlSent{
		MessageID: sent.MessageID, AppID: sent.Request.AppID, AcceptedTime: sent.AcceptedTime, BatchID: sent.BatchID, Body: sent.Body,
	}
	if sent.BatchID != "" {
		listed.MessageIndex = &sent.MessageIndex
	}
	return listed
}

func (c *controlCall) requests() (any, error) {
	after, err := c.after()
	if err != nil {
		return nil, err
	}
	operation := c.query.Get("operation")
	if operation != "" && !isOperationName(operation) {
		return nil, c.invalid("operation: %q is unknown: use a name in the SDK such as Messages.Send, or token", operation)
	}
	last, err := c.last()
	if err != nil {
		return nil, err
	}
	listed := []controlRequest{}
	for _, arrived := range c.state.ledger.requestsAfter(after) {
		if operation == "" || arrived.value.Operation == operation {
			listed = append(listed, newControlRequest(arrived.number, arrived.value))
		}
	}
	return map[string]any{"requests": newestOf(listed, last)}, nil
}

func isOperationName(name string) bool {
	return name == tokenRoute.operation || slices.ContainsFunc(routes, func(r route) bool { return r.operation == name })
}

func newControlRequest(seq int, arrived Request) controlRequest {
	listed := controlRequest{
		Seq:        seq,
		Time:       arrived.Time.UTC(),
		Method:     arrived.Method,
		Path:       arrived.Path,
		Query:      arrived.Query,
		Operation:  arrived.Operation,
		Header:     arrived.Header,
		Body:       jsonOrText(arrived.Body),
		Response:   jsonOrText(arrived.Response),
		Status:     arrived.Status,
		DurationMS: milliseconds(arrived.Duration),
		Violation:  arrived.Violation,
		Outcome:    arrived.outcomeName(),
		Accepted:   arrived.Accepted,
		MessageID:  arrived.MessageID,
	}
	if arrived.Fault != 0 {
		listed.Fault = arrived.Fault.name()
	}
	return listed
}

// milliseconds returns a duration with three decimals.
func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// jsonOrText returns a body as JSON if it is JSON, else as text, and nil if it is empty.
func jsonOrText(body []byte) any {
	switch {
	case len(body) == 0:
		return nil
	case json.Valid(body):
		return json.RawMessage(body)
	default:
		return string(body)
	}
}

func (c *controlCall) callbacks() (any, error) {
	after, err := c.after()
	if err != nil {
		return nil, err
	}
	last, err := c.last()
	if err != nil {
		return nil, err
	}
	answer := map[string]any{}
	if limit := c.query.Get("wait"); limit != "" {
		timeout, err := c.duration("wait", limit)
		if err != nil {
			return nil, err
		}
		if answer["idle"], err = c.idleWithin(timeout); err != nil {
			return nil, err
		}
	}
	listed := []controlCallback{}
	for _, sent := range c.state.callbacks.after(after) {
		listed = append(listed, newControlCallback(sent.number, sent.value))
	}
	answer["callbacks"] = newestOf(listed, last)
	return answer, nil
}

func newControlCallback(seq int, sent Callback) controlCallback {
	listed := controlCallback{
		Seq:       seq,
		WebhookID: sent.WebhookID,
		Trigger:   sent.Trigger,
		Target:    sent.Target,
		Header:    sent.Header,
		Body:      sent.Body,
		Attempts:  sent.Attempts,
		Status:    sent.Status,
		Failure:   sent.Failure,
		Delivered: sent.Delivered,
		GivenUp:   sent.GivenUp,
		Duplicate: sent.Duplicate,
		Resent:    sent.Resent,
		History:   []controlAttempt{},
	}
	if sent.Resent > 0 {
		listed.Signature = sent.Signature.String()
	}
	for _, attempt := range sent.History {
		listed.History = append(listed.History, controlAttempt{
			Time:       attempt.Time.UTC(),
			DurationMS: milliseconds(attempt.Duration),
			Header:     attempt.Header,
			Status:     attempt.Status,
			Failure:    attempt.Failure,
			Answer:     jsonOrText(attempt.Answer),
			AnswerType: attempt.AnswerType,
		})
	}
	if !sent.Time.IsZero() {
		listed.Time = new(sent.Time.UTC())
	}
	return listed
}

func (c *controlCall) wait() (any, error) {
	var body struct {
		Timeout string `json:"timeout"`
	}
	if err := c.read(&body); err != nil {
		return nil, err
	}
	timeout := defaultWait
	if body.Timeout != "" {
		var err error
		if timeout, err = c.duration("timeout", body.Timeout); err != nil {
			return nil, err
		}
	}
	idle, err := c.idleWithin(timeout)
	return map[string]bool{"idle": idle}, err
}

var errWaited = errors.New("the wait is over")

// idleWithin waits until no callback or report is outstanding, and reports whether that was so in time.
func (c *controlCall) idleWithin(timeout time.Duration) (bool, error) {
	ctx, cancel := context.WithTimeoutCause(c.request.Context(), timeout, errWaited)
	defer cancel()
	err := c.server.WaitForCallbacks(ctx)
	if errors.Is(err, errWaited) {
		return false, nil
	}
	if err != nil {
		return false, &apiError{status: http.StatusServiceUnavailable, message: c.name() + ": " + err.Error()}
	}
	return true, nil
}

// duration reads a duration that is not negative.
func (c *controlCall) duration(name, value string) (time.Duration, error) {
	read, err := time.ParseDuration(value)
	if err != nil {
		return 0, c.invalid("%s: %q is not a duration: write it as 5s or 500ms", name, value)
	}
	if read < 0 {
		return 0, c.invalid("%s: %q is negative", name, value)
	}
	return read, nil
}

// last reads the query parameter last: the number of the newest entries to return. Without it, all are returned.
func (c *controlCall) last() (int, error) {
	value := c.query.Get("last")
	if value == "" {
		return math.MaxInt, nil
	}
	last, err := strconv.Atoi(value)
	if err != nil || last < 1 {
		return 0, c.invalid("last: %q is not a number of entries: use 1 or more", value)
	}
	return last, nil
}

func newestOf[E any](entries []E, count int) []E { return entries[max(0, len(entries)-count):] }

// after reads the query parameter after, the seq of the last entry that the client has.
func (c *controlCall) after() (int, error) {
	value := c.query.Get("after")
	if value == "" {
		return 0, nil
	}
	seq, err := strconv.Atoi(value)
	if err != nil || seq < 0 {
		return 0, c.invalid("after: %q is not a seq: use the seq of the last entry that you have", value)
	}
	return seq, nil
}
