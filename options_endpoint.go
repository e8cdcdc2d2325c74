package conversation

import (
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/sinchgo/conversation/internal/transport"
	"github.com/sinchgo/conversation/internal/wire"
)

// WithInsecureHTTP accepts http addresses of any host in [WithBaseURL], [WithTemplatesBaseURL], [WithBatchBaseURL] and
// [WithTokenURL]. It is for tests, such as with a fake server in another container: keys, tokens and messages are sent
// unencrypted.
func WithInsecureHTTP() Option {
	return func(c *config) error {
		c.insecureHTTP = true
		return nil
	}
}

// endpoint parses an address that credentials are sent to. Its errors do not hold the address, which may contain a
// password. Whether http is accepted depends on all options, so that is checked later.
func (c *config) endpoint(option, address string) (*url.URL, error) {
	parsed, err := url.Parse(strings.TrimSpace(address))
	switch {
	case err != nil:
		return nil, optionError(option, "is not a valid URL")
	case !parsed.IsAbs() || parsed.Hostname() == "":
		return nil, optionError(option, "must be an absolute URL such as https://host/path")
	case parsed.User != nil:
		return nil, optionError(option, "must not contain a user name or password: use WithOAuth2 or WithBasicAuth")
	case parsed.RawQuery != "" || parsed.ForceQuery || parsed.Fragment != "":
		return nil, optionError(option, "must not contain a query or fragment")
	case wire.HasDotSegment(parsed.Path):
		return nil, optionError(option, "contains a dot segment, which would lead to another path")
	case parsed.Scheme == "https":
	case parsed.Scheme != "http":
		return nil, optionError(option, "must use https")
	case !isLoopback(parsed.Hostname()):
		c.insecure = append(c.insecure, &ArgumentError{Operation: "NewClient", Field: option, Reason: fmt.Sprintf(
			"uses http to %q, which would expose credentials to the network: use https, or for tests WithInsecureHTTP or %s=true",
			parsed.Host, envInsecure)})
	}
	trimmed := strings.TrimRight(parsed.EscapedPath(), "/")
	parsed.Path, err = url.PathUnescape(trimmed)
	if err != nil {
		return nil, optionError(option, "is not a valid URL")
	}
	parsed.RawPath = trimmed
	return parsed, nil
}

// insecureProblems returns an error for each http address, unless WithInsecureHTTP is set.
func (c *config) insecureProblems() []error {
	var problems []error
	for _, problem := range c.insecure {
		if !c.insecureHTTP {
			problems = append(problems, problem)
		}
	}
	return problems
}

// isLoopback reports whether a host name always refers to this machine.
func isLoopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

// Region is where an app and its data are hosted. Calls to any other region do not find the app.
type Region string

// The regions of the platform.
const (
	RegionUS Region = "us" // United States
	RegionEU Region = "eu" // European Union
	RegionBR Region = "br" // Brazil
)

// ParseRegion returns the region with a name, such as one from a settings file. Case and surrounding white space do not
// matter.
//
// Returns *ArgumentError for an unknown region.
func ParseRegion(name string) (Region, error) {
	region, ok := parseRegion(name)
	if !ok {
		return "", &ArgumentError{Operation: "ParseRegion", Field: "name", Reason: regionProblem(name) + ": use us, eu or br"}
	}
	return region, nil
}

func parseRegion(name string) (region Region, ok bool) {
	switch region = Region(strings.ToLower(strings.TrimSpace(name))); region {
	case RegionUS, RegionEU, RegionBR:
		return region, true
	default:
		return "", false
	}
}

func regionProblem(name string) string {
	return "is " + quoted(name) + ", which is not a known region"
}

// templatesURL returns the address of the region's templates.
func (r Region) templatesURL() *url.URL {
	return &url.URL{Scheme: "https", Host: string(r) + ".template.api.sinch.com"}
}

// batchURL returns the address of the region's batches.
func (r Region) batchURL() *url.URL {
	return &url.URL{Scheme: "https", Host: string(r) + ".conversationbatch.api.sinch.com"}
}

// regionBatchURL returns the address of the region's batches, or nil if calls are sent to a base URL instead.
func (c *config) regionBatchURL() *url.URL {
	if c.baseURL != nil {
		return nil
	}
	return c.region.batchURL()
}

// baseURL returns the address of the region's API, as in the servers of openapi.yaml.
func (r Region) baseURL() *url.URL {
	return &url.URL{Scheme: "https", Host: string(r) + ".conversation.api.sinch.com"}
}

// chosenDialect returns the dialect that was set, or the default of the config.
func (c *config) chosenDialect() Dialect {
	if !c.dialectChosen && c.region != "" {
		return DialectPlatform
	}
	return c.dialect
}

// transport returns the base transport, and what makes requests over it like the caller's own http.Client.
func (c *config) transport() (http.RoundTripper, transport.Doer, error) {
	hc := &http.Client{}
	if c.httpClient != nil {
		*hc = *c.httpClient
	}
	base := hc.Transport
	switch {
	case c.httpClient == nil:
		base = transport.Shared()
	case base == nil:
		base = http.DefaultTransport
	}

	var chain http.RoundTripper = transport.NoUpgrade{Next: transport.NeverReplayed{Next: base}}
	for _, wrap := range slices.Backward(c.middleware) {
		if chain = wrap(chain); chain == nil {
			return nil, nil, optionError("WithMiddleware", "returned nil for a transport: return an http.RoundTripper")
		}
	}
	return base, transport.NewDoer(hc, chain), nil
}
