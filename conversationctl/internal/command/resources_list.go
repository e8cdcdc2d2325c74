package command

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"github.com/spf13/cobra"

	"github.com/sinchgo/conversation"
)

// listing describes the command that lists objects. It has pages or items.
type listing[T any] struct {
	columns []string
	row     func(*T) []string

	pages   func(ctx context.Context, client *conversation.Client, from page) iter.Seq2[*T, error]
	maxPage int // items of a page that the API allows

	items func(ctx context.Context, client *conversation.Client) ([]T, error)
}

// page is where a list with pages starts.
type page struct {
	size  int
	token string
}

const aboutPages = `
The list is read page by page while it is printed, so it needs the same memory however long it is. If a page cannot be
read, the error has the page token with which the command goes on there.
`

// newList returns the command that lists objects.
func newList[T any](p *program, of object, list listing[T]) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "list",
		Short:   "List " + of.many,
		Long:    "List " + of.many + ".\n",
		Example: "  conversationctl " + of.many + " list",
		Args:    noArgs,
	}
	var limit int
	from := page{size: list.maxPage}
	cmd.Flags().IntVar(&limit, "limit", 0, "print at most this `number` of "+of.many+"; 0 is no limit")
	if list.pages != nil {
		cmd.Long += aboutPages
		cmd.Flags().StringVar(&from.token, "page-token", "", "start at the page with `token`, from the error of an earlier list")
	}
	cmd.Long += "\nWith --json, one object is printed a line. Objects have the names of the API's contract."
	show := printable(cmd, of)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if limit < 0 {
			return usageError("--limit must not be below zero: use 0 for no limit")
		}
		client, err := p.client(cmd.Context())
		if err != nil {
			return err
		}
		if limit > 0 {
			from.size = min(from.size, limit)
		}
		return printList(p, list, first(list.all(cmd.Context(), client, from), limit), show)
	}
	return cmd
}

// all yields the objects of a list.
func (l listing[T]) all(ctx context.Context, client *conversation.Client, from page) iter.Seq2[*T, error] {
	if l.pages != nil {
		return l.pages(ctx, client, from)
	}
	return func(yield func(*T, error) bool) {
		items, err := l.items(ctx, client)
		if err != nil {
			yield(nil, err)
			return
		}
		for i := range items {
			if !yield(&items[i], nil) {
				return
			}
		}
	}
}

// first yields the first objects of a sequence, and reads no page after them. A limit of 0 is no limit.
func first[T any](objects iter.Seq2[*T, error], limit int) iter.Seq2[*T, error] {
	return func(yield func(*T, error) bool) {
		count := 0
		for object, err := range objects {
			if count++; !yield(object, err) || count == limit {
				return
			}
		}
	}
}

// printList prints objects as they come.
func printList[T any](p *program, list listing[T], objects iter.Seq2[*T, error], show func(any) (any, error)) error {
	if p.JSON {
		return printLines(p, objects, show)
	}
	table := p.NewTable(list.columns...)
	rows := 0
	for object, err := range objects {
		if err != nil {
			if rows > 0 {
				err = errors.Join(err, table.Close())
			}
			return resumable(err)
		}
		if err := table.Row(list.row(object)...); err != nil {
			return err
		}
		rows++
	}
	return table.Close()
}

func printLines[T any](p *program, objects iter.Seq2[*T, error], show func(any) (any, error)) error {
	for object, err := range objects {
		if err != nil {
			return resumable(err)
		}
		shown, err := show(object)
		if err != nil {
			return err
		}
		if err := p.PrintJSONLine(shown); err != nil {
			return err
		}
	}
	return nil
}

// resumable adds the page at which a list can be resumed to the error of a page.
func resumable(err error) error {
	if failed, ok := errors.AsType[*conversation.PageError](err); ok && failed.PageToken != "" {
		return fmt.Errorf("%w: to go on from there, add --page-token %q", err, failed.PageToken)
	}
	return err
}
