package conversation

import (
	"cmp"

	"github.com/sinchgo/conversation/internal/redact"
)

// The types that describe a failure print as one line. They mask and escape the words of the server and of the channel, as
// [Error] does; the fields and JSON have them as they came.

// String implements [fmt.Stringer]. It returns the class, the failure in words, and the finer class, such as
// "CHANNEL_FAILURE: the template is paused (TEMPLATE_PAUSED)".
func (r Reason) String() string { return failureLine(string(r.Code), r.Description, string(r.SubCode)) }

// String implements [fmt.Stringer].
func (s ChannelIntegrationState) String() string {
	return failureLine(string(s.Status), s.Description, "")
}

// String implements [fmt.Stringer].
func (d OptInNotificationErrorDetails) String() string { return redact.OneLine(d.Description) }

// String implements [fmt.Stringer].
func (d OptOutNotificationErrorDetails) String() string { return redact.OneLine(d.Description) }

// failureLine leaves out what is empty.
func failureLine(class, words, finer string) string {
	line := cmp.Or(class, "UNKNOWN")
	if words != "" {
		line += ": " + words
	}
	if finer != "" {
		line += " (" + finer + ")"
	}
	return redact.OneLine(line)
}
