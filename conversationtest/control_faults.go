package conversationtest

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// controlFault is a Fault in JSON.
type controlFault struct {
	ID             string      `json:"id,omitempty"`
	Kind           string      `json:"kind"`
	Operation      string      `json:"operation,omitempty"`
	Skip           int         `json:"skip,omitempty"`
	Times          int         `json:"times,omitempty"`
	Probability    float64     `json:"probability,omitempty"`
	Seed           uint64      `json:"seed,omitempty"`
	Delay          string      `json:"delay,omitempty"`
	Graceful       bool        `json:"graceful,omitempty"`
	Status         int         `json:"status,omitempty"`
	Body           string      `json:"body,omitempty"`
	RetryAfter     controlText `json:"retry_after,omitempty"`
	RetryAfterDate bool        `json:"retry_after_date,omitempty"`
	Location       string      `json:"location,omitempty"`
}

// controlActiveFault is a fault with its counts. It is spent when it cannot happen any more.
type controlActiveFault struct {
	controlFault
	Hits  int  `json:"hits"`
	Spent bool `json:"spent"`
}

// controlText is decoded from a string or a number.
type controlText string

// UnmarshalJSON implements [json.Unmarshaler].
func (t *controlText) UnmarshalJSON(data []byte) error {
	var number json.Number
	if data[0] != '"' && json.Unmarshal(data, &number) == nil {
		*t = controlText(number)
		return nil
	}
	return json.Unmarshal(data, (*string)(t))
}

// name returns the name of the kind in the control API, such as "drop_after_accept".
func (k FaultKind) name() string {
	return strings.NewReplacer(" ", "_", "-", "_").Replace(strings.ToLower(faultNames[k]))
}

// kindOf returns the kind with a name.
func kindOf(name string) (FaultKind, bool) {
	for kind := range faultNames {
		if kind.name() == name {
			return kind, true
		}
	}
	return 0, false
}

func kindNames() string {
	var names []string
	for _, kind := range slices.Sorted(maps.Keys(faultNames)) {
		names = append(names, kind.name())
	}
	return strings.Join(names, ", ")
}

func newControlFault(state faultState) controlActiveFault {
	f := state.rule
	described := controlFault{
		ID:             strconv.Itoa(state.id),
		Kind:           f.Kind.name(),
		Operation:      f.Operation,
		Skip:           f.Skip,
		Times:          f.Times,
		Probability:    f.Probability,
		Seed:           f.Seed,
		Graceful:       f.Graceful,
		Status:         f.Status,
		Body:           f.Body,
		RetryAfter:     controlText(f.RetryAfter),
		RetryAfterDate: f.RetryAfterDate,
		Location:       f.Location,
	}
	if f.Delay != 0 {
		described.Delay = f.Delay.String()
	}
	return controlActiveFault{described, state.hits, state.isSpent()}
}

// fault returns the Fault that is described.
func (f controlFault) fault() (Fault, error) {
	kind, ok := kindOf(f.Kind)
	if !ok {
		return Fault{}, fmt.Errorf("kind: %q is unknown: use one of %s", f.Kind, kindNames())
	}
	delay, err := parseDelay(f.Delay)
	if err != nil {
		return Fault{}, err
	}
	made := Fault{
		Kind:           kind,
		Operation:      f.Operation,
		Skip:           f.Skip,
		Times:          f.Times,
		Probability:    f.Probability,
		Seed:           f.Seed,
		Delay:          delay,
		Graceful:       f.Graceful,
		Status:         f.Status,
		Body:           f.Body,
		RetryAfter:     string(f.RetryAfter),
		RetryAfterDate: f.RetryAfterDate,
		Location:       f.Location,
	}
	if problem := made.problem(); problem != "" {
		return Fault{}, errors.New(controlNames.Replace(problem))
	}
	return made, nil
}

// parseDelay returns the duration in the field delay. Empty: none.
func parseDelay(text string) (time.Duration, error) {
	if text == "" {
		return 0, nil
	}
	delay, err := time.ParseDuration(text)
	if err != nil {
		return 0, fmt.Errorf("delay: %q is not a duration: write it as 2s or 500ms", text)
	}
	return delay, nil
}

// controlNames replaces the names in errors about a Fault or a ScriptRule with those of the control API.
var controlNames = strings.NewReplacer(
	"RetryAfterDate", "retry_after_date", "RetryAfter", "retry_after", "Operation:", "operation:", "Probability:", "probability:",
	"Status:", "status:", "Skip:", "skip:", "Times:", "times:", "Delay:", "delay:", "Channel:", "channel:", "FaultStatus", "the kind status",
)

func (c *controlCall) faults() (any, error) {
	return faultList(c.state.faults.list()), nil
}

func (c *controlCall) addFault() (any, error) {
	var body controlFault
	if err := c.read(&body); err != nil {
		return nil, err
	}
	if body.ID != "" {
		return nil, c.invalid("id: it is generated: leave it out")
	}
	fault, err := body.fault()
	if err != nil {
		return nil, c.invalid("%v", err)
	}
	c.status = http.StatusCreated
	return newControlFault(c.state.faults.copyOf(c.state.faults.add(fault))), nil
}

func (c *controlCall) clearFaults() (any, error) {
	return map[string]int{"removed": c.state.faults.clear()}, nil
}

func (c *controlCall) removeFault() (any, error) { return c.removeRule(c.state.faults.removeID) }

// removeRule removes the fault or the script whose id is in the path.
func (c *controlCall) removeRule(remove func(id int) bool) (any, error) {
	name := c.request.PathValue("id")
	id, err := strconv.Atoi(name)
	if err != nil || !remove(id) {
		kinds := c.name()
		return nil, c.notFound("there is no %s %q: GET /_fake/%s lists the %s", strings.TrimSuffix(kinds, "s"), name, kinds, kinds)
	}
	return map[string]int{"removed": 1}, nil
}
