package relay_test

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// conversationsOf returns the callbacks of each conversation.
func conversationsOf(ids []string) map[int][]string {
	found := map[int][]string{}
	for i, id := range ids {
		if i%2 == 1 {
			found[i%conversations] = append(found[i%conversations], id)
		}
	}
	return found
}

// orderProblems returns which callbacks of a conversation began before the one before was committed.
func orderProblems(conversations map[int][]string, runs map[string][]handlerRun, commits map[string][]time.Time) []string {
	began := func(id string) time.Time {
		return slices.MinFunc(runs[id], func(a, b handlerRun) int { return a.began.Compare(b.began) }).began
	}
	var found []string
	for _, ids := range conversations {
		handled := slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return len(runs[id]) == 0 || len(commits[id]) == 0 })
		slices.SortFunc(handled, func(a, b string) int { return cmp.Or(began(a).Compare(began(b)), cmp.Compare(a, b)) })
		for i := 1; i < len(handled); i++ {
			if before := handled[i-1]; began(handled[i]).Before(commits[before][0]) {
				found = append(found, fmt.Sprintf("%s began %v before %s was committed", handled[i], commits[before][0].Sub(began(handled[i])), before))
			}
		}
	}
	return found
}

func TestTheJudgeOfTheOrderSeesCallbacksThatOverlap(t *testing.T) {
	t.Parallel()
	zero := time.Unix(1_000, 0)
	at := func(second int) time.Time { return zero.Add(time.Duration(second) * time.Second) }
	runs := map[string][]handlerRun{"a": {{began: at(0)}, {began: at(2), done: true}}, "b": {{began: at(4), done: true}}}
	one := map[int][]string{1: {"b", "a"}}
	assert.Empty(t, orderProblems(one, runs, map[string][]time.Time{"a": {at(3)}, "b": {at(5)}}))
	assert.Equal(t, []string{"b began 1s before a was committed"}, orderProblems(one, runs, map[string][]time.Time{"a": {at(5)}, "b": {at(6)}}))
	assert.Empty(t, orderProblems(map[int][]string{1: {"a"}, 2: {"b"}}, runs, map[string][]time.Time{"a": {at(5)}, "b": {at(6)}}), "of two conversations")
}

func TestTheJudgeOfTheInboxSeesEachProblem(t *testing.T) {
	t.Parallel()
	zero := time.Unix(1_000, 0)
	run := func(process, second int, done bool) handlerRun {
		return handlerRun{process, zero.Add(time.Duration(second) * time.Second), done}
	}
	committed := map[string][]time.Time{"a": {zero.Add(5 * time.Second)}}
	for _, tt := range []struct {
		name    string
		runs    []handlerRun
		commits map[string][]time.Time
		want    string // empty without a problem
	}{
		{"once", []handlerRun{run(1, 0, true)}, committed, ""},
		{"after a failure", []handlerRun{run(1, 0, false), run(1, 1, true)}, committed, ""},
		{"after a kill before the commit", []handlerRun{run(9, 0, true), run(1, 1, true)}, committed, ""},
		{"twice without a kill", []handlerRun{run(1, 0, true), run(2, 1, true)}, committed, "2 times by processes that lived"},
		{"after the commit", []handlerRun{run(9, 0, true), run(1, 6, false)}, committed, "handled again 1s after"},
		{"never", []handlerRun{run(1, 0, false)}, committed, "lost"},
		{"no commit", []handlerRun{run(1, 0, true)}, nil, "committed 0 times"},
		{"two commits", []handlerRun{run(1, 0, true)}, map[string][]time.Time{"a": {zero, zero}}, "committed 2 times"},
		{"twice while a server was away", []handlerRun{run(1, -20, true), run(2, 1, true)}, committed, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			found := inboxProblems(
				[]string{"a"}, map[string][]handlerRun{"a": tt.runs}, tt.commits, map[int]bool{9: true}, zero.Add(-18*time.Second), zero.Add(time.Hour))
			if tt.want == "" {
				assert.Empty(t, found)
				return
			}
			assert.Contains(t, strings.Join(found, "\n"), tt.want)
		})
	}
}
