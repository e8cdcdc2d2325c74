package webhook

import "errors"

// CallbackReason is the reason for the answer to a callback, if it is not that the callback was handled: one of a fixed set
// of phrases, which have nothing of the callback in them and can be labels of metrics. The log has it too: its attribute
// reason is "webhook: ", then the phrase, then possibly details.
type CallbackReason string

// The reasons of a [Receiver], with the status codes that they cause.
const (
	ReasonNotSigned        CallbackReason = "not signed"                                                // 401
	ReasonBadSignature     CallbackReason = "bad signature"                                             // 401
	ReasonUnknownAlgorithm CallbackReason = "unknown algorithm"                                         // 401
	ReasonMalformed        CallbackReason = "malformed signature headers"                               // 400
	ReasonTooOld           CallbackReason = "too old"                                                   // 503
	ReasonTooNew           CallbackReason = "from the future"                                           // 503
	ReasonNotPost          CallbackReason = "the method is not POST"                                    // 405
	ReasonTooLarge         CallbackReason = "the body is too large"                                     // 413
	ReasonBrokeOff         CallbackReason = "the body broke off"                                        // 503
	ReasonTooSlow          CallbackReason = "the body did not arrive within WithReadTimeout"            // 503
	ReasonReadBefore       CallbackReason = "something read the body before the receiver"               // 500
	ReasonChanged          CallbackReason = "something changed the body before the receiver"            // 500
	ReasonNotCallback      CallbackReason = "not a callback"                                            // 400
	ReasonAnotherApp       CallbackReason = "app_id is not the one whose secrets were looked up"        // 400
	ReasonAppSecrets       CallbackReason = "WithAppSecrets"                                            // 503: its function failed, or a secret is not valid
	ReasonTooManyRunning   CallbackReason = "as many functions are running as WithMaxConcurrent allows" // 503
	ReasonInFlight         CallbackReason = "a duplicate is being handled"                              // 503
	ReasonHandledBefore    CallbackReason = "a duplicate was handled before"                            // 200
	ReasonDeduper          CallbackReason = "Deduper"                                                   // 503: its Begin failed
	ReasonFunctionFailed   CallbackReason = "the function failed"                                       // 500; 503 of Forward
	ReasonFunctionPanicked CallbackReason = "the function panicked"                                     // 500; 503 of Forward
)

// reasonError is an error whose text is a reason.
type reasonError struct {
	reason CallbackReason
	text   string
}

func newReason(reason CallbackReason) error {
	return &reasonError{reason, "webhook: " + string(reason)}
}

func (e *reasonError) Error() string { return e.text }

// reasonOf returns the reason at the beginning of an error's text. It is "" if err is nil.
func reasonOf(err error) CallbackReason {
	if _, ok := err.(*ParseError); ok { //nolint:errorlint // The error of a function may wrap one.
		return ReasonNotCallback
	}
	if first, ok := errors.AsType[*reasonError](err); ok {
		return first.reason
	}
	return ""
}
