package conversationtest

import (
	"encoding/json"
	"time"
)

// listedRuleBytes is about how much memory a rule in a list needs.
const listedRuleBytes = 200

// faultList is encoded as in GET /_fake/faults.
type faultList []faultState

// MarshalJSON implements [json.Marshaler].
func (l faultList) MarshalJSON() ([]byte, error) {
	listed := []controlActiveFault{}
	for _, state := range l {
		listed = append(listed, newControlFault(state))
	}
	return json.Marshal(map[string]any{"faults": listed})
}

// happenedFault is a fault that has happened.
type happenedFault struct {
	faultState
	at        time.Time
	operation string
}

// MarshalJSON implements [json.Marshaler].
func (f happenedFault) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		controlActiveFault
		Time       time.Time `json:"time"`
		HappenedTo string    `json:"happened_to"`
	}{newControlFault(f.faultState), f.at.UTC(), f.operation})
}
