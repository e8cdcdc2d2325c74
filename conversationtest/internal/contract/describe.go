package contract

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
)

// describe returns the problems in an error of the validator. The path leads to the value that the error is about.
func describe(err error, path ...string) []string {
	if err == nil {
		return nil
	}
	//nolint:errorlint // Only err itself matters: it may hold several errors of this type.
	if failed, ok := err.(*openapi3filter.RequestError); ok && failed.Parameter != nil {
		path = []string{failed.Parameter.Name}
	}
	if several, ok := errors.AsType[openapi3.MultiError](err); ok {
		var problems []string
		for _, one := range several {
			problems = append(problems, describe(one, path...)...)
		}
		return problems
	}
	broken, ok := errors.AsType[*openapi3.SchemaError](err)
	if !ok {
		return []string{led(path, strings.TrimPrefix(err.Error(), "request body has an error: "))}
	}
	reason := broken.Reason
	path = slices.Concat(path, broken.JSONPointer())
	if broken.SchemaField == "required" {
		reason = "it is required"
	}
	return []string{led(path, reason)}
}

// led returns the reason with the path of its field in front, such as "recipient.identified_by: it is required".
func led(path []string, reason string) string {
	var field strings.Builder
	for i, name := range path {
		switch _, err := strconv.Atoi(name); {
		case err == nil:
			fmt.Fprintf(&field, "[%s]", name)
		case i > 0:
			field.WriteString("." + name)
		default:
			field.WriteString(name)
		}
	}
	if field.Len() == 0 {
		return "the request: " + reason
	}
	return field.String() + ": " + reason
}
