package command

import (
	"context"
	"fmt"
	"regexp"
	"strings"

	"github.com/spf13/cobra"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationctl/internal/console"
)

// change is a verb for objects that are named by their ids. It asks first.
type change struct {
	verb, title string // such as delete, and Delete for the help
	does, done  string // such as deletes, deleted
	note        string // a sentence about what else is changed
	call        func(ctx context.Context, client *conversation.Client, id string) error
}

// changeResult is what is printed for an id.
type changeResult struct {
	ID      string `json:"id"`
	Outcome string `json:"outcome"`
	Error   string `json:"error,omitempty"`
}

// newDelete returns the command that deletes objects.
func newDelete(p *program, of object, note string, call func(ctx context.Context, client *conversation.Client, id string) error) *cobra.Command {
	return newChange(p, of, change{verb: "delete", title: "Delete", does: "deletes", done: "deleted", note: note, call: call})
}

// newChange returns the command of a verb. It goes on after a failure, so that one unknown id does not hold up the others.
func newChange(p *program, of object, verb change) *cobra.Command {
	title := verb.title + " " + of.many
	return &cobra.Command{
		Use:   verb.verb + " ID...",
		Short: title,
		Long: strings.TrimSpace(title+". "+verb.note) + `

The command asks first, unless --yes is set. It goes on after a failure, and exits with 1 if there was one, or with 3 if
it is unknown whether an object was ` + verb.done + `.

With --json, one object is printed for each id, on a line:

    id       the id
    outcome  accepted, rejected, not sent or unknown
    error    why it was not accepted`,
		Example:           "  conversationctl " + of.many + " " + verb.verb + " " + exampleID,
		ValidArgsFunction: cobra.NoFileCompletions,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usageError("%s requires one or more ids: see %s --help", cmd.CommandPath(), cmd.CommandPath())
			}
			return checkIDs(args)
		},
		RunE: func(cmd *cobra.Command, ids []string) error {
			client, err := p.client(cmd.Context())
			if err != nil {
				return err
			}
			if err := p.Confirm(cmd.Context(), verb.question(of, ids)); err != nil {
				return err
			}
			return changeAll(cmd.Context(), p, client, of, verb, ids)
		},
	}
}

// checkIDs rejects what the SDK does, before anything is changed.
func checkIDs(ids []string) error {
	for _, id := range ids {
		switch strings.TrimSpace(id) {
		case "", ".", "..":
			return usageError("%q is not an id", id)
		}
	}
	return nil
}

func (c change) question(of object, ids []string) string {
	named := "the " + of.one
	if len(ids) > 1 {
		named = fmt.Sprintf("%d %s:", len(ids), of.many)
	}
	shown := make([]string, len(ids))
	for i, id := range ids {
		shown[i] = shownID(id)
	}
	question := "This " + c.does + " " + named + " " + strings.Join(shown, ", ") + "."
	if c.note != "" {
		question += " " + c.note
	}
	return question
}

// changeAll calls the API for each id and prints each result.
func changeAll(ctx context.Context, p *program, client *conversation.Client, of object, verb change, ids []string) error {
	var failed, code int
	var last error
	for _, id := range ids {
		err := changed(verb.call(ctx, client, id))
		if err := printChange(p, verb, id, err); err != nil {
			return unprinted(err)
		}
		if err == nil {
			continue
		}
		if len(ids) > 1 {
			p.Note("%s %s: %v", of.one, shownID(id), err)
		}
		failed, code, last = failed+1, max(code, exitCode(err)), err
	}
	switch {
	case failed == 0:
		return nil
	case len(ids) == 1:
		return last
	case code == exitUsage:
		code = exitFailed // Other ids were changed.
	}
	return &exitError{code, fmt.Errorf("%d of %d %s failed", failed, len(ids), of.many)}
}

func printChange(p *program, verb change, id string, err error) error {
	if !p.JSON {
		if err == nil {
			_, failed := fmt.Fprintln(p.Out, verb.done, id)
			return failed
		}
		return nil
	}
	result := changeResult{ID: id, Outcome: conversation.OutcomeOf(err).String()}
	if err != nil {
		result.Error = err.Error()
	}
	return p.PrintJSONLine(result)
}

// phoneNumber is the form of a phone number, which is no id of the API.
var phoneNumber = regexp.MustCompile(`^\W*\d[\d\W]{5,}\d\W*$`)

// shownID returns an id for stderr. One that was mistaken for a phone number is not shown.
func shownID(id string) string {
	if phoneNumber.MatchString(id) {
		return "*******"
	}
	return console.Cell(id)
}
