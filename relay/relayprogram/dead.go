package relayprogram

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/sinchgo/conversation/relay"
)

// letter is the printed form of a dead letter. It has no content unless that was requested.
type letter struct {
	Number uint64          `json:"number"`
	Origin string          `json:"origin"`
	ID     string          `json:"id"`
	Reason string          `json:"reason"`
	Tries  int             `json:"tries"`
	At     time.Time       `json:"at"`
	Header http.Header     `json:"header,omitzero"`
	Body   json.RawMessage `json:"body,omitzero"` // a JSON string if it is not JSON
	Cut    int             `json:"cut,omitzero"`  // bytes that are missing at the end of the body
}

func letterOf(dead *relay.DeadLetter) letter {
	return letter{Number: dead.Seq, Origin: dead.Origin, ID: dead.ID, Reason: dead.Reason, Tries: dead.Tries, At: dead.At, Cut: dead.Cut}
}

func (l letter) row() []string {
	return []string{strconv.FormatUint(l.Number, 10), stamp(l.At), l.Origin, strconv.Itoa(l.Tries), l.ID, l.Reason}
}

func (c *call) deadList(ctx context.Context) error {
	rows, list := [][]string{{"NUMBER", "SINCE", "FROM", "TRIES", "ID", "REASON"}}, []letter{}
	for dead, err := range c.relay.DeadLetters(ctx) {
		if err != nil {
			return err
		}
		list = append(list, letterOf(dead))
		rows = append(rows, letterOf(dead).row())
	}
	if c.json {
		return c.printJSON(list)
	}
	if len(list) == 0 {
		fmt.Fprintln(c.stdout, "There are no dead letters.")
		return nil
	}
	return table(c.stdout, rows...)
}

func (c *call) checkDeadShow() error {
	if len(c.args) != 1 {
		return usageError("dead show requires one number, as printed by dead list")
	}
	return checkNumbers(c.args)
}

func (c *call) deadShow(ctx context.Context) error {
	dead, err := c.relay.DeadLetter(ctx, number(c.args[0]))
	if err != nil {
		return err
	}
	shown := letterOf(dead)
	if c.json {
		shown.Header, shown.Body = dead.Header, asJSON(dead.Body)
		return c.printJSON(shown)
	}
	rows := [][]string{
		{"number", c.args[0]},
		{"since", stamp(shown.At)},
		{"from", shown.Origin},
		{"tries", strconv.Itoa(shown.Tries)},
		{"id", shown.ID},
		{"reason", shown.Reason},
	}
	if shown.Cut > 0 {
		rows = append(rows, []string{"cut", strconv.Itoa(shown.Cut) + " bytes of the body are missing"})
	}
	for _, name := range slices.Sorted(maps.Keys(dead.Header)) {
		for _, value := range dead.Header[name] {
			rows = append(rows, []string{name, value})
		}
	}
	if err := table(c.stdout, rows...); err != nil {
		return err
	}
	if !json.Valid(dead.Body) { // Arbitrary bytes must not reach the terminal.
		dead.Body = asJSON(dead.Body)
	}
	fmt.Fprintf(c.stdout, "\n%s\n", dead.Body)
	return nil
}

// asJSON returns a body that is JSON unchanged, and any other as a JSON string.
func asJSON(body []byte) json.RawMessage {
	if json.Valid(body) {
		return body
	}
	text, err := json.Marshal(string(body))
	if err != nil {
		return nil
	}
	return text
}

func flagsOfDeadRetry(c *call, flags *flag.FlagSet) {
	flags.BoolVar(&c.all, "all", false, "all dead letters")
}

func (c *call) checkDeadRetry() error {
	if c.all == (len(c.args) > 0) {
		return usageError("dead retry requires numbers, as printed by dead list, or -all")
	}
	return checkNumbers(c.args)
}

func (c *call) deadRetry(ctx context.Context) error {
	numbers := c.args
	if c.all {
		for dead, err := range c.relay.DeadLetters(ctx) {
			if err != nil {
				return err
			}
			numbers = append(numbers, strconv.FormatUint(dead.Seq, 10))
		}
	}
	if err := c.confirmMany(ctx, len(numbers), fmt.Sprintf("This retries %d dead letters.", len(numbers))); err != nil {
		return err
	}
	return c.each(numbers, "retried", func(text string) error { return c.relay.RetryDeadLetter(ctx, number(text)) })
}

func checkNumbers(texts []string) error {
	for _, text := range texts {
		if number(text) == 0 {
			return usageError("a dead letter is identified by its number, as printed by dead list")
		}
	}
	return nil
}

// number parses the number of a dead letter. It returns 0 for anything else.
func number(text string) uint64 {
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		return 0
	}
	return n
}
