package outbox

import (
	"errors"
	"net"
	"net/http"
	"regexp"
	"strings"

	"github.com/sinchgo/conversation"
)

// AboutSetting reports whether an error of [Send] is about the setting of an app and not about the message: the credentials, the host, the
// project or the app. These are a refused access token, an unknown host, 401, 403, and a 404 that is not about something that the message
// names. Every message of the app fails then: send one at a time, to learn when the setting is right again, and keep the others.
func AboutSetting(failure error) bool {
	if errors.Is(failure, ErrTokenRejected) {
		return true
	}
	if unknown, ok := errors.AsType[*net.DNSError](failure); ok {
		return unknown.IsNotFound
	}
	if noToken, ok := errors.AsType[*conversation.AuthError](failure); ok {
		return noToken.StatusCode >= 400 && noToken.StatusCode < 500 &&
			noToken.StatusCode != http.StatusTooManyRequests && noToken.StatusCode != http.StatusRequestTimeout
	}
	answer, ok := errors.AsType[*conversation.Error](failure)
	if !ok {
		return false
	}
	switch answer.StatusCode {
	case http.StatusUnauthorized, http.StatusForbidden:
		return true
	case http.StatusNotFound:
		return !missesPart(answer.Message)
	}
	return false
}

var (
	quoted = regexp.MustCompile(`"[^"]*"|'[^']*'|(?i:conversation[ -]api)`)
	// subjects are what the text of a 404 can be about.
	subjects = regexp.MustCompile(`(?i)\b(?:(contact|conversation|message|template|recipient|identit|channel|media)|app|application|project|path|route|resource|region)`)
)

// missesPart reports whether the text of a 404 is about something that the message names, such as its contact. A text about nothing that is
// known here, or an empty one, is of another region, or of a host without the API.
func missesPart(text string) bool {
	found := subjects.FindStringSubmatch(quoted.ReplaceAllString(strings.ToLower(text), " "))
	return found != nil && found[1] != ""
}

// ShowsSetting reports whether the result of [Send] shows that the setting of the app is right: Sinch has accepted the message, or rejected
// it with a 4xx for which [AboutSetting] is false.
func ShowsSetting(outcome conversation.Outcome, failure error) bool {
	if outcome == conversation.OutcomeAccepted {
		return true
	}
	answer, ok := errors.AsType[*conversation.Error](failure)
	return ok && outcome == conversation.OutcomeRejected && answer.StatusCode >= 400 && answer.StatusCode < 500 && !AboutSetting(failure)
}
