package conversationtest

import (
	"net/http"
	"slices"
	"time"
)

const (
	maxCallbackHistory = 20      // How many attempts of a callback are kept.
	maxCallbackAnswer  = 4 << 10 // How much of the body of each answer is kept, in bytes.
)

// CallbackAttempt is an attempt to deliver a callback. Its header and answer are shared: do not modify them.
type CallbackAttempt struct {
	// Time is when the attempt began, by Config.Clock.
	Time time.Time

	// Duration is the time until the answer or the failure.
	Duration time.Duration

	// Header holds the headers that were posted. The access token of a webhook with client credentials is left out.
	Header http.Header

	// Status is the status code of the answer, 0 if there was none.
	Status int

	// Failure describes why the attempt failed. It is empty after a 2xx answer.
	Failure string

	// Answer is the body of the answer, up to 4 KiB.
	Answer []byte

	// AnswerType is the Content-Type of the answer.
	AnswerType string
}

// callbackAnswer is what a receiver or a token endpoint answers.
type callbackAnswer struct {
	status      int
	contentType string
	body        []byte
}

// newCallbackAttempt describes an attempt that is over.
func newCallbackAttempt(began time.Time, took time.Duration, header http.Header, got callbackAnswer, err error) CallbackAttempt {
	attempt := CallbackAttempt{
		Time: began, Duration: took, Header: header, Status: got.status,
		Answer: firstBytes(got.body, maxCallbackAnswer), AnswerType: got.contentType,
	}
	if err != nil {
		attempt.Failure = err.Error()
	}
	return attempt
}

// add records an attempt. Copies of the callback keep the history that they have.
func (c *Callback) add(attempt CallbackAttempt) {
	c.Status, c.Failure, c.Delivered = attempt.Status, attempt.Failure, attempt.Failure == ""
	last := c.History[max(0, len(c.History)-maxCallbackHistory+1):]
	c.History = slices.Concat(last, []CallbackAttempt{attempt})
}

// size returns the size of the bodies, in bytes.
func (c *Callback) size() int {
	size := len(c.Body)
	for _, attempt := range c.History {
		size += len(attempt.Answer)
	}
	return size
}
