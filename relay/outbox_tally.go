package relay

import (
	"cmp"
	"slices"
)

// tally counts the entries up to a message of the stream, so that nobody reads all of them to know how many there are. It is
// stored in the bucket of the pace, and brought up to date with the messages after it: each counts for its state, and no longer
// for the message that it replaces, which its trail names.
//
// Messages can be gone before they are read. So the tally remembers which of the last ones it has counted, and a message replaces
// the last step of its trail that was counted.
type tally struct {
	Seq     uint64                 `json:"seq"` // of the last message that is counted
	Scopes  map[string]*scopeTally `json:"scopes"`
	Seen    seen                   `json:"seen"`
	Later   bool                   `json:"later,omitzero"`   // whether there may be entries that are not due
	Removed uint64                 `json:"removed"`          // how often settled entries were subtracted, because they were forgotten
	Trying  []uint64               `json:"trying,omitempty"` // the records of entries that are attempting, oldest first

	// While all entries are counted, for the records of earlier versions, which have no trail:
	queued map[key]uint64 // the messages in the queue
	bare   []ref          // rejected and dropped entries, of which those versions kept nothing but the record
}

// scopeTally counts the entries of an app and a group.
type scopeTally struct {
	Marks map[mark]int `json:"marks"`
	Front uint64       `json:"front,omitzero"` // no message of the queue is before it
}

// newTally returns a tally of nothing, to which all messages of a stream are to be added.
func newTally() *tally {
	return &tally{Scopes: make(map[string]*scopeTally), queued: make(map[key]uint64)}
}

// scope returns the counts of an app and a group.
func (t *tally) scope(of ref) *scopeTally {
	name := scope(of.app, of.group)
	s := t.Scopes[name]
	if s == nil {
		s = &scopeTally{Marks: make(map[mark]int)}
		t.Scopes[name] = s
	}
	return s
}

// add counts a message in the place of what it replaces.
func (t *tally) add(of ref, seq uint64, m mark, replaces mark) {
	s := t.scope(of)
	s.change(replaces, -1)
	s.change(m, 1)
	if m == mark(StateQueued) && (s.Front == 0 || s.Marks[m] == 1 || seq < s.Front) {
		s.Front = seq
	}
	if len(s.Marks) == 0 {
		delete(t.Scopes, scope(of.app, of.group))
	}
}

func (s *scopeTally) change(m mark, by int) {
	if m == "" {
		return
	}
	if s.Marks[m] += by; s.Marks[m] <= 0 { // below zero if a message was missed
		delete(s.Marks, m)
	}
}

// try notes a record of an entry that is attempting, and forgets those that it replaces.
func (t *tally) try(seq uint64, m mark, past trail) {
	t.Trying = slices.DeleteFunc(t.Trying, func(trying uint64) bool {
		_, replaced := slices.BinarySearchFunc(past, trying, func(s step, seq uint64) int { return cmp.Compare(s.seq, seq) })
		return replaced
	})
	if m == mark(StateAttempting) {
		t.Trying = append(t.Trying, seq)
	}
}

// counted returns the mark of the last step that was counted.
func (t *tally) counted(past trail) mark {
	for _, s := range slices.Backward(past) {
		switch {
		case !t.Seen.has(s.seq), s.mark == markLater:
		case s.mark == markDue:
			return mark(StateQueued)
		default:
			return s.mark
		}
	}
	return ""
}

// seenWindow is how many sequence numbers are remembered one by one.
const seenWindow = 1 << 16

// seen is which messages of a stream were read: all up to a sequence number, or none, and some after it.
type seen struct {
	From uint64 `json:"from"`
	All  bool   `json:"all"`  // whether the messages up to From were read
	Bits []byte `json:"bits"` // of the messages after From
}

func (s *seen) has(seq uint64) bool {
	if seq <= s.From {
		return s.All
	}
	at := seq - s.From - 1
	return at/8 < uint64(len(s.Bits)) && s.Bits[at/8]&(1<<(at%8)) != 0
}

func (s *seen) add(seq uint64) {
	if seq <= s.From {
		return
	}
	at := seq - s.From - 1
	if missing := int(at/8) + 1 - len(s.Bits); missing > 0 { //nolint:gosec // A stream is not that long.
		s.Bits = append(s.Bits, make([]byte, missing)...)
	}
	s.Bits[at/8] |= 1 << (at % 8)
}

// trim forgets all but the last messages.
func (s *seen) trim() {
	if extra := len(s.Bits) - seenWindow/8; extra > 0 {
		s.Bits = slices.Clone(s.Bits[extra:])
		s.From += uint64(extra) * 8
	}
	s.All = true
}
