package conversationtest_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/sinchgo/conversation"
)

// randomTable counts sends under random faults, by kind.
type randomTable struct {
	mu        sync.Mutex
	rows      map[string]*randomRow
	overshoot time.Duration
}

// randomRow is a row of the table.
type randomRow struct {
	calls, duplicates, wrong int
	outcomes                 map[conversation.Outcome]int
}

// add enters a send that is in the ledger inLedger times.
func (b *randomTable) add(send randomSend, inLedger int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.rows == nil {
		b.rows = map[string]*randomRow{}
	}
	row := b.rows[send.kind]
	if row == nil {
		row = &randomRow{outcomes: map[conversation.Outcome]int{}}
		b.rows[send.kind] = row
	}
	row.calls++
	row.outcomes[send.outcome]++
	if inLedger > 1 {
		row.duplicates++
	}
	switch send.outcome {
	case accepted:
		if inLedger == 0 {
			row.wrong++
		}
	case rejected, notSent:
		if inLedger > 0 {
			row.wrong++
		}
	case unknown:
	default:
		row.wrong++
	}
}

// note records the longest time that a call ran past its deadline.
func (b *randomTable) note(overshoot time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.overshoot = max(b.overshoot, overshoot)
}

// check prints the table, and checks that it has no duplicates and no wrong outcomes.
func (b *randomTable) check(t *testing.T, seed uint64) {
	t.Helper()
	var text strings.Builder
	line := func(name string, row *randomRow) {
		fmt.Fprintf(&text, "| %s | %d | %d | %d | %d | %d | %d | %d |\n", name, row.calls, row.outcomes[accepted],
			row.outcomes[rejected], row.outcomes[notSent], row.outcomes[unknown], row.duplicates, row.wrong)
	}
	total := &randomRow{outcomes: map[conversation.Outcome]int{}}
	for _, name := range slices.Sorted(maps.Keys(b.rows)) {
		row := b.rows[name]
		line(name, row)
		total.calls += row.calls
		total.duplicates += row.duplicates
		total.wrong += row.wrong
		for outcome, count := range row.outcomes {
			total.outcomes[outcome] += count
		}
	}
	line("**all**", total)
	t.Logf("CONVERSATION_SEED=%d, the longest overshoot of a deadline %v\n"+
		"| what goes wrong | calls | accepted | rejected | not sent | unknown | duplicates | wrong |\n|---|--:|--:|--:|--:|--:|--:|--:|\n%s",
		seed, b.overshoot, text.String())
	assert.Zero(t, total.duplicates, "messages that are in the ledger twice")
	assert.Zero(t, total.wrong, "outcomes that the ledger contradicts")
	for outcome := range conversation.OutcomeNotSent + 1 {
		assert.NotZero(t, total.outcomes[outcome], "no call was %v", outcome)
	}
}
