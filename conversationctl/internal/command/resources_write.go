package command

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/sinchgo/conversation"
)

const aboutFile = `
The file has the request as JSON, with the names of the API's contract. A field that the request does not have is
rejected.
`

// newGet returns the command that prints one object.
func newGet(p *program, of object, get func(ctx context.Context, client *conversation.Client, id string) (any, error)) *cobra.Command {
	cmd := &cobra.Command{
		Use:               "get ID",
		Short:             "Print " + of.a(),
		Long:              "Print " + of.a() + " as indented JSON, with or without --json. It has the names of the API's contract.",
		Example:           "  conversationctl " + of.many + " get " + exampleID,
		Args:              exactArgs("ID"),
		ValidArgsFunction: cobra.NoFileCompletions,
	}
	show := printable(cmd, of)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		client, err := p.client(cmd.Context())
		if err != nil {
			return err
		}
		found, err := get(cmd.Context(), client, args[0])
		if err != nil {
			return err
		}
		return printObject(p, found, show)
	}
	return cmd
}

// newCreate returns the command that creates an object by the request of a file. The sample is such a request.
func newCreate[T any](
	p *program, of object, sample string, create func(ctx context.Context, client *conversation.Client, req *T) (any, error),
) *cobra.Command {
	title := cmp.Or(of.create, "Create") + " " + of.a()
	cmd := &cobra.Command{
		Use:   "create --file FILE",
		Short: title,
		Long: title + ", and print the answer of the API as indented JSON.\n" + aboutFile + `
If the answer is lost, the exit code is 3: look for the ` + of.one + ` before you run the command again, which would
create another.`,
		Example: "  echo '" + sample + "' | conversationctl " + of.many + " create --file -",
		Args:    noArgs,
	}
	sendsFile(p, cmd, of, func(ctx context.Context, client *conversation.Client, _ []string, req *T) (any, error) {
		created, err := create(ctx, client, req)
		return created, unlessFound(err, cmd.Parent().CommandPath()+" list")
	})
	return cmd
}

// newUpdate returns the command that changes an object by the request of a file. The sample is such a request.
func newUpdate[T any](
	p *program, of object, sample string, update func(ctx context.Context, client *conversation.Client, id string, req *T) (any, error),
) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "update ID --file FILE",
		Short: "Change " + of.a(),
		Long: "Change the fields of " + of.a() + " that the file has, and print the result as indented JSON.\n" + aboutFile + `
If the answer is lost, the exit code is 3. It is safe to run the command again.`,
		Example:           "  echo '" + sample + "' | conversationctl " + of.many + " update " + exampleID + " --file -",
		Args:              exactArgs("ID"),
		ValidArgsFunction: cobra.NoFileCompletions,
	}
	sendsFile(p, cmd, of, func(ctx context.Context, client *conversation.Client, args []string, req *T) (any, error) {
		updated, err := update(ctx, client, args[0], req)
		return updated, changed(err)
	})
	return cmd
}

// sendsFile sets what a command runs: a call with the request of a file, which prints the answer.
func sendsFile[T any](
	p *program, cmd *cobra.Command, of object, call func(ctx context.Context, client *conversation.Client, args []string, req *T) (any, error),
) {
	var file string
	cmd.Flags().StringVar(&file, "file", "", "`file` with the request as JSON; - is stdin. Required")
	show := printable(cmd, of)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		req := new(T)
		if err := p.decodeRequest(cmd.Context(), of, file, req); err != nil {
			return err
		}
		client, err := p.client(cmd.Context())
		if err != nil {
			return err
		}
		answer, err := call(cmd.Context(), client, args, req)
		if err != nil {
			return err
		}
		return unprinted(printObject(p, answer, show))
	}
}

// unprinted returns the error of printing the answer to a request that has changed something.
func unprinted(err error) error {
	if err == nil {
		return nil
	}
	return &exitError{exitUnknown, fmt.Errorf("the API has processed the request, but its answer could not be printed: %w", err)}
}

// unlessFound returns the error of a call that creates something. After a lost answer it has the command that shows whether it
// was created.
func unlessFound(err error, command string) error {
	lost := changed(err)
	if _, final := errors.AsType[*exitError](err); final || exitCode(lost) != exitUnknown {
		return lost
	}
	return &exitError{exitUnknown, fmt.Errorf("%w. To look for it: %s", lost, command)}
}

func printObject(p *program, object any, show func(any) (any, error)) error {
	shown, err := show(object)
	if err != nil {
		return err
	}
	return p.PrintJSON(shown)
}

func maskFlag(cmd *cobra.Command, mask *[]string) {
	cmd.Flags().StringSliceVar(mask, "mask", nil, "`fields` to change, separated by commas (default: those that the file has)")
}

// decodeRequest decodes the request in a file. Masked secrets are rejected: the API would store them.
func (p *program) decodeRequest(ctx context.Context, of object, file string, req any) error {
	if file == "" {
		return usageError("--file is missing: pass the file with the request as JSON, or - for stdin")
	}
	if err := p.decodeFile(ctx, "--file", file, req); err != nil {
		return err
	}
	if !of.secrets {
		return nil
	}
	field, err := maskedSecret(req)
	if err != nil {
		return usageError("--file: %s is not a valid request: %w", file, err)
	}
	if field != "" {
		return usageError("--file: %s is %s, which stands for a secret that was not printed: set the secret, or leave the field out", field, masked)
	}
	return nil
}

// fileApp returns the app of a request: that of the flag, of the file or of the environment.
func fileApp(flag, file string) (string, error) {
	if flag != "" && file != "" && flag != file {
		return "", usageError("--app differs from app_id of the file: keep one of them")
	}
	if file != "" {
		return file, nil
	}
	return requireApp(flag)
}
