package conversationtest

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/sinchgo/conversation"
)

// controlScript is a ScriptRule in JSON.
type controlScript struct {
	ID          string                     `json:"id,omitempty"`
	Script      string                     `json:"script"`
	Delay       string                     `json:"delay,omitempty"`
	Channel     conversation.Channel       `json:"channel,omitempty"`
	Code        conversation.ReasonCode    `json:"code,omitempty"`
	Description string                     `json:"description,omitempty"`
	SubCode     conversation.ReasonSubCode `json:"sub_code,omitempty"`
	Skip        int                        `json:"skip,omitempty"`
	Times       int                        `json:"times,omitempty"`
	Probability float64                    `json:"probability,omitempty"`
	Seed        uint64                     `json:"seed,omitempty"`
}

// controlActiveScript is a script with its counts. It is spent when it cannot apply any more.
type controlActiveScript struct {
	controlScript
	Hits  int  `json:"hits"`
	Spent bool `json:"spent"`
}

// name returns the name of the script in the control API, such as "deliver".
func (s Script) name() string { return strings.ToLower(strings.TrimPrefix(s.String(), "Script")) }

func controlScriptNames() []string {
	var names []string
	for i := range scriptNames {
		names = append(names, Script(i).name())
	}
	return names
}

func newControlScript(state scriptState) controlActiveScript {
	r := state.rule
	described := controlScript{
		ID:          strconv.Itoa(state.id),
		Script:      r.Script.name(),
		Channel:     r.Channel,
		Code:        r.Reason.Code,
		Description: r.Reason.Description,
		SubCode:     r.Reason.SubCode,
		Skip:        r.Skip,
		Times:       r.Times,
		Probability: r.Probability,
		Seed:        r.Seed,
	}
	if r.Delay != 0 {
		described.Delay = r.Delay.String()
	}
	return controlActiveScript{described, state.hits, state.isSpent()}
}

// rule returns the ScriptRule that is described.
func (s controlScript) rule() (ScriptRule, error) {
	script := slices.Index(controlScriptNames(), s.Script)
	if script < 0 {
		return ScriptRule{}, fmt.Errorf("script: %q is unknown: use %s", s.Script, strings.Join(controlScriptNames(), ", "))
	}
	delay, err := parseDelay(s.Delay)
	if err != nil {
		return ScriptRule{}, err
	}
	rule := ScriptRule{
		Script:      Script(script),
		Delay:       delay,
		Channel:     s.Channel,
		Reason:      conversation.Reason{Code: s.Code, Description: s.Description, SubCode: s.SubCode},
		Skip:        s.Skip,
		Times:       s.Times,
		Probability: s.Probability,
		Seed:        s.Seed,
	}
	if problem := rule.problem(); problem != "" {
		return ScriptRule{}, errors.New(controlNames.Replace(problem))
	}
	return rule, nil
}

func (c *controlCall) scripts() (any, error) {
	return scriptList{c.state.scripts.usual, c.state.scripts.list()}, nil
}

func (c *controlCall) addScript() (any, error) {
	var body controlScript
	if err := c.read(&body); err != nil {
		return nil, err
	}
	if body.ID != "" {
		return nil, c.invalid("id: it is generated: leave it out")
	}
	rule, err := body.rule()
	if err != nil {
		return nil, c.invalid("%v", err)
	}
	c.status = http.StatusCreated
	return newControlScript(c.state.scripts.copyOf(c.state.scripts.add(rule))), nil
}

func (c *controlCall) clearScripts() (any, error) {
	return map[string]int{"removed": c.state.scripts.clear()}, nil
}

func (c *controlCall) removeScript() (any, error) { return c.removeRule(c.state.scripts.removeID) }
