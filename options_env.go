package conversation

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/sinchgo/conversation/internal/wire"
)

// Names of the environment variables that NewClientFromEnv reads.
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
)

// NewClientFromEnv returns a client configured by environment variables:
//
//   - SINCH_PROJECT_ID, SINCH_KEY_ID and SINCH_KEY_SECRET;
//   - SINCH_CONVERSATION_REGION, or SINCH_REGION;
//   - optional: SINCH_CONVERSATION_BASE_URL, SINCH_TEMPLATES_BASE_URL, SINCH_BATCH_BASE_URL, SINCH_TOKEN_URL and
//     SINCH_CONVERSATION_DIALECT (openapi or platform);
//   - for tests: SINCH_CONVERSATION_INSECURE_HTTP (true or false), see [WithInsecureHTTP].
//
// The default dialect is [DialectPlatform], since an environment with keys is meant for Sinch itself. An option overrides
// the variables that it corresponds to, which may then be missing. White space around values is ignored. The error names
// every missing or invalid variable.
func NewClientFromEnv(opts ...Option) (*Client, error) {
	given := newConfig()
	problems := applyOptions("NewClientFromEnv", given, opts)

	fromEnv := func(name string) string { return strings.TrimSpace(os.Getenv(name)) }
	invalid := func(name, problem string) {
		problems = append(problems, &ArgumentError{Operation: "NewClientFromEnv", Field: name, Reason: problem})
	}
	missing := func(name, fix string) { invalid(name, "is not set: "+fix) }
	key := func(name, fix string) string {
		value := fromEnv(name)
		if value == "" {
			missing(name, fix)
		} else if problem := wire.KeyProblem(value); problem != "" {
			invalid(name, problem)
		}
		return value
	}

	projectID := fromEnv(envProjectID)
	if projectID == "" {
		missing(envProjectID, "set it to the project id from the Sinch dashboard")
	} else if problem := projectIDProblem(projectID); problem != "" {
		invalid(envProjectID, problem)
	}

	var env []Option
	if len(given.credentials) == 0 {
		before := len(problems)
		keyID := key(envKeyID, "set it to the id of an access key of the project")
		keySecret := key(envKeySecret, "set it to the secret of that access key")
		if len(problems) == before {
			env = append(env, WithOAuth2(keyID, keySecret))
		}
	}
	if !given.hostChosen {
		base, regionName := fromEnv(envBaseURL), envRegion
		if fromEnv(envRegion) == "" {
			regionName = envRegionAlso
		}
		name := fromEnv(regionName)
		if region, ok := parseRegion(name); ok {
			env = append(env, WithRegion(region))
		} else if name != "" {
			invalid(regionName, regionProblem(name)+": set it to us, eu or br")
		} else if base == "" {
			missing(envRegion, "set it to the region of your app: us, eu or br")
		}
		if base != "" {
			env = append(env, named(envBaseURL, WithBaseURL(base)))
		}
	}
	if templates := fromEnv(envTemplates); templates != "" && given.templatesURL == nil && given.baseURL == nil {
		env = append(env, named(envTemplates, WithTemplatesBaseURL(templates)))
	}
	if batch := fromEnv(envBatch); batch != "" && given.batchURL == nil && given.baseURL == nil {
		env = append(env, named(envBatch, WithBatchBaseURL(batch)))
	}
	if token := fromEnv(envTokenURL); token != "" && !given.tokenURLChosen {
		env = append(env, named(envTokenURL, WithTokenURL(token)))
	}
	if !given.dialectChosen {
		env = append(env, named(envDialect, dialectFromEnv(fromEnv(envDialect))))
	}

	if !given.insecureHTTP {
		env = append(env, insecureFromEnv(fromEnv(envInsecure)))
	}

	checked := newConfig()
	problems = append(problems, applyOptions("NewClientFromEnv", checked, env)...)
	checked.insecureHTTP = checked.insecureHTTP || given.insecureHTTP
	checked.insecure = append(checked.insecure, given.insecure...)
	problems = append(problems, checked.insecureProblems()...)
	if len(given.credentials) > 1 {
		problems = append(problems, given.missing()[0])
	}
	if len(problems) > 0 {
		return nil, errors.Join(problems...)
	}
	return NewClient(projectID, append(env, opts...)...)
}

// dialectFromEnv returns the option for the name of a dialect. An empty name is DialectPlatform.
func dialectFromEnv(name string) Option {
	switch strings.ToLower(name) {
	case "", DialectPlatform.String():
		return WithDialect(DialectPlatform)
	case DialectOpenAPI.String():
		return WithDialect(DialectOpenAPI)
	default:
		return func(*config) error {
			return optionError(envDialect, "is "+quoted(name)+", which is not a dialect: it must be openapi or platform")
		}
	}
}

// insecureFromEnv returns WithInsecureHTTP if the value of its variable is true.
func insecureFromEnv(value string) Option {
	switch strings.ToLower(value) {
	case "true", "1":
		return WithInsecureHTTP()
	case "", "false", "0":
		return func(*config) error { return nil }
	default:
		return func(*config) error {
			return &ArgumentError{Operation: "NewClientFromEnv", Field: envInsecure, Reason: fmt.Sprintf("is %q: set it to true or false", value)}
		}
	}
}

// named returns opt with errors that name the environment variable of its value.
func named(variable string, opt Option) Option {
	return func(c *config) error {
		before := len(c.insecure)
		err := opt(c)
		for _, argument := range c.insecure[before:] {
			argument.Operation, argument.Field = "NewClientFromEnv", variable
		}
		if argument, ok := errors.AsType[*ArgumentError](err); ok {
			argument.Operation, argument.Field = "NewClientFromEnv", variable
		}
		return err
	}
}
