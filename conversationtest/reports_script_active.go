package conversationtest

import (
	"fmt"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest/internal/schedule"
)

// scripts holds the scripts of a server.
type scripts struct {
	rules[ScriptRule]
	usual     ScriptRule // That of the Config, for what no rule applies to.
	publisher *publisher
	clock     *schedule.Clock
}

// scriptState is a rule with its counts.
type scriptState = ruleState[ScriptRule]

func newScripts(config Config, publisher *publisher, clock *schedule.Clock) *scripts {
	if !config.Script.known() {
		panic(fmt.Sprintf("conversationtest: Config.Script: %d is not a Script", int(config.Script)))
	}
	usual := ScriptRule{
		Script: config.Script,
		Delay:  config.ScriptDelay,
		Reason: conversation.Reason{Description: "Config.Script is " + config.Script.String()},
	}
	s := &scripts{usual: usual, publisher: publisher, clock: clock}
	s.changed = func(list []scriptState) {
		publisher.publish(feedScripts, scriptList{usual, list}, len(list)*listedRuleBytes)
	}
	return s
}

// decide returns the rule for what is sent to an identity: the first that applies, or that of the Config.
func (s *scripts) decide(to *conversation.ChannelIdentity, happened happenedScript) ScriptRule {
	happened.scriptState = s.pick(func(rule ScriptRule) bool { return rule.concerns(to) })
	if happened.id == 0 {
		return s.usual
	}
	happened.at = s.clock.Now()
	s.publisher.publish(feedScript, happened, 0)
	return happened.rule
}
