// Package option applies functional options.
package option

import (
	"errors"
	"fmt"

	"github.com/sinchgo/conversation"
)

// Apply applies opts to config and returns the result. It tries all of them, and joins their errors.
func Apply[C any, O ~func(*C) error](operation string, config C, opts []O) (C, error) {
	var problems []error
	for i, opt := range opts {
		if opt == nil {
			problems = append(problems, &conversation.ArgumentError{
				Operation: operation, Field: fmt.Sprintf("option %d", i), Reason: "is nil: leave it out",
			})
			continue
		}
		problems = append(problems, opt(&config))
	}
	return config, errors.Join(problems...)
}
