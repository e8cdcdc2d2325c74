package docs_test

import (
	"net"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// matches reports whether the lines of an output are those of a page. Three dots stand for any part of a line, and a line of
// three dots for any number of lines.
func matches(want, got []string) bool {
	if len(want) == 0 {
		return len(got) == 0 || len(got) == 1 && got[0] == ""
	}
	if strings.TrimSpace(want[0]) == "..." {
		for skip := range len(got) + 1 {
			if matches(want[1:], got[skip:]) {
				return true
			}
		}
		return false
	}
	if len(got) == 0 {
		return false
	}
	line := strings.ReplaceAll(regexp.QuoteMeta(want[0]), `\.\.\.`, ".*")
	return regexp.MustCompile("^"+line+"$").MatchString(got[0]) && matches(want[1:], got[1:])
}

// ports are free ports in place of those of a page, so that pages and other programs of the machine do not collide.
type ports map[string]string

var portsOfPages = regexp.MustCompile(`\b(3000|8080|8081|8787|8788|9090)\b`)

func (p ports) replace(t *testing.T, text string) string {
	t.Helper()
	return portsOfPages.ReplaceAllStringFunc(text, func(port string) string {
		if p[port] == "" {
			listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
			require.NoError(t, err)
			_, p[port], err = net.SplitHostPort(listener.Addr().String())
			require.NoError(t, err)
			require.NoError(t, listener.Close())
		}
		return p[port]
	})
}

func (p ports) restore(text string) string {
	for port, free := range p {
		text = strings.ReplaceAll(text, free, port)
	}
	return text
}
