// Package doctor checks the setup of a Conversation API app: the access key, the project, the region, the channels of the app,
// its webhooks and their targets, and the clock. It reports what is wrong, why, and the fix.
//
// A service can run it when it starts. SkipTargets is set because the service, which is a target, does not listen yet:
//
//	findings, err := doctor.Run(ctx, client, doctor.Options{AppID: appID, SkipTargets: true})
//	if err != nil {
//		return err // ctx ended
//	}
//	for _, finding := range findings {
//		if finding.Level == doctor.LevelFailure {
//			return errors.New(finding.String())
//		}
//	}
//
// # Checks
//
// The names of the checks are stable. A check can have several findings.
//
//   - credentials: an access token can be obtained with the access key.
//   - api: the API can be reached and answers as the Conversation API.
//   - project: the access key is one of the project, and the account has credit.
//   - region: the app is in the region of the client.
//   - app: the app exists.
//   - app.mode: the processing mode of the app, and what it means.
//   - app.retention: how long messages can be read back.
//   - app.rates: the rate limits of the app.
//   - app.queue: how full the outbound queue of the app is.
//   - channels: the app has channels, and they are active.
//   - webhooks: the app has webhooks.
//   - webhook.type: the webhooks are not of the target type DISMISS.
//   - webhook.triggers: each trigger that is needed has a webhook.
//   - webhook.secret: the webhooks have a secret, which is that of the program.
//   - webhook.target: the targets of the webhooks can be reached, and reject what is not signed. Each is sent an unsigned {}.
//   - callback: the receiver accepts a correctly signed callback, and rejects forged ones.
//   - clock: the clock of this machine is right.
//   - versions: the versions of this module, of Go and of the API.
//   - settings: the environment variables, by [Settings].
//
// No check changes anything at Sinch or sends a message.
package doctor

import (
	"net/http"
	"time"

	"github.com/sinchgo/conversation"
)

// Level is how bad a finding is.
type Level string

// The levels, worst first.
const (
	LevelFailure Level = "failure" // messages or callbacks do not arrive
	LevelWarning Level = "warning" // works, but not as most programs expect
	LevelOK      Level = "ok"
)

// Finding is the result of one check.
type Finding struct {
	// Level is how bad it is.
	Level Level `json:"level"`
	// Check is the stable name of the check, such as "region" or "webhook.triggers".
	Check string `json:"check"`
	// Message describes what was found, without secrets and phone numbers.
	Message string `json:"message"`
	// Fix describes what to do. Empty for LevelOK.
	Fix string `json:"fix,omitempty"`
}

// String returns the finding as one line.
func (f Finding) String() string {
	line := string(f.Level) + ": " + f.Check + ": " + f.Message
	if f.Fix != "" {
		line += ": " + f.Fix
	}
	return line
}

// Options configures Run. The zero value checks the project, and its app if it has only one.
type Options struct {
	// AppID is the id of the app to check. Empty: that of the only app in the region. If there are several, they are listed, and
	// none is checked.
	AppID string

	// Triggers are the triggers that the program needs. Nil: MESSAGE_INBOUND and MESSAGE_DELIVERY. Empty but not nil: none.
	Triggers []conversation.WebhookTrigger

	// Channels are the channels that the program sends to. Nil: those that the app has.
	Channels []conversation.Channel

	// KeyID and KeySecret are the access key of the client. If they are set and the key is refused, Run tries them swapped.
	KeyID, KeySecret string

	// WebhookSecret is the secret with which the program verifies callbacks. If it is set, Run compares it with those of the
	// webhooks.
	WebhookSecret string

	// CallbackURL is the address of the program's receiver. If it is set, Run posts three delivery reports of a message that
	// does not exist to it: one signed with WebhookSecret, and two signed wrongly.
	CallbackURL string

	// SkipTargets leaves out the requests to the targets of webhooks.
	SkipTargets bool

	// HTTPClient makes the requests to targets and to CallbackURL. Redirects are not followed. Nil: the default client. Each request
	// ends after 10 seconds.
	HTTPClient *http.Client

	// Clock returns the current time. Nil: time.Now.
	Clock func() time.Time
}
