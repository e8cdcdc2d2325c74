package relayprogram

import (
	"flag"
	"fmt"

	"github.com/sinchgo/conversation/relay"
)

// flagsOfScope adds the flags for a part of the outbox.
func flagsOfScope(c *call, flags *flag.FlagSet) {
	flags.StringVar(&c.app, "app", "", "the entries of one app")
	flags.StringVar(&c.group, "group", "", "the entries of one group")
}

func (c *call) scope() relay.Scope { return relay.Scope{App: c.app, Group: c.group} }

func (c *call) hasScope() bool { return c.scope() != relay.Scope{} }

// checkScope checks that -all, -app and -group name a part of the outbox.
func (c *call) checkScope() error {
	switch {
	case c.all && c.hasScope():
		return usageError("-all and -app or -group are both set: keep one")
	case !c.all && !c.hasScope():
		return usageError(c.name + " requires -group, -app or both, or -all for everything")
	}
	return nil
}

// of formats how many entries in a state a scope has. An Overview has no numbers for a group of one app.
func of(count int, state relay.State, s relay.Scope) string {
	most := ""
	if s.App != "" && s.Group != "" {
		most = "at most "
	}
	noun := "entries"
	if count == 1 {
		noun = "entry"
	}
	if (s == relay.Scope{}) {
		return fmt.Sprintf("%d %s %s", count, state, noun)
	}
	return fmt.Sprintf("%s%d %s %s of %s", most, count, state, noun, s)
}

// count returns the number of entries of a scope in a state, or the most that there can be, and whether it has entries at all.
func count(view *relay.Overview, s relay.Scope, state relay.State) (number int, known bool) {
	inApp, knownApp := view.States[state], len(view.States) > 0
	if s.App != "" {
		inApp, knownApp = countApp(view, s.App, state)
	}
	if s.Group == "" {
		return inApp, knownApp
	}
	inGroup, knownGroup := countGroup(view, s.Group, state)
	return min(inApp, inGroup), knownApp && knownGroup
}

func countApp(view *relay.Overview, name string, state relay.State) (number int, known bool) {
	for _, app := range view.Apps {
		if app.App == name {
			return app.States[state], true
		}
	}
	return 0, false
}

func countGroup(view *relay.Overview, name string, state relay.State) (number int, known bool) {
	for _, group := range view.Groups {
		if group.Group == name {
			return group.States[state], true
		}
	}
	return 0, false
}

// countScope is count for the flags. It prints a note if the outbox has no entries of that scope, as the name may be wrong.
func (c *call) countScope(view *relay.Overview, state relay.State) int {
	number, known := count(view, c.scope(), state)
	if !known && c.hasScope() {
		fmt.Fprintf(c.stderr, "Note: the outbox has no entries of %s. status and groups list the names.\n", c.scope())
	}
	return number
}
