package conversationtest

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/sinchgo/conversation"
)

// ScriptRule describes a script of delivery reports, and the messages and events it applies to, in place of
// Config.Script. The zero value sends no reports about any of them.
//
// The first rule that applies when a message or an event is accepted decides its reports, in the order of the calls of
// [Server.Script]; the rules after it do not count it. Without one, Config.Script and Config.ScriptDelay do. A message that
// fails by itself, such as one to a channel that its app does not have, is not subject to any rule.
type ScriptRule struct {
	// Script sets the reports.
	Script Script

	// Delay is the time before each report.
	Delay time.Duration

	// Channel restricts the rule to messages and events that are sent on that channel first. Empty: every channel.
	Channel conversation.Channel

	// Reason is the reason of the reports FAILED and SWITCHING_CHANNEL. Its Code is CHANNEL_FAILURE if empty, its SubCode
	// UNSPECIFIED_SUB_CODE, and its Description names the script.
	Reason conversation.Reason

	// Skip is the number of messages and events to which the rule does not apply at first.
	Skip int

	// Times is how often the rule applies. Zero: until it is removed.
	Times int

	// Probability is the probability, up to 1, that the rule applies to a message or an event. Zero: it applies to all.
	// With the same Seed it applies to the same ones, counted in the order in which they are accepted.
	Probability float64
	Seed        uint64
}

// ActiveScript is a script of a server. It is created by [Server.Script].
type ActiveScript struct {
	scripts *scripts
	state   *scriptState
}

// Hits returns how many messages and events the rule has applied to.
func (a *ActiveScript) Hits() int { return a.scripts.hitsOf(a.state) }

// Remove removes the rule. Messages and events to which it has applied still get their reports.
func (a *ActiveScript) Remove() { a.scripts.remove(a.state) }

// Script changes the delivery reports about messages and events that are accepted from now on:
//
//	srv.Script(conversationtest.ScriptRule{Script: conversationtest.ScriptFail, Channel: conversation.ChannelRCS, Times: 3})
//
// The result reports how often the rule has applied, and can remove it. Script panics if rule is not valid.
func (s *Server) Script(rule ScriptRule) *ActiveScript {
	if problem := rule.problem(); problem != "" {
		panic("conversationtest: ScriptRule." + problem)
	}
	scripts := s.current().scripts
	return &ActiveScript{scripts: scripts, state: scripts.add(rule)}
}

// ClearScripts removes all rules of Script. Config.Script remains.
func (s *Server) ClearScripts() { _ = s.current().scripts.clear() }

func (r ScriptRule) limits() limits { return limits{r.Skip, r.Times, r.Probability, r.Seed} }

// problem describes why the ScriptRule is not valid. It is empty for a valid one.
func (r ScriptRule) problem() string {
	switch {
	case !r.Script.known():
		return fmt.Sprintf("Script: %d is not a Script: set it, to ScriptFail for example", int(r.Script))
	case r.Channel != "" && !slices.Contains(controlChannels, r.Channel):
		return fmt.Sprintf("Channel: %q is unknown: use %s", r.Channel, channelNames())
	case r.Delay < 0:
		return negativeDelay(r.Delay)
	default:
		return r.limits().problem()
	}
}

// concerns reports whether the rule is for what is sent to an identity. It is nil for a recipient without one.
func (r ScriptRule) concerns(to *conversation.ChannelIdentity) bool {
	return r.Channel == "" || to != nil && to.Channel == r.Channel
}

// reasonOf returns the reason of a report with the status, or nil.
func (r ScriptRule) reasonOf(status conversation.DeliveryStatus) *conversation.Reason {
	if status != conversation.DeliveryStatusFailed && status != conversation.DeliveryStatusSwitchingChannel {
		return nil
	}
	reason := r.Reason
	reason.Code = cmp.Or(reason.Code, conversation.ReasonChannelFailure)
	reason.Description = cmp.Or(reason.Description, "ScriptRule.Script is "+r.Script.String())
	return withDefaults(reason)
}
