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

// scriptList is encoded as in GET /_fake/scripts. The usual script is that of the Config.
type scriptList struct {
	usual ScriptRule
	rules []scriptState
}

// MarshalJSON implements [json.Marshaler].
func (l scriptList) MarshalJSON() ([]byte, error) {
	listed := []controlActiveScript{}
	for _, state := range l.rules {
		listed = append(listed, newControlScript(state))
	}
	return json.Marshal(struct {
		Script  string                `json:"script"`
		Delay   string                `json:"delay"`
		Scripts []controlActiveScript `json:"scripts"`
	}{l.usual.Script.name(), l.usual.Delay.String(), listed})
}

// happenedScript is a script that has decided the reports about a message or an event.
type happenedScript struct {
	scriptState
	at        time.Time
	messageID string
	eventID   string
}

// MarshalJSON implements [json.Marshaler].
func (s happenedScript) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		controlActiveScript
		Time      time.Time `json:"time"`
		MessageID string    `json:"message_id,omitempty"`
		EventID   string    `json:"event_id,omitempty"`
	}{newControlScript(s.scriptState), s.at.UTC(), s.messageID, s.eventID})
}
