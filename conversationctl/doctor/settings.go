package doctor

import (
	"errors"
	"slices"
	"strings"
	"unicode"

	"github.com/sinchgo/conversation"
)

// The environment variables that conversation.NewClientFromEnv reads.
const (
	envProjectID  = "SINCH_PROJECT_ID"
	envKeyID      = "SINCH_KEY_ID"
	envKeySecret  = "SINCH_KEY_SECRET"
	envRegion     = "SINCH_CONVERSATION_REGION"
	envRegionAlso = "SINCH_REGION"
	envBaseURL    = "SINCH_CONVERSATION_BASE_URL"
	envTemplates  = "SINCH_TEMPLATES_BASE_URL"
	envBatch      = "SINCH_BATCH_BASE_URL"
	envTokenURL   = "SINCH_TOKEN_URL" //nolint:gosec // The name of a variable, not a credential.
	envDialect    = "SINCH_CONVERSATION_DIALECT"
	envInsecure   = "SINCH_CONVERSATION_INSECURE_HTTP"
	envApp        = "SINCH_APP_ID" // of conversationctl
)

var variables = []string{
	envProjectID, envKeyID, envKeySecret, envRegion, envRegionAlso, envBaseURL, envTemplates, envBatch, envTokenURL, envDialect, envInsecure,
}

// environment is the values of the variables, without white space around them.
type environment map[string]string

// Settings checks the environment variables that [conversation.NewClientFromEnv] reads, for use before there is a client. Lookup
// is [os.LookupEnv] or a function like it. It makes no request. All findings are of the check settings, worst first.
//
// There is a failure if NewClientFromEnv without options would return an error.
func Settings(lookup func(name string) (value string, found bool)) []Finding {
	env := environment{}
	var findings []Finding
	for _, name := range append([]string{envApp}, variables...) {
		value, _ := lookup(name)
		env[name] = strings.TrimSpace(value)
		if env[name] != "" && env[name] != value {
			findings = append(findings, warning(checkSettings, name+" has white space around it: this module ignores that, other programs may not", "remove it"))
		}
	}
	for _, name := range variables {
		if problem := env.problem(name); problem != "" {
			findings = append(findings, invalid(name, problem))
		}
	}
	findings = append(findings, env.missing()...)
	findings = append(findings, env.conflicts()...)
	if findings == nil {
		return []Finding{ok(checkSettings, "the environment variables are complete and valid")}
	}
	sortFindings(findings)
	return findings
}

// invalid returns the failure for a variable with a problem.
func invalid(name, problem string) Finding {
	what, fix, found := strings.Cut(problem, ": ")
	if !found {
		fix = "correct it"
	}
	return failure(checkSettings, name+" "+said(what), said(fix))
}

// missing returns a failure for each variable that is required and not set.
func (env environment) missing() []Finding {
	var findings []Finding
	require := func(fix string, names ...string) {
		if !slices.ContainsFunc(names, func(name string) bool { return env[name] != "" }) {
			findings = append(findings, failure(checkSettings, names[0]+" is not set", fix))
		}
	}
	require("set it to the project id from the Sinch dashboard", envProjectID)
	require("set it to the id of an access key of the project", envKeyID)
	require("set it to the secret of that access key", envKeySecret)
	require("set it to the region of your app: us, eu or br", envRegion, envRegionAlso, envBaseURL)
	return findings
}

// problem returns why a client does not accept the value of a variable, and the fix after a colon, or "". It creates a
// client with that value and valid others.
func (env environment) problem(name string) string {
	value := env[name]
	if value == "" {
		return ""
	}
	const quotes = "\"'`“”‘’"
	if strings.Trim(value, quotes) == "" || strings.ContainsAny(value[:1], quotes) && strings.ContainsAny(value[len(value)-1:], quotes) {
		return "is in quotes: remove them"
	}
	project, key, secret := "project", "key", "secret"
	var options []conversation.Option
	switch name {
	case envProjectID:
		if strings.ContainsFunc(value, unicode.IsSpace) {
			return "contains white space: copy it again"
		}
		project = value
	case envKeyID:
		key = value
	case envKeySecret:
		secret = value
	case envRegion:
		return oneOf(value, "us", "eu", "br")
	case envRegionAlso:
		if env[envRegion] != "" {
			return "" // ignored
		}
		return oneOf(value, "us", "eu", "br")
	case envBaseURL:
		options = append(options, conversation.WithBaseURL(value))
	case envTemplates:
		options = append(options, conversation.WithTemplatesBaseURL(value))
	case envBatch:
		options = append(options, conversation.WithBatchBaseURL(value))
	case envTokenURL:
		options = append(options, conversation.WithTokenURL(value))
	case envDialect:
		return oneOf(value, "openapi", "platform")
	case envInsecure:
		return oneOf(value, "true", "false", "1", "0")
	}
	options = append(options, conversation.WithOAuth2(key, secret), conversation.WithRegion(conversation.RegionEU))
	if env.insecure() {
		options = append(options, conversation.WithInsecureHTTP())
	}
	_, err := conversation.NewClient(project, options...)
	argument, invalid := errors.AsType[*conversation.ArgumentError](err)
	if !invalid {
		return ""
	}
	return strings.TrimPrefix(strings.TrimPrefix(argument.Reason, "has a key id that "), "has a key secret that ")
}

func oneOf(value string, names ...string) string {
	if slices.Contains(names, strings.ToLower(value)) {
		return ""
	}
	return "is not one of its values: set it to " + strings.Join(names, ", ")
}

func (env environment) insecure() bool {
	return strings.EqualFold(env[envInsecure], "true") || env[envInsecure] == "1"
}
