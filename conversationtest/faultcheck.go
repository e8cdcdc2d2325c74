package conversationtest

import (
	"fmt"
	"strconv"
)

// problem says what of a Fault makes no sense.
func (f Fault) problem() string {
	switch {
	case !f.Kind.known():
		return fmt.Sprintf("Kind: %d is none: it must be set, to FaultReset for example", int(f.Kind))
	case !knownOperation(f.Operation):
		return fmt.Sprintf("Operation: %q is not known: give its name in the SDK, such as \"Messages.Send\", "+
			"its route, such as \"POST messages:send\", or \"token\"", f.Operation)
	case f.Kind == FaultTokenEndpointDown && f.Operation != "" && f.Operation != tokenOperation:
		return fmt.Sprintf("Operation: %s does not happen to %q: use FaultStatus", f.Kind, f.Operation)
	case f.Skip < 0 || f.Times < 0 || f.Delay < 0:
		return "Skip, Times and Delay must not be below zero"
	case !(f.Probability >= 0 && f.Probability <= 1): // False for NaN too.
		return fmt.Sprintf("Probability: %v is not from 0 to 1", f.Probability)
	case f.Status != 0 && (f.Status < 200 || f.Status > 599):
		return fmt.Sprintf("Status: %d is not from 200 to 599", f.Status)
	}
	if _, err := strconv.Atoi(f.RetryAfter); f.RetryAfterDate && err != nil {
		return fmt.Sprintf("RetryAfter: %q must be a number of seconds for RetryAfterDate", f.RetryAfter)
	}
	return ""
}
