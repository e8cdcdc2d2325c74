package command

import (
	"errors"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/pflag"
)

// checkFlags rejects flags that are passed without a value, such as --app "$UNSET": the environment must not take its place.
// It also rejects two flags that both read stdin.
func checkFlags(flags *pflag.FlagSet) error {
	var problem error
	var reader string
	flags.Visit(func(flag *pflag.Flag) {
		switch {
		case problem != nil:
		case isEmptyFlag(flag):
			problem = usageError("--%s is empty: pass a value, or leave it out", flag.Name)
		case !slices.Contains(inputFlags, flag.Name) || flag.Value.String() != "-":
		case reader != "":
			problem = usageError("--%s and --%s both read stdin: pass a file to one of them", reader, flag.Name)
		default:
			reader = flag.Name
		}
	})
	return problem
}

// inputFlags are the flags whose value is a file to read, or - for stdin.
var inputFlags = []string{"data", "file", "key-secret-file"}

func isEmptyFlag(flag *pflag.Flag) bool {
	if list, ok := flag.Value.(pflag.SliceValue); ok {
		return !slices.ContainsFunc(list.GetSlice(), func(item string) bool { return strings.TrimSpace(item) != "" })
	}
	return flag.Value.Type() == "string" && flag.Value.String() == ""
}

// flagProblem describes an error of package pflag without the value, which may be a phone number or the text of a message.
func flagProblem(err error) string {
	if invalid, ok := errors.AsType[*pflag.InvalidValueError](err); ok {
		return "--" + invalid.GetFlag().Name + ": " + valueProblem(invalid)
	}
	if unknown, ok := errors.AsType[*pflag.NotExistError](err); ok {
		return "unknown flag -" + strings.Repeat("-", min(1, len(unknown.GetSpecifiedName())-1)) + shownWord(unknown.GetSpecifiedName())
	}
	if missing, ok := errors.AsType[*pflag.ValueRequiredError](err); ok {
		return "--" + missing.GetFlag().Name + " requires a value"
	}
	return "a flag is not of the form --flag=value"
}

func valueProblem(invalid *pflag.InvalidValueError) string {
	switch invalid.GetFlag().Value.Type() {
	case "duration":
		return "it must be a duration such as 90s or 24h"
	case "int":
		return "it must be a whole number"
	case "float64":
		return "it must be a number"
	case "bool":
		return "it must be true or false"
	case "stringSlice":
		return "it must be values separated by commas"
	}
	return invalid.Unwrap().Error() // of a type of this package
}

var word = regexp.MustCompile(`^[a-z]+(-[a-z]+)*$`)

// shownWord returns what is in the place of a command or a flag, or dots for what cannot be meant as one.
func shownWord(text string) string {
	if word.MatchString(text) {
		return text
	}
	return "..."
}
