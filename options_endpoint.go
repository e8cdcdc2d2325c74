package conversation

import (
	"net"
	"net/url"
	"strings"

	"github.com/sinchgo/conversation/internal/wire"
)

// parseEndpoint parses an address that credentials are sent to. Its errors do not hold the address, which may contain a
// password.
func parseEndpoint(option, address string) (*url.URL, error) {
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
		return nil, optionError(option, "uses http to a host that is not loopback, which would expose credentials to the network: use https")
	}
	trimmed := strings.TrimRight(parsed.EscapedPath(), "/")
	parsed.Path, err = url.PathUnescape(trimmed)
	if err != nil {
		return nil, optionError(option, "is not a valid URL")
	}
	parsed.RawPath = trimmed
	return parsed, nil
}

// isLoopback reports whether a host name always refers to this machine.
func isLoopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}
