package conversation

import (
	"net"
	"net/url"
	"strings"

	"github.com/sinchgo/conversation/internal/wire"
)

// parseEndpoint reads an address that credentials will be sent to. The address is not part of the errors, since it may
// hold a password.
func parseEndpoint(option, address string) (*url.URL, error) {
	parsed, err := url.Parse(strings.TrimSpace(address))
	switch {
	case err != nil:
		return nil, optionError(option, "is no valid URL")
	case !parsed.IsAbs() || parsed.Hostname() == "":
		return nil, optionError(option, "must be an absolute URL such as https://host/path")
	case parsed.User != nil:
		return nil, optionError(option, "must hold no user name or password: use WithOAuth2 or WithBasicAuth")
	case parsed.RawQuery != "" || parsed.ForceQuery || parsed.Fragment != "":
		return nil, optionError(option, "must hold no query and no fragment")
	case wire.HasDotSegment(parsed.Path):
		return nil, optionError(option, "holds a dot segment, which would lead to another path")
	case parsed.Scheme == "https":
	case parsed.Scheme != "http":
		return nil, optionError(option, "must use https")
	case !isLoopback(parsed.Hostname()):
		return nil, optionError(option, "uses http to a host that is not loopback, which would show credentials to the network: use https")
	}
	trimmed := strings.TrimRight(parsed.EscapedPath(), "/")
	parsed.Path, err = url.PathUnescape(trimmed)
	if err != nil {
		return nil, optionError(option, "is no valid URL")
	}
	parsed.RawPath = trimmed
	return parsed, nil
}

// isLoopback reports whether a host name can only mean this machine.
func isLoopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}
