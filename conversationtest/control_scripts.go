package conversationtest

import (
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
