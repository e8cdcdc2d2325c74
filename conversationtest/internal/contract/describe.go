package contract

import (
	"errors"
	"fmt"
	"maps"
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
	//nolint:errorlint // Only err itself matters: what it wraps are the problems of the single kinds.
	if broken, ok := err.(*openapi3.SchemaError); ok {
		if kinds := kindsOf(broken.Schema); len(kinds) > 0 && isChoice[broken.SchemaField] {
			return []string{led(slices.Concat(path, broken.JSONPointer()), exactlyOne(kinds, broken.Value))}
		}
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
	switch {
	case broken.SchemaField == "required":
		reason = "it is required"
	case broken.SchemaField == "pattern" && broken.Schema.Pattern == notBlank:
		reason = "it is empty"
	}
	return []string{led(path, reason)}
}

// isChoice has the keywords of a schema by which exactly one of several fields must be set.
var isChoice = map[string]bool{"oneOf": true, "minProperties": true, "maxProperties": true}

// kindsOf returns the fields of which a schema requires exactly one, or nil if it does not.
func kindsOf(schema *openapi3.Schema) []string {
	var kinds []string
	for _, one := range schema.OneOf {
		if len(one.Value.Properties) > 0 {
			return nil // A kind of object, not a field.
		}
		kinds = append(kinds, one.Value.Required...)
	}
	if schema.MinProps == 1 && schema.MaxProps != nil && *schema.MaxProps == 1 {
		kinds = slices.Sorted(maps.Keys(schema.Properties))
	}
	return kinds
}

func exactlyOne(kinds []string, value any) string {
	fields, _ := value.(map[string]any)
	set := 0
	for _, kind := range kinds {
		if _, ok := fields[kind]; ok {
			set++
		}
	}
	return fmt.Sprintf("exactly one kind must be set, not %d: one of %s", set, strings.Join(kinds, ", "))
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
